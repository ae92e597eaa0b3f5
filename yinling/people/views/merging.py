"""Two files of one person: find the other, compare, merge; and take it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yinling.kernel.actors import require
from yinling.people import services
from yinling.people.cards import entry_of
from yinling.people.forms import MergeForm, ReasonForm
from yinling.people.matching import compare_entries, matches
from yinling.people.models import Person
from yinling.people.permissions import People
from yinling.people.presenting import person_rows, side_by_side
from yinling.people.queries import person_page
from yinling.people.rules import stays_first
from yinling.people.views.changing import candidates, change, uid_in
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest


@login_required
def merge(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Find the other file of this person; `other` in the address shows both side by side."""
    person = person_page(uid, request.user)
    require(request.user, People.MERGE, person.place_key)
    if other := uid_in(request, "other"):
        return _compare(request, person, person_page(other, request.user))
    found = candidates(request, person, () if request.GET.get("q") else _alike(person, request))
    context = {"person": person, "row": person_rows([person])[0], "found": found}
    return render(request, "people/merge.html", context)


def _alike(person: Person, request: StaffRequest) -> list[Person]:
    """Files the actor may see that resemble this one, likeliest first."""
    found = [match.person.pk for match in matches(entry_of(person)) if match.person.pk != person.pk]
    mine = {other.pk: other for other in Person.objects.visible_to(request.user).filter(pk__in=found)}
    return [mine[pk] for pk in found if pk in mine]


def _compare(request: StaffRequest, person: Person, other: Person) -> HttpResponse:
    """Both files, field by field, and the button."""
    entry, held = entry_of(person), entry_of(other)
    compared = compare_entries(entry, held)
    this_stays = stays_first(
        has_document=(bool(entry.document_number), bool(held.document_number)),
        opened_at=(person.created_at, other.created_at),
    )
    form = MergeForm(request.POST or None, initial={"stays": "this" if this_stays else "other"})
    if request.method == "POST" and form.is_valid():
        gone, stays = (other, person) if form.cleaned_data["stays"] == "this" else (person, other)
        reason, why = form.cleaned_data["reason"], [list(pair) for pair in compared.why]
        with refusals_beside(form):
            services.merge_files(uid=gone.uid, into=stays.uid, by=request.user, why=why, reason=reason)
            messages.success(request, _("Both files are one person now."), extra_tags="ok")
            return redirect("people:person", stays.uid)
    context = {"form": form, "row": person_rows([person])[0], "other": person_rows([other])[0], "held": compared.hold}
    context |= {"person": person, "fields": side_by_side(entry, held, compared.why)}
    return render(request, "people/compare.html", context, status=422 if form.errors else 200)


@login_required
def unmerge(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Make a merged file a person of its own again."""

    def act(data: dict[str, Any]) -> None:
        services.undo_merge(uid=uid, by=request.user, reason=data["reason"])

    words = (_("Undo a merge: they are two persons"), _("Undo the merge"))
    return change(request, uid, ReasonForm(request.POST or None), act, words)
