"""Pages of the worklist: my list, a duty, how I am told."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yinling.accounts.models import User
from yinling.places.queries import tree
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest
from yinling.worklist import queries, services
from yinling.worklist.forms import AssignForm, HandOverForm, NoteForm, TellingForm
from yinling.worklist.models import Telling, WorkItem
from yinling.worklist.permissions import Worklist
from yinling.worklist.showing import list_context, what_happened


@login_required
@require_GET
def mine(request: StaffRequest) -> HttpResponse:
    """The whole list as a page."""
    return render(request, "worklist/mine.html", list_context(request))


@login_required
@require_GET
def fragment(request: StaffRequest) -> HttpResponse:
    """The list alone, for the desk."""
    return render(request, "worklist/_list.html", list_context(request))


@login_required
@require_GET
def item(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One duty: why, until when, what happened, what may be done."""
    return _page(request, _visible(request, uid))


def _visible(request: StaffRequest, uid: UUID) -> WorkItem:
    return WorkItem.objects.visible_to(_user(request)).select_related("user").one(uid=uid)


def _user(request: StaffRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _page(request: StaffRequest, found: WorkItem, status: int = 200, **forms: Form) -> HttpResponse:
    """The duty's page, with a refused form in place of a fresh one."""
    user = _user(request)
    over = queries.waiting_hand_over(found)
    context: dict[str, Any] = {
        "duty": queries.duties_of([found], user)[0],
        "place": tree().path(found.place_key) or tree().name(found.place_key),
        "history": [(line, what_happened(line)) for line in queries.history_of(found)],
        "may_handle": found.is_open and (found.user_id == user.pk or user.may(Worklist.HANDLE, found.place_key)),
        "may_assign": user.may(Worklist.ASSIGN, found.place_key),
        "may_receive": over is not None and over.handed_by != user.uid,
        "waiting": over,
        "close_form": NoteForm(prefix="close"),
        "pause_form": NoteForm(prefix="pause"),
        "assign_form": AssignForm(found, initial={"to_user": found.user_id}),
        "hand_over_form": HandOverForm([found]),
        **forms,
    }
    return render(request, "worklist/item.html", context, status=status)


@login_required
@require_POST
def close(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Close with a note."""
    form = NoteForm(request.POST, prefix="close")
    if form.is_valid():
        with refusals_beside(form):
            services.close_by_hand(uid=uid, by=_user(request), note=form.cleaned_data["note"])
            messages.success(request, _("The duty is closed."), extra_tags="ok")
            return redirect("worklist:mine")
    return _page(request, _visible(request, uid), 422, close_form=form)


@login_required
@require_POST
def pause(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Stop the clock."""
    form = NoteForm(request.POST, prefix="pause")
    if form.is_valid():
        with refusals_beside(form):
            services.pause_item(uid=uid, by=_user(request), note=form.cleaned_data["note"])
            messages.success(request, _("The clock stands still."), extra_tags="ok")
            return redirect("worklist:item", uid)
    return _page(request, _visible(request, uid), 422, pause_form=form)


@login_required
@require_POST
def resume(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Let the clock run again."""
    services.resume_item(uid=uid, by=_user(request))
    messages.success(request, _("The clock runs again."), extra_tags="ok")
    return redirect("worklist:item", uid)


@login_required
@require_POST
def assign(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Name who does it."""
    found = _visible(request, uid)
    form = AssignForm(found, request.POST)
    if form.is_valid():
        with refusals_beside(form):
            services.assign(uid=uid, to=form.cleaned_data["to_user"], by=_user(request))
            messages.success(request, _("It is settled who does it."), extra_tags="ok")
            return redirect("worklist:item", uid)
    return _page(request, found, 422, assign_form=form)


@login_required
@require_POST
def hand_over(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Give it to somebody else."""
    found = _visible(request, uid)
    form = HandOverForm([found], request.POST)
    if form.is_valid():
        with refusals_beside(form):
            services.hand_over(uid=uid, by=_user(request), **form.cleaned_data)
            messages.success(request, _("Handed over. The receipt will be shown here."), extra_tags="ok")
            return redirect("worklist:mine")
    return _page(request, found, 422, hand_over_form=form)


@login_required
@require_POST
def receive(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The receipt of a hand-over."""
    services.receive(uid=uid, by=_user(request))
    messages.success(request, _("Receipt given."), extra_tags="ok")
    return redirect("worklist:item", uid)


@login_required
@require_http_methods(["GET", "POST"])
def telling(request: StaffRequest) -> HttpResponse:
    """How I want to hear of duties that fall due."""
    user = _user(request)
    chosen = Telling.objects.filter(user=user).first() or Telling(user=user)
    form = TellingForm(request.POST or None, initial={"way": chosen.way})
    if request.method == "POST" and form.is_valid():
        services.choose_telling(way=form.cleaned_data["way"], by=user)
        messages.success(request, _("Kept."), extra_tags="ok")
        return redirect("worklist:mine")
    return render(request, "worklist/telling.html", {"form": form}, status=422 if form.errors else 200)
