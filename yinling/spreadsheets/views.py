"""Pages of imports: the list, the upload, how a file is read, what became of its rows."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yinling.kernel.errors import NotAllowed, Refused
from yinling.spreadsheets import presenting, services
from yinling.spreadsheets.forms import UploadForm, chosen_columns, may_import
from yinling.spreadsheets.importing import opened_copy, register_of
from yinling.spreadsheets.models import Import
from yinling.spreadsheets.outcomes import OutcomeKind
from yinling.spreadsheets.plans import preview
from yinling.spreadsheets.queries import import_seen_by, imports_seen_by, is_being_annotated
from yinling.spreadsheets.uploading import refuse_endless_bodies
from yinling.web.paging import keyset_page
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest
from yinling.web.sentences import sentence

PERMISSION = "people.import"
State = Import.State
VERBS = {
    "stop": services.stop, "resume": services.resume, "again": services.read_again, "annotate": services.annotate,
}  # fmt: skip


@login_required
@require_GET
def imports(request: StaffRequest) -> HttpResponse:
    """What was imported here, newest first."""
    _may(request)
    page = keyset_page(imports_seen_by(request.user), order=("-id",), address=request.GET, size=30)
    rows = [presenting.list_row(found) for found in page]
    return render(request, "spreadsheets/imports.html", {"page": page, "rows": rows})


@csrf_exempt  # checked below, once it is known that the body is worth reading
@refuse_endless_bodies
@csrf_protect
@login_required
@require_http_methods(["GET", "POST"])
def upload(request: StaffRequest) -> HttpResponse:
    """Let a file in; a refusal stands beside it and the rest of the form stays filled."""
    _may(request)
    initial = {key: request.GET[key] for key in ("register", "place_key") if key in request.GET}
    form = UploadForm(request.POST or None, request.FILES or None, by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refusals_beside(form):
            found = services.upload(
                stream=data["file"], name=data["file"].name, register_key=data["register"],
                place_key=data["place_key"], source=data["source"], by=request.user,
            )  # fmt: skip
            return redirect("spreadsheets:mapping", found.uid)
    return render(request, "spreadsheets/upload.html", {"form": form}, status=422 if form.errors else 200)


def _may(request: StaffRequest) -> None:
    if not may_import(request.user):
        raise NotAllowed(PERMISSION)


@login_required
@require_http_methods(["GET", "POST"])
def mapping(request: StaffRequest, uid: UUID) -> HttpResponse:
    """How the file is read: pair columns with fields, look at the first rows, then start."""
    found = import_seen_by(request.user, uid)
    if found.state != State.UPLOADED:
        return redirect("spreadsheets:import", uid)
    if request.method == "GET":
        return render(request, "spreadsheets/mapping.html", _mapping_context(found))
    try:
        columns = chosen_columns(request.POST, register_of(found))
        services.choose_mapping(uid=uid, columns=columns, by=request.user)
    except Refused as refusal:
        context = {**_mapping_context(found), "refusal": sentence(refusal)}
        return render(request, "spreadsheets/mapping.html", context, status=422)
    if "look" in request.POST:
        return redirect("spreadsheets:mapping", uid)
    services.start(uid=uid, by=request.user)
    return redirect("spreadsheets:import", uid)


def _mapping_context(found: Import) -> dict[str, Any]:
    kind, seen, sheets = register_of(found), set[str](), []
    with opened_copy(found) as path:
        for plan in found.plans():
            if not plan.pairing:
                sheets.append({"plan": plan, "why_not": sentence(plan.why_not) if plan.why_not else ""})
            elif plan.pairing.signature not in seen:
                seen.add(plan.pairing.signature)
                batch = preview(path, found.found(), plan, kind)
                columns, rows = presenting.columns_of(plan, kind, batch), presenting.preview_rows(batch, kind)
                sheets.append({"plan": plan, "columns": columns, "rows": rows})
    return {"found": found, "sheets": sheets, "register_title": _(kind.title)}


@login_required
@require_GET
def import_(request: StaffRequest, uid: UUID) -> HttpResponse:
    """What became of the rows, what needs a person first; or how far it is."""
    found = import_seen_by(request.user, uid)
    if found.state == State.UPLOADED:
        return redirect("spreadsheets:mapping", uid)
    if found.state == State.RUNNING:
        return render(request, "spreadsheets/running.html", {"found": found, "is_mine": _is_mine(request, found)})
    return render(request, "spreadsheets/import.html", _outcome_context(request, found))


def _outcome_context(request: StaffRequest, found: Import) -> dict[str, Any]:
    chosen, page = request.GET.get("kind", ""), request.GET.get("from", "")
    kinds = [OutcomeKind(chosen)] if chosen in list(OutcomeKind) else list(OutcomeKind)
    offset = int(page) if page.isdigit() and len(page) < 9 else 0
    total, size = sum(map(found.count, kinds)), presenting.SHOWN
    return {
        "found": found, "headline": presenting.headline(found), "how_long": presenting.how_long(found),
        "chips": presenting.chips(found), "shares": presenting.shares(found), "sheets": presenting.reading_of(found),
        "rows": presenting.outcome_rows(found, kinds, offset), "skipped": presenting.skipped(found),
        "next": offset + size if offset + size < total else None,
        "previous": str(max(0, offset - size)) if offset else None, "is_mine": _is_mine(request, found),
        "failure": sentence(found.failure_reason) if found.failure_reason else "",
        "is_being_annotated": is_being_annotated(found), "aftermath": presenting.aftermath(found),
    }  # fmt: skip


def _is_mine(request: StaffRequest, found: Import) -> bool:
    return str(found.uploaded_by) == str(request.user.uid)


@login_required
@require_GET
def progress(request: StaffRequest, uid: UUID) -> HttpResponse:
    """How far a running import is; once it has ended, the page is asked to load again."""
    found = import_seen_by(request.user, uid)
    context = {"found": found, "is_mine": _is_mine(request, found)}
    response = render(request, "spreadsheets/_progress.html", context)
    if found.state != State.RUNNING:
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_POST
def act(request: StaffRequest, uid: UUID, verb: str) -> HttpResponse:
    """Stop, go on, read another way, write the annotated workbook."""
    found = VERBS[verb](uid=uid, by=request.user)
    if verb == "stop":
        messages.info(request, _("It stops after the rows at hand. What is taken stays taken."))
    return redirect("spreadsheets:import", found.uid)


@login_required
@require_GET
def download(request: StaffRequest, uid: UUID) -> StreamingHttpResponse:
    """The clerk's own workbook, annotated."""
    opened = services.open_annotated(uid=uid, by=request.user)
    response = StreamingHttpResponse(opened.chunks, content_type=opened.file.media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=opened.file.name) or ""
    response["X-Content-Type-Options"], response["Cache-Control"] = "nosniff", "private, no-store"
    return response
