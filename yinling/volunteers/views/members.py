"""Members: the list, one with the statement of hours; hours given, donated, granted, corrected, inherited."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.ledger.queries import statement
from yinling.volunteers import forms, services
from yinling.volunteers.models import Member
from yinling.volunteers.permissions import Volunteers
from yinling.volunteers.queries import books
from yinling.volunteers.queries.lists import OrderFilters, members_for, orders_for
from yinling.volunteers.queries.members import SPOUSE, close_kin_of, kinship, members_of
from yinling.volunteers.services.accounts import MEMBER, of_member
from yinling.volunteers.services.receipts import may_act
from yinling.volunteers.views.seats import seat
from yinling.web.form_pages import form_page
from yinling.web.paging import keyset_page
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def members(request: StaffRequest) -> HttpResponse:
    """Members of my divisions."""
    require(request.user, Volunteers.READ)
    found = members_for(request.user, request.GET.get("q", ""))
    page = keyset_page(found, order=("place_key", "id"), address=request.GET, size=50)
    held = books.held_by(MEMBER, [one.uid for one in page.rows], "saved")
    rows = [(one, held.get(one.uid, 0)) for one in page.rows]
    return render(request, "volunteers/members.html", {"page": page, "rows": rows, "q": request.GET.get("q", "")})


def statement_of(member: Member, request: StaffRequest) -> dict[str, Any]:
    """What a page with a statement shows."""
    form = forms.DaysForm({**forms.usual_days(), **request.GET.dict()})
    days = form.cleaned_data if form.is_valid() else forms.usual_days()
    found = statement(of_member(member), days["first"], days["last"])
    held = books.held_by(MEMBER, [member.uid], "held").get(member.uid, 0)
    balance = books.held_by(MEMBER, [member.uid], "saved").get(member.uid, 0)
    query = f"first={days['first']}&last={days['last']}&member={member.uid}"
    return {"member": member, "statement": found, "balance": balance, "held": held, "form": form, "days": query}


@login_required
@require_GET
def member(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One member: what is saved, what moved, what can be done for them."""
    found = members_of(request.user).select_related("branch", "person", "user", "volunteer").one(uid=uid)
    user, place = request.user, found.place_key
    context = statement_of(found, request) | {
        "may_act": may_act(found, user), "may_grant": user.may(Volunteers.GRANT, place),
        "may_adjust": user.may(Volunteers.ADJUST, place), "may_settle": user.may(Volunteers.SETTLE, place),
        "receipts": found.receipts.order_by("-id")[:10], "has_account_locked": of_member(found).locked_at is not None,
        "may_export": user.may(Volunteers.EXPORT, place), "has_volunteer": hasattr(found, "volunteer"),
    }  # fmt: skip
    return render(request, "volunteers/member.html", context)


@login_required
@require_GET
def printed(request: StaffRequest, uid: UUID | None = None) -> HttpResponse:
    """The statement as a form to print."""
    here = seat(request, uid)
    context = statement_of(here.member, request) | {"back": here.to, "today": civil_date()}
    return render(request, "volunteers/print_statement.html", context)


@login_required
@require_GET
def certificate(request: StaffRequest, uid: UUID | None = None) -> HttpResponse:
    """The year's certificate: how many hours, how many services, from the ledger and the orders."""
    here = seat(request, uid)
    asked, this_year = request.GET.get("year", ""), civil_date().year
    year = int(asked) if asked.isdecimal() and 2000 <= int(asked) <= this_year else this_year
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    volunteer = getattr(here.member, "volunteer", None)
    done = orders_for(request.user, OrderFilters("banked", volunteer.uid)) if volunteer else None
    mine = (
        list(done.filter(earned_on__range=(first, last)).values_list("minutes", flat=True)) if done is not None else []
    )
    context = {
        "member": here.member, "year": year, "services": len(mine), "minutes": sum(m or 0 for m in mine),
        "honours": volunteer.honours.order_by("-given_on") if volunteer else [], "back": here.to,
        "today": civil_date(),
    }  # fmt: skip
    return render(request, "volunteers/print_certificate.html", context)


