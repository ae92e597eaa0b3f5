"""What views of one person share: a form that becomes one call of a service, and finding the other person."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yinling.files.services import Opened
from yinling.kernel.actors import require
from yinling.kernel.errors import NotFound
from yinling.kernel.uids import uid_of
from yinling.people.models import Person
from yinling.people.permissions import People
from yinling.people.presenting import PersonRow, person_rows
from yinling.people.queries import Filters, find_persons, person_page
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest

MOST_CANDIDATES = 20


def readers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For those who read files. A grant lets somebody see a person; which pages, their role says."""

    @login_required
    @wraps(view)
    def reading(request: Any, *args: Any, **named: Any) -> HttpResponseBase:
        require(request.user, People.READ)
        return view(request, *args, **named)

    return reading


def change(
    request: StaffRequest, uid: UUID, form: forms.Form, act: Callable[[dict[str, Any]], object], words: tuple[str, str]
) -> HttpResponse:
    """One form about one person: parse, call, back to the page. `words`: heading and button."""
    person = person_page(uid, request.user)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            act(form.cleaned_data)
            messages.success(request, _("Done: {what}.").format(what=words[0]), extra_tags="ok")
            return redirect("people:person", uid)
    context = {"form": form, "person": person, "row": person_rows([person])[0], "heading": words[0], "action": words[1]}
    return render(request, "people/change.html", context, status=422 if form.errors else 200)


def candidates(request: StaffRequest, person: Person, suggested: Iterable[Person] = ()) -> list[PersonRow]:
    """Whom the words in the address find, else whom we suggest; the person left out."""
    text = request.GET.get("q", "").strip()
    found = find_persons(Filters(text=text), by=request.user, size=MOST_CANDIDATES).persons if text else suggested
    return person_rows(other for other in found if other.pk != person.pk)


def uid_in(request: StaffRequest, key: str) -> UUID | None:
    """A uid in the address, None where there is none. Raises NotFound for anything else."""
    text = request.GET.get(key, "")
    found = uid_of(text)
    if text and found is None:
        raise NotFound("person")
    return found


def file_response(opened: Opened) -> HttpResponse:
    """A small file of a person that browsers show, but neither guess at nor keep."""
    response = HttpResponse(opened.content(), content_type=opened.file.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
