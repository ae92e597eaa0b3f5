"""The list of a division, its export, the assessors."""

import shutil
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.accounts.models import User
from yinling.assessments.exports import export_assessments
from yinling.assessments.forms import STATES, CertificateForm, ReasonForm
from yinling.assessments.permissions import Assessments
from yinling.assessments.presenting import rows_for
from yinling.assessments.queries import Filters, assessment_page, certificates, instruments, scale_of
from yinling.assessments.services import register_certificate
from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.web.pieces import Chip
from yinling.web.refusals import refusals_beside
from yinling.web.sentences import sentence


def acting(request: HttpRequest) -> User:
    """Who is logged in."""
    assert isinstance(request.user, User)
    return request.user


@login_required
@require_GET
def assessment_list(request: HttpRequest) -> HttpResponse:
    """Planned, open and signed assessments of my divisions."""
    user = acting(request)
    require(user, Assessments.READ)
    filters = Filters.from_address(request.GET)
    page = assessment_page(filters, user, request.GET)
    scales = [scale_of(row) for row in instruments()]
    context = {
        "page": page, "rows": rows_for(page), "filters": filters,
        "states": [Chip(state.value, str(words)) for state, words in STATES],
        "scales": [Chip(scale.key, sentence(scale.title)) for scale in scales],
        "levels": _levels(filters, scales), "query": request.GET.urlencode(),
        "may_export": user.may(Assessments.EXPORT), "may_certify": user.may(Assessments.CERTIFY),
    }  # fmt: skip
    return render(request, "assessments/list.html", context)


def _levels(filters: Filters, scales: list[Any]) -> list[Chip]:
    """Levels differ by scale, so they are offered once a scale is chosen."""
    chosen = next((scale for scale in scales if scale.key == filters.scale), None)
    return [Chip(str(level.level), sentence(level.title)) for level in chosen.levels] if chosen else []


@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The list in the address as a workbook. Says why; names stay masked."""
    require(acting(request), Assessments.EXPORT)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            path = export_assessments(
                Filters.from_address(request.GET), by=acting(request), reason=form.cleaned_data["reason"]
            )
            file = path.open("rb")
            shutil.rmtree(path.parent)  # the open file outlives its name
            return FileResponse(file, as_attachment=True, filename=f"{_('assessments')}-{civil_date()}.xlsx")
    context = {"form": form, "heading": _("Export this list"), "action": _("Export to Excel")}
    return render(request, "assessments/form.html", context, status=422 if form.errors else 200)


@login_required
def assessors(request: HttpRequest) -> HttpResponse:
    """Who is certified, and until when; register a certificate."""
    user = acting(request)
    require(user, Assessments.CERTIFY)
    form = CertificateForm(request.POST or None, by=user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with refusals_beside(form):
            register_certificate(
                user_uid=given["user"].uid, number=given["number"], valid_from=given["valid_from"],
                valid_to=form.end(), by=user,
            )  # fmt: skip
            messages.success(request, _("The certificate is registered."), extra_tags="ok")
            return redirect("assessments:assessors")
    context = {"form": form, "rows": certificates(user)[:200], "today": civil_date()}
    return render(request, "assessments/assessors.html", context, status=422 if form.errors else 200)
