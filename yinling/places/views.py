"""Pages of divisions: find one, drill down, its history, and its changes for the one who may."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from yinling.kernel.actors import Actor, require
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound
from yinling.places import carrying, queries, services
from yinling.places.forms import AddForm, ChangeForm, DatedForm, DayForm, MergeForm
from yinling.places.models import Place
from yinling.places.permissions import Places
from yinling.places.presenting import crumbs, found_rows, level_words, preview_of, version_rows
from yinling.places.rules import level_below
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def divisions(request: StaffRequest) -> HttpResponse:
    """Where drilling down begins, and the search."""
    require(request.user, Places.READ)
    text = request.GET.get("q", "")[:60]
    context = {
        "text": text,
        "found": found_rows(queries.search_seen(text, request.user)),
        "tops": [(one, level_words(one.level)) for one in queries.tops(request.user)],
    }
    return render(request, "places/divisions.html", context)


def _day(request: StaffRequest) -> dt.date | None:
    """The past day in the address; None for today."""
    form = DayForm(request.GET)
    day = form.cleaned_data["on"] if form.is_valid() else None
    return day if day and day < civil_date() else None


@login_required
@require_GET
def division(request: StaffRequest, key: int) -> HttpResponse:
    """One division: what lies below, its versions, what it came from and went into; on a past day as it was then."""
    place, day = queries.place_seen(key, request.user), _day(request)
    places = queries.tree_on(day) if day else queries.tree()
    below, may_edit = level_below(place.level), place.is_current and request.user.may(Places.EDIT, key)
    context = {
        "place": place, "then": places.divisions.get(key), "day": day, "day_form": DayForm({"on": day}),
        "level": level_words(place.level), "crumbs": crumbs(places, key, request.user),
        "below": level_words(below) if below else "",
        "children": [one for one in places.children(key) if one.level == below],
        "versions": version_rows(queries.history_of(place)), "origins": queries.origins_of(place),
        "offshoots": queries.offshoots_of(place), "lists": carrying.lists_of(key, request.user),
        "may_edit": may_edit, "may_add": may_edit and below,
    }  # fmt: skip
    return render(request, "places/division.html", context)


@dataclass(frozen=True)
class Verb:
    """One way to change a division: its form, what it does, its words, and whether it deserves an alarm."""

    form: Callable[..., DatedForm]
    act: Callable[[Place, dict[str, Any], Actor], Place]
    heading: Any
    action: Any


def _change(place: Place, data: dict[str, Any], by: Actor) -> Place:
    return services.change_place(
        key=place.key, on=data["on"], by=by, name=data["name"], code=data["code"], parent=data.get("parent"),
        source=data["source"],
    )  # fmt: skip


def _merge(place: Place, data: dict[str, Any], by: Actor) -> Place:
    return services.merge_place(key=place.key, into=data["into"], on=data["on"], by=by, source=data["source"])


def _add(place: Place, data: dict[str, Any], by: Actor) -> Place:
    return services.add_place(
        name=data["name"], code=data["code"], parent=place.key, on=data["on"], by=by, source=data["source"],
        split_from=data["split_from"],
    )  # fmt: skip


VERBS = {
    "change": Verb(ChangeForm, _change, _("Rename, recode or move"), _("Change it")),
    "merge": Verb(MergeForm, _merge, _("Merge into another"), _("Merge")),
    "add": Verb(AddForm, _add, _("Set up a division below"), pgettext_lazy("division", "Set up")),
}


def _verb(name: str) -> Verb:
    if name not in VERBS:
        raise NotFound("page")
    return VERBS[name]


@login_required
def edit(request: StaffRequest, key: int, verb: str) -> HttpResponse:
    """Change a division in two steps: what would come along, then the change itself."""
    place, how = queries.place_seen(key, request.user), _verb(verb)
    require(request.user, Places.EDIT, key)
    form, preview = how.form(place, request.POST or None), None
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            if request.POST.get("confirmed") == form.stamp():
                done = how.act(place, form.cleaned_data, request.user)
                messages.success(request, _("Done. What lay here came along."), extra_tags="ok")
                return redirect("places:division", done.key)
            services.rehearse(lambda: how.act(place, form.cleaned_data, request.user))
            preview = preview_of(place, verb, form.cleaned_data)
    context = {
        "form": form, "preview": preview, "stamp": form.stamp() if preview else "",
        "place": place, "heading": how.heading, "action": how.action,
        "crumbs": crumbs(queries.tree(), key, request.user, str(how.heading)),
    }  # fmt: skip
    return render(request, "places/edit.html", context, status=422 if form.errors else 200)
