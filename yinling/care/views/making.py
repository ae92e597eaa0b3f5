"""The visitor on a telephone, without the app: today's list, the form in taps, the code at the door, no answer."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.care import visit_words
from yinling.care.forms import visits as forms
from yinling.care.models import DoorCode, Visit
from yinling.care.permissions import Care
from yinling.care.queries import visits as queries
from yinling.care.rules.visits import next_rung
from yinling.care.services import attempts, proofs, visiting
from yinling.care.services import visits as services
from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotAllowed
from yinling.kernel.uids import new_uid, uid_of
from yinling.people.models import Person
from yinling.people.services import look
from yinling.web.form_pages import FormPage, form_page
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def today(request: StaffRequest) -> HttpResponse:
    """My visits: late ones first, then those of the week; what was made today."""
    own = services.own_visitor(request.user)
    if own is None:
        raise NotAllowed(Care.VISIT)
    waiting, made = queries.own_list(own, civil_date())
    last = {pk: visit_words.line(one) for pk, one in queries.last_visits([one.person_id for one in waiting]).items()}
    context = {
        "visitor": own, "count": len(waiting),
        "waiting": [
            (visit_words.line(one), visit_words.call(one.person), last.get(one.person_id)) for one in waiting
        ],
        "made": [(visit_words.line(one), visit_words.call(one.person)) for one in made],
    }  # fmt: skip
    return render(request, "care/my_visits.html", context)


@login_required
def record(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The form of a visit that is due; of somebody else's for a clerk."""
    found = queries.visit_seen(uid, request.user)
    if found.state == Visit.State.DONE:
        return redirect("care:visit", uid)
    return _form(request, found.person, uid, found)


@login_required
def own(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A visit that nobody asked for, to a person I see."""
    person = Person.objects.visible_to(request.user).one(uid=uid)
    if services.own_visitor(request.user) is None:
        require(request.user, Care.ENTER, person.place_key)
    return _form(request, person, uid_of(request.POST.get("visit", "")) or new_uid(), None)


def _form(request: StaffRequest, person: Person, visit_uid: UUID, found: Visit | None) -> HttpResponse:
    form = forms.ReportForm(request.POST or None, initial={"door": request.GET.get("door", "")})
    if request.method == "POST" and form.is_valid():
        more = {} if found else {"person_uid": person.uid}
        with refusals_beside(form):
            made = services.make_visit(visit_uid=visit_uid, report=form.report("page", **more), by=request.user)
            return _answered(request, made)
    elif request.method == "GET":
        look(person=person, items=("address",), by=request.user, reason=_("To find the door for a visit"))
    last = queries.last_visits([person.pk]).get(person.pk)
    context = {
        "form": form, "person": person, "visit": found, "visit_uid": visit_uid, "call": visit_words.call(person),
        "address": person.address() if person.address_sealed else "", "last": visit_words.line(last) if last else None,
    }  # fmt: skip
    return render(request, "care/visit_form.html", context, status=422 if form.errors else 200)


def _answered(request: StaffRequest, made: Visit) -> HttpResponse:
    """What was noted about the visit is said, never silently kept."""
    if not made.has_contact:
        messages.warning(request, _("Nobody answered: it does not count. Call twice now."), extra_tags="yellow")
        return redirect("care:attempt", made.uid)
    messages.success(request, _("Recorded."), extra_tags="ok")
    for words in visit_words.remarks(made):
        messages.warning(request, words, extra_tags="yellow")
    return redirect("care:my_visits" if services.own_visitor(request.user) else "care:visits")


@login_required
def attempt(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Nobody answered: what was tried, and what came of it."""
    found = queries.visit_seen(uid, request.user)
    tried = queries.attempts_of(found)
    rung = next_rung([one.rung for one in tried])
    form = forms.AttemptForm(request.POST or None, initial={"rung": rung})
    to = reverse("care:visit", args=[uid])
    page = FormPage(
        _("Nobody answered"), _("Save"), _("Saved."), to, back=to, note=visit_words.call(found.person),
        template="care/attempt.html", more={"tried": tried, "visit": found, "rung": rung},
    )  # fmt: skip
    attempt_uid = uid_of(request.POST.get("attempt", "")) or new_uid()
    return form_page(
        request, form,
        lambda given: attempts.note_attempt(
            visit_uid=uid, attempt_uid=attempt_uid, rung=given["rung"], tried_at=given["tried_at"],
            is_answered=given["is_answered"] == "yes", by=request.user,
        ), page,
    )  # fmt: skip


@login_required
def add_photo(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A photograph, under consent."""
    found = queries.visit_seen(uid, request.user)
    to = reverse("care:visit", args=[uid])
    form = forms.PhotoForm(request.POST or None, request.FILES or None)
    page = FormPage(
        _("Photograph of a visit"), _("Keep"), _("Kept."), to, back=to, note=visit_words.call(found.person),
        template="care/phone_form.html",
    )  # fmt: skip
    return form_page(
        request, form,
        lambda given: proofs.add_photo(
            visit_uid=uid, photo_uid=new_uid(), stream=given["photo"], name=given["photo"].name, taken_at=now(),
            by=request.user,
        ), page,
    )  # fmt: skip


@login_required
@require_GET
def door(request: StaffRequest, token: str) -> HttpResponse:
    """The code at a door was read: on to the form of the visit that is due there, or of one of my own."""
    person = visiting.person_behind(token, request.user)
    due = Visit.objects.visible_to(request.user).filter(person=person).open().order_by("due_on").first()
    to = reverse("care:record_visit", args=[due.uid]) if due else reverse("care:own_visit", args=[person.uid])
    return redirect(f"{to}?door={token}")


@login_required
def door_card(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The card for a door, to print; sent again, it makes a new code."""
    code = visiting.make_door_code(person_uid=uid, by=request.user, anew=request.method == "POST")
    held = DoorCode.objects.select_related("person").get(pk=code.pk)
    address = request.build_absolute_uri(reverse("care:door", args=[held.token]))
    context = {
        "person": held.person, "code": visit_words.qr(address), "call": visit_words.call(held.person),
        "back": reverse("people:person", args=[uid]),
    }  # fmt: skip
    return render(request, "care/door_card.html", context)
