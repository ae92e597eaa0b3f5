"""Sign, and take out of force."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yinling.assessments import forms, presenting, queries, rules, services
from yinling.assessments.models import Assessment, Evidence
from yinling.assessments.permissions import Assessments
from yinling.assessments.views.lists import acting
from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import Refused
from yinling.kernel.names import mask_name
from yinling.web.refusals import refusals_beside


@login_required
def sign(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What will be signed, who has signed, and my own signature."""
    found = queries.one_assessment(uid, acting(request))
    require(acting(request), Assessments.SIGN, found.place_key)
    form = forms.SignForm(request.POST or None, request.FILES or None, initial={"digest": services.digest_of(found)})
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            signed = services.sign(
                uid=uid, proof=_proof(request, found, form), digest_seen=form.cleaned_data["digest"], by=acting(request)
            )
            done = signed.state == Assessment.State.SIGNED
            words = _("Signed by both. The level counts now.") if done else _("Signed. The second assessor signs next.")
            messages.success(request, words, extra_tags="ok")
            return redirect("assessments:report", uid)
    return render(request, "assessments/sign.html", _context(request, found, form), status=422 if form.errors else 200)


def _proof(request: HttpRequest, found: Assessment, form: forms.SignForm) -> services.Proof:
    given = form.cleaned_data
    drawing = None
    if given["way"] == "drawn":
        if given["drawing"] is None:
            raise Refused("Choose the picture of your signature.", field="drawing")
        stream, name = given["drawing"], given["drawing"].name
        drawing = services.keep_drawing(uid=found.uid, stream=stream, name=name, by=acting(request))
    return services.Proof(given["way"], given["secret"], drawing)


def _context(
    request: HttpRequest, found: Assessment, form: forms.SignForm, by_informant: forms.InformantForm | None = None
) -> dict[str, Any]:
    scale, entered = queries.scale_of(found.instrument), services.entered_of(found)
    day = civil_date(found.happened_at) if found.happened_at else civil_date()
    signatures = found.live_signatures  # type: ignore[attr-defined]
    return {
        "found": found, "form": form, "report": presenting.report_of(found), "name": mask_name(found.person.name),
        "gaps": presenting.gaps_for(scale, rules.standing(scale, entered), entered), "signatures": signatures,
        "has_signed": any(s.user_id == acting(request).pk for s in signatures),
        "certificate": queries.certificate_of(acting(request), day),
        "closed": rules.why_not_edited(found.state), "place": found.notes().get("place", ""),
        "informant_form": by_informant or forms.InformantForm(),
        "informant": found.informant_name and mask_name(found.informant_name),
        "informant_has_signed": any(e.kind == Evidence.Kind.INFORMANT_SIGNATURE for e in found.evidence.all()),
        "may_enter": acting(request).may(Assessments.ENTER, found.place_key),
        "picture_missing": queries.picture_expected(day) and not found.evidence.all(),
    }  # fmt: skip


@login_required
@require_POST
def informant(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Keep the informant's signature."""
    found = queries.one_assessment(uid, acting(request))
    form = forms.InformantForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_beside(form):
            services.sign_as_informant(
                uid=uid, stream=form.cleaned_data["informant_drawing"], typed_name=form.cleaned_data["typed_name"],
                by=acting(request),
            )  # fmt: skip
            messages.success(request, _("The informant has signed."), extra_tags="ok")
            return redirect("assessments:sign", uid)
    own = forms.SignForm(initial={"digest": services.digest_of(found)})
    return render(request, "assessments/sign.html", _context(request, found, own, form), status=422)


@login_required
def void(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take an assessment out of force, with the reason."""
    found = queries.one_assessment(uid, acting(request))
    require(acting(request), Assessments.VOID, found.place_key)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.void_assessment(uid=uid, reason=form.cleaned_data["reason"], by=acting(request))
            messages.success(
                request, _("The assessment is void. Plan a new one if it is to be corrected."), extra_tags="ok"
            )
            return redirect("assessments:report", uid)
    context = {
        "form": form, "heading": _("Void assessment {number}").format(number=found.number),
        "action": _("Void it"), "person": found.person, "name": mask_name(found.person.name),
    }  # fmt: skip
    return render(request, "assessments/form.html", context, status=422 if form.errors else 200)