@login_required
def gift(request: StaffRequest, uid: UUID | None = None) -> HttpResponse:
    """Hours for close kin."""
    here = seat(request, uid)
    form = forms.GiftForm(list(close_kin_of(here.member)), request.POST or None)
    note = _("Close kin who are members, by the register. Others are entered on the person's page first.")

    def do(typed: dict[str, Any]) -> object:
        return services.gift(
            member_uid=here.member.uid, to_uid=typed["to"], minutes=typed["minutes"], key=str(typed["key"]),
            by=request.user,
        )  # fmt: skip

    return form_page(request, form, do, here.page(_("Give hours to kin"), _("Give"), _("Given."), note=note))


@login_required
def donate(request: StaffRequest, uid: UUID | None = None) -> HttpResponse:
    """Hours for the pool."""
    here = seat(request, uid)

    def do(typed: dict[str, Any]) -> object:
        return services.donate(
            member_uid=here.member.uid, minutes=typed["minutes"], key=str(typed["key"]), by=request.user
        )

    page = here.page(_("Donate hours to the pool"), _("Donate"), _("Donated. Thank you."), note=here.member.branch.name)
    return form_page(request, forms.HoursForm(request.POST or None), do, page)


@login_required
def grant(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Hours out of the county's pot."""
    here = seat(request, uid)
    require(request.user, Volunteers.GRANT, here.member.place_key)

    def do(typed: dict[str, Any]) -> object:
        return services.grant(member_uid=uid, **typed | {"key": str(typed["key"])}, by=request.user)

    page = here.page(_("Grant hours"), _("Grant"), _("Granted."), note=here.member.name)
    return form_page(request, forms.ReasonedHoursForm(request.POST or None), do, page)


@login_required
def adjust(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A correction."""
    here = seat(request, uid)
    require(request.user, Volunteers.ADJUST, here.member.place_key)

    def do(typed: dict[str, Any]) -> object:
        return services.adjust(member_uid=uid, **typed | {"key": str(typed["key"])}, by=request.user)

    page = here.page(_("Correct the balance"), _("Correct"), _("Corrected."), note=here.member.name)
    return form_page(request, forms.AdjustForm(request.POST or None), do, page)


@login_required
def estate(request: StaffRequest, uid: UUID) -> HttpResponse:
    """What a member who died had saved: shares for heirs, the rest for the pool."""
    here = seat(request, uid)
    require(request.user, Volunteers.SETTLE, here.member.place_key)
    form = forms.EstateForm(list(close_kin_of(here.member)), request.POST or None)
    saved = books.held_by(MEMBER, [uid], "saved").get(uid, 0)
    note = _("{minutes} minutes are saved. Enter the heirs' shares; what is left goes to the pool.")

    def do(_typed: dict[str, Any]) -> object:
        shares = {UUID(heir): minutes for heir, minutes in form.shares().items()}
        return services.inherit(member_uid=uid, shares=shares, by=request.user)

    page = here.page(
        _("Settle the hours of a member who died"),
        _("Settle"),
        _("The hours are settled."),
        note=note.format(minutes=saved),
    )
    return form_page(request, form, do, page)


def payers_of(member: Member) -> list[tuple[str, str]]:
    """Whose hours may pay for a member: their own, the spouse's."""
    couple = [one for one in close_kin_of(member) if kinship(one, member) == SPOUSE]
    return [(str(one.uid), one.name) for one in (member, *couple)]


@login_required
def ask(request: StaffRequest, uid: UUID | None = None) -> HttpResponse:
    """A service, for a member."""
    here = seat(request, uid)
    form = forms.AskForm(payers_of(here.member), request.POST or None)

    def do(typed: dict[str, Any]) -> object:
        payer = typed.pop("payer")
        wanted = services.Ask(payer_uid=UUID(payer) if payer else None, **typed)
        return services.ask(member_uid=here.member.uid, wanted=wanted, by=request.user)

    page = here.page(_("Ask for a service"), _("Ask for it"), _("Asked. The coordinator looks for a volunteer."))
    return form_page(request, form, do, page)


@login_required
def apply(request: StaffRequest, uid: UUID | None = None) -> HttpResponse:
    """Become a volunteer."""
    here = seat(request, uid)

    def do(typed: dict[str, Any]) -> object:
        return services.apply(member_uid=here.member.uid, application=application_of(typed), by=request.user)

    page = here.page(_("Apply as a volunteer"), _("Apply"), _("Sent. The township checks and decides."))
    return form_page(request, forms.ApplyForm(request.POST or None), do, page)


def application_of(typed: dict[str, Any]) -> services.Application:
    """What was typed, as the service takes it."""
    return services.Application(**typed | {"days": [int(day) for day in typed["days"]]})
