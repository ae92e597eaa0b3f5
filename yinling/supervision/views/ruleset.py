"""Rules: the list with what became of their alerts, one in words, off and on."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.kernel.actors import require
from yinling.kernel.errors import NotFound
from yinling.places.queries import tree
from yinling.reference.queries import label
from yinling.supervision import forms, queries, response, rules, services, wording
from yinling.supervision.models import Rule
from yinling.supervision.permissions import Supervision
from yinling.supervision.services.loading import device_rule
from yinling.web.form_pages import FormPage, form_page
from yinling.web.requests import StaffRequest
from yinling.web.sentences import sentence


@login_required
@require_GET
def rule_list(request: StaffRequest) -> HttpResponse:
    """Every rule, how often it was right, where it is off. Noisy ones first."""
    require(request.user, Supervision.RULES)
    records, off = queries.records(request.user), queries.off_by_rule(request.user)
    nothing = rules.Record()
    rows = [
        (one, sentence(one.title), wording.family_words(one.family), records.get(one.key, nothing), off.get(one.key, 0))
        for one in Rule.objects.current().order_by("family", "key")
    ]
    rows.sort(key=lambda row: not row[3].is_noisy)
    context = {"rows": rows, "silences": queries.silences_of(request.user), "signed": response.is_verified()}
    return render(request, "supervision/rules.html", context)


def _rule(key: str) -> Rule:
    found = Rule.objects.current().filter(key=key).first()
    if found is None:
        raise NotFound("rule")
    return found


@login_required
@require_GET
def rule(request: StaffRequest, key: str) -> HttpResponse:
    """One rule in words, with its precision, delay and causes of false alarms."""
    require(request.user, Supervision.RULES)
    found = _rule(key)
    is_device = found.over == Rule.Over.DEVICES
    places = tree()
    context = {
        "rule": found, "title": sentence(found.title), "family": wording.family_words(found.family),
        "scope": wording.scope_words(found.scope),
        "levels": wording.levels_of(found), "record": queries.record_of(key, request.user),
        "schedule": wording.schedule_words(device_rule(found.data)) if is_device else [],
        "causes": [(label("alert_false_cause", code), count) for code, count in queries.causes_of(key, request.user)],
        "off": [(one, places.path(one.place_key) or places.name(one.place_key))
                for one in queries.switches_of(request.user, key)],
        "never": rules.is_never_suppressed(found.family), "may_switch": request.user.may(Supervision.SWITCH),
        "tests": found.data.get("tests", []), "from_register": not is_device,
    }  # fmt: skip
    return render(request, "supervision/rule.html", context)


def _divisions(request: StaffRequest) -> list[tuple[int, str]]:
    """Divisions where the user may switch: the own ones and those directly below."""
    mine = queries.divisions_of(request.user, Supervision.SWITCH)
    below = [child for one in mine for child in tree().children(one.key) if child.level != "village"]
    return [(one.key, tree().path(one.key) or one.name) for one in [*mine, *below]]


@login_required
def switch(request: StaffRequest, key: str, way: str) -> HttpResponse:
    """Take the rule off (`way` off) or on again in a division, with a reason."""
    require(request.user, Supervision.SWITCH)
    found, is_on = _rule(key), way == "on"
    form = forms.SwitchForm(request.POST or None, divisions=_divisions(request))
    to = reverse("supervision:rule", args=[key])
    heading = _("Switch the rule on again") if is_on else _("Switch the rule off")
    page = FormPage(heading, _("Save"), _("Saved."), to, sentence(found.title), to)

    def do(given: dict[str, Any]) -> None:
        services.switch_rule(
            rule=key, place_key=int(given["place_key"]), is_on=is_on, reason=given["reason"], by=request.user
        )

    return form_page(request, form, do, page)
