"""Branches: the list, one with its pool and people, and what is done there."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.kernel.actors import require
from yinling.volunteers import forms, services
from yinling.volunteers.models import Branch
from yinling.volunteers.permissions import Volunteers
from yinling.volunteers.queries import books
from yinling.volunteers.queries.lists import branches_with_counts, members_for, requests_for
from yinling.volunteers.queries.members import branches_of
from yinling.volunteers.services.accounts import MEMBER, county_of
from yinling.web.form_pages import FormPage, form_page
from yinling.web.paging import keyset_page
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def branches(request: StaffRequest) -> HttpResponse:
    """Branches of my divisions, and what they hold together."""
    require(request.user, Volunteers.READ)
    page = keyset_page(branches_with_counts(request.user), order=("place_key", "id"), address=request.GET, size=30)
    pools = books.branch_stocks(page.rows)
    context = {
        "page": page, "rows": [(one, pools.get(one.uid, 0)) for one in page.rows],
        "totals": books.totals(tuple(request.user.key_ranges(Volunteers.READ))),
        "may_open": request.user.may(Volunteers.ACCEPT), "may_export": request.user.may(Volunteers.EXPORT),
    }  # fmt: skip
    return render(request, "volunteers/branches.html", context)


@login_required
@require_GET
def branch(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One branch: pool, members, what waits."""
    found = branches_with_counts(request.user).one(uid=uid)
    members = keyset_page(members_for(request.user, branch=uid), order=("name", "id"), address=request.GET, size=30)
    held = books.held_by(MEMBER, [one.uid for one in members.rows], "saved")
    context = {
        "branch": found, "page": members, "rows": [(one, held.get(one.uid, 0)) for one in members.rows],
        "pool": books.branch_stocks([found]).get(found.uid, 0),
        "groups": found.groups.order_by("name"),
        "waiting": requests_for(request.user).filter(member__branch=found).order_by("-is_on_list", "starts_at")[:10],
        "may_register": request.user.may(Volunteers.REGISTER, found.place_key),
        "may_accept": request.user.may(Volunteers.ACCEPT, found.place_key),
        "may_grant": request.user.may(Volunteers.GRANT, found.place_key),
        "may_settle": request.user.may(Volunteers.SETTLE, found.place_key),
    }  # fmt: skip
    return render(request, "volunteers/branch.html", context)


@login_required
def open_branch(request: StaffRequest) -> HttpResponse:
    """A new branch."""
    require(request.user, Volunteers.ACCEPT)
    to = reverse("volunteers:branches")
    page = FormPage(_("Open a branch"), _("Open it"), _("The branch is open."), to, back=to)
    form = forms.BranchForm(request.POST or None)
    return form_page(request, form, lambda typed: services.open_branch(**typed, by=request.user), page)


def _page(found: Branch, heading: str, action: str) -> FormPage:
    to = reverse("volunteers:branch", args=[found.uid])
    return FormPage(heading, action, _("Saved."), to, note=found.name, back=to)


@login_required
def coordinator(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Who acts for members without telephones."""
    found = branches_of(request.user).one(uid=uid)
    require(request.user, Volunteers.ACCEPT, found.place_key)

    def do(typed: dict[str, Any]) -> Branch:
        return services.appoint(uid=uid, **typed, by=request.user)

    return form_page(
        request, forms.CoordinatorForm(request.POST or None), do, _page(found, _("Appoint the coordinator"), _("Save"))
    )


@login_required
def group(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A new group."""
    found = branches_of(request.user).one(uid=uid)
    form = forms.NameForm(request.POST or None)
    page = _page(found, _("Add a group"), _("Save"))
    return form_page(request, form, lambda typed: services.add_group(uid=uid, **typed, by=request.user), page)


@login_required
def join(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A new member."""
    found = branches_of(request.user).one(uid=uid)
    require(request.user, Volunteers.REGISTER, found.place_key)

    def do(typed: dict[str, Any]) -> object:
        person = typed.pop("person")
        entrant = services.Entrant(person_uid=person, **typed | {"sex": typed["sex"] or "0"})
        return services.add_member(branch_uid=uid, entrant=entrant, by=request.user)

    return form_page(request, forms.MemberForm(request.POST or None), do, _page(found, _("Enter a member"), _("Enter")))


@login_required
def grant_to_pool(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Hours of the county for the pool."""
    found = branches_of(request.user).one(uid=uid)
    require(request.user, Volunteers.GRANT, found.place_key)

    def do(typed: dict[str, Any]) -> object:
        return services.grant_to_pool(branch_uid=uid, **typed | {"key": str(typed["key"])}, by=request.user)

    form = forms.ReasonedHoursForm(request.POST or None)
    return form_page(request, form, do, _page(found, _("Grant hours to the pool"), _("Grant")))


@login_required
def lend(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Hours of this pool for another branch's."""
    found = branches_of(request.user).one(uid=uid)
    require(request.user, Volunteers.SETTLE, found.place_key)
    others = Branch.objects.open().exclude(pk=found.pk).order_by("place_key")

    def do(typed: dict[str, Any]) -> object:
        return services.lend_pool(
            branch_uid=uid, to_uid=typed["to"], minutes=typed["minutes"], reason=typed["reason"],
            key=str(typed["key"]), by=request.user,
        )  # fmt: skip

    form = forms.LendForm(list(others), request.POST or None)
    return form_page(request, form, do, _page(found, _("Hand hours to another branch"), _("Hand over")))


@login_required
def fill(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Hours of the government for the county's grant pot."""
    found = branches_of(request.user).one(uid=uid)
    county = county_of(found.place_key)
    require(request.user, Volunteers.GRANT, county)

    def do(typed: dict[str, Any]) -> object:
        return services.fill_grant_pot(place_key=county, **typed | {"key": str(typed["key"])}, by=request.user)

    form = forms.ReasonedHoursForm(request.POST or None)
    return form_page(request, form, do, _page(found, _("Fill the county's grant pot"), _("Put in")))
