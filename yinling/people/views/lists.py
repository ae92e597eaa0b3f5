"""Search and lists of persons, saved lists, export."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound
from yinling.people.exports import export_persons
from yinling.people.forms import FilterForm, ReasonForm, SaveListForm
from yinling.people.models import Person, SavedList
from yinling.people.orders import KEYS, MOST_SORTED, sorted_persons
from yinling.people.permissions import People
from yinling.people.presenting import crumbs, person_rows, shows_names
from yinling.people.queries import Filters, find_persons, is_number
from yinling.people.services import show_names
from yinling.places.queries import tree
from yinling.web.paging import Page
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def person_list(request: StaffRequest) -> HttpResponse:
    """Search first: a list appears once something is asked for, or a division is opened."""
    require(request.user, People.SEARCH)
    form = FilterForm(request.GET)
    filters = form.filters(civil_date())
    asked = any(request.GET.get(key) for key in ("q", "place", "category", "living", "age_from", "age_to", "sex"))
    found, is_too_long = _found(request, filters) if asked else (None, False)
    context = {
        "by_number": is_number(filters.text), "is_too_long": is_too_long, "most_sorted": MOST_SORTED,
        "form": form, "filters": filters, "found": found, "crumbs": crumbs(filters.place_key, request.user),
        "rows": person_rows(found or (), names=shows_names(request)),
        "children": _children(filters), "saved": [] if asked else request.user.saved_lists.order_by("title"),
        "save_form": SaveListForm(initial={"query": request.GET.urlencode()}), "shows_names": shows_names(request),
        "may_register": request.user.may(People.REGISTER), "may_export": request.user.may(People.EXPORT),
    }  # fmt: skip
    return render(request, "people/list.html", context)


def _found(request: StaffRequest, filters: Filters) -> tuple[Page[Person], bool]:
    """The page, and whether the list is too long for the order asked for: then it is in order of file number."""
    order = request.GET.get("sort", "")
    page = sorted_persons(filters, order, by=request.user, address=request.GET)
    if page is not None:
        return page, False
    after, before = _number(request, "after"), _number(request, "before")
    found = find_persons(filters, by=request.user, after=after or 0, before=before)
    page = Page(found.persons, str(found.next_after or ""), str(found.previous_before or ""))
    return page, order.removeprefix("-") in KEYS and not found.by_number


def _number(request: StaffRequest, key: str) -> int | None:
    text = request.GET.get(key, "")
    return int(text) if text.isdigit() else None


def _children(filters: Filters) -> list[Any]:
    return tree().children(filters.place_key) if filters.place_key else []


@login_required
@require_POST
def save_list(request: StaffRequest) -> HttpResponse:
    """Keep the filters in the address under a name."""
    form = SaveListForm(request.POST)
    if form.is_valid():
        SavedList.objects.update_or_create(
            user=request.user, title=form.cleaned_data["title"], defaults={"query": form.cleaned_data["query"]}
        )
        messages.success(request, _("The list is kept under this name."), extra_tags="ok")
    return redirect(f"/work/people/?{request.POST.get('query', '')}")


@login_required
@require_POST
def forget_list(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget a saved list."""
    if not SavedList.objects.filter(user=request.user, pk=pk).delete()[0]:
        raise NotFound("list")
    return redirect("people:list")


@login_required
def names(request: StaffRequest) -> HttpResponse:
    """Show full names in lists for a quarter of an hour; says why and leaves a line."""
    form = ReasonForm(request.POST or None)
    back = request.GET.get("back") or request.POST.get("back") or ""
    if request.method == "POST" and form.is_valid():
        request.session["names_until"] = show_names(by=request.user, reason=form.cleaned_data["reason"]).timestamp()
        return redirect(f"/work/people/?{back}")
    context = {"form": form, "heading": _("Show full names"), "action": _("Show for 15 minutes"), "back": back}
    return render(request, "people/reason.html", context)


@login_required
def export(request: StaffRequest) -> HttpResponseBase:
    """The list in the address as a workbook. Says why; numbers stay masked."""
    require(request.user, People.EXPORT)
    form = ReasonForm(request.POST or None)
    query = request.GET.urlencode()
    if request.method == "POST" and form.is_valid():
        filters = FilterForm(request.GET).filters(civil_date())
        path = export_persons(filters, by=request.user, reason=form.cleaned_data["reason"])
        name = f"{_('elders')}-{civil_date()}.xlsx"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
    context = {"form": form, "heading": _("Export this list"), "action": _("Export to Excel"), "back": query}
    return render(request, "people/reason.html", context)
