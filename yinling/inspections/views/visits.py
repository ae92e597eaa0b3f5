"""An inspection on a phone: the checklist, one item a page, what stands around it, signatures, the record."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.inspections import forms, presenting, printing, queries, services
from yinling.inspections.models import Finding, Inspection
from yinling.inspections.permissions import Inspections
from yinling.inspections.rules import inspecting as rules
from yinling.kernel.actors import require
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.web.form_pages import FormPage, form_page
from yinling.web.refusals import refuse_form
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def checklist(request: StaffRequest, uid: UUID) -> HttpResponse:
    """All items with what was found so far; each opens its own page."""
    found = queries.inspection(uid, request.user)
    if rules.why_not_edited(found.state):
        return redirect("inspections:inspection", uid)
    groups = presenting.checklist_lines(found)
    lines = [line for group in groups for line in group.items]
    first = next((line for line in lines if not line.answer), None)
    context = {
        "found": found, "groups": groups, "title": presenting.checklist_title(found),
        "done": sum(bool(line.answer) for line in lines), "count": len(lines), "first": first,
        "slots": sum(group.slots for group in groups),
    }  # fmt: skip
    return render(request, "inspections/checklist.html", context)


@login_required
@require_POST
def check_in(request: StaffRequest, uid: UUID) -> HttpResponse:
    """I am there: when, and where the phone says so."""
    form = forms.PlacedForm(request.POST)
    services.check_in(uid=uid, by=request.user, at=form.point() if form.is_valid() else None)
    messages.success(request, _("You are checked in."), extra_tags="ok")
    return redirect("inspections:checklist", uid)


@login_required
def item(request: StaffRequest, uid: UUID, item: str) -> HttpResponse:
    """One item: finding, note, photo. Saves, then goes on to the next."""
    found = queries.inspection(uid, request.user)
    lines = {line.item.key: line for group in presenting.checklist_lines(found) for line in group.items}
    if item not in lines:
        raise NotFound("item")
    before, after = presenting.neighbours(found, item)
    line = lines[item]
    form = forms.ItemForm(request.POST or None, request.FILES or None, initial=vars(line))
    if request.method == "POST" and form.is_valid() and _kept(request, found, item, form):
        if form.cleaned_data["photo"]:
            return redirect("inspections:item", uid, item)
        return redirect("inspections:item", uid, after) if after else redirect("inspections:checklist", uid)
    context = {
        "found": found, "line": line, "form": form, "before": before, "after": after, "count": len(lines),
        "answers": [(value, words, form["answer"].value() == value) for value, words in Finding.Answer.choices],
        "group": found.checklist.questions.group_of(item),
    }  # fmt: skip
    return render(request, "inspections/item.html", context, status=422 if form.errors else 200)


def _kept(request: StaffRequest, found: Inspection, item: str, form: forms.ItemForm) -> bool:
    given = form.cleaned_data
    try:
        answered = rules.Answered(given["answer"], given["note"])
        services.answer(uid=found.uid, item=item, given=answered, by=request.user)
        if given["photo"]:
            photo = services.photograph_item(
                uid=found.uid, item=item, stream=given["photo"], name=given["photo"].name, by=request.user,
                at=form.point(),
            )  # fmt: skip
            words = _("Saved. The same picture was attached before: look at it.") if photo.same_as else _("Saved.")
            messages.success(request, words, extra_tags="yellow" if photo.same_as else "ok")
    except (NotAllowed, NotFound):
        raise
    except Refused as no:
        refuse_form(form, no)
        return False
    return True


@login_required
def around(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Who was present, what the home says, remarks."""
    found = queries.inspection(uid, request.user)
    here = reverse("inspections:checklist", args=[uid])
    page = FormPage(
        _("Around the inspection"), _("Save"), _("Saved."), here, note=found.institution.name, back=here,
        template="inspections/phone_form.html",
    )  # fmt: skip
    form = forms.AroundForm(request.POST or None, initial=vars(found))
    return form_page(
        request, form,
        lambda given: services.describe(uid=uid, around=services.Around(**given), by=request.user), page,
    )  # fmt: skip


@login_required
def sign(request: StaffRequest, uid: UUID) -> HttpResponse:
    """What will be signed, who has signed, my own signature."""
    found = queries.inspection(uid, request.user)
    form = forms.SignForm(request.POST or None, initial={"digest": services.digest_of(found)})
    live: list[Any] = found.live_signatures  # type: ignore[attr-defined]
    more = {
        "found": found, "groups": presenting.checklist_lines(found), "gaps": presenting.gaps_of(found),
        "title": presenting.checklist_title(found), "closed": rules.why_not_edited(found.state), "signatures": live,
        "has_signed": any(one.user_id == request.user.pk for one in live),
    }  # fmt: skip
    page = FormPage(
        _("Sign the inspection"), _("Sign"), _("Signed."), reverse("inspections:inspection", args=[uid]),
        template="inspections/sign.html", more=more,
    )  # fmt: skip

    def do(given: dict[str, Any]) -> None:
        seen = given["digest"]
        services.sign(uid=uid, way=given["way"], secret=given["secret"], digest_seen=seen, by=request.user)

    return form_page(request, form, do, page)


@login_required
@require_GET
def pdf(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The record in the official form."""
    require(request.user, Inspections.READ)
    found = queries.inspection(uid, request.user)
    return as_pdf(printing.record_pdf(found, is_demonstration=settings.DEMO), found.number)


def as_pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF that browsers show and nobody keeps."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_GET
def photo(request: StaffRequest, uid: UUID) -> StreamingHttpResponse:
    """A photo of an inspection or hazard I see."""
    opened = services.open_photo(uid=uid, by=request.user)
    response = StreamingHttpResponse(opened.chunks, content_type=opened.file.media_type)
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response
