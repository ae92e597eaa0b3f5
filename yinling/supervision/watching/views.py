"""Pages: a rule tried on stored history; how well the watcher tells what happens."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yinling.kernel.actors import require
from yinling.kernel.clock import instant_of, now
from yinling.kernel.errors import NotFound
from yinling.supervision.models import Rule
from yinling.supervision.permissions import Supervision
from yinling.supervision.services.loading import device_rule
from yinling.supervision.watching import beats, forms, presenting, truth
from yinling.supervision.watching.trying import try_rule
from yinling.web.requests import StaffRequest
from yinling.web.sentences import sentence


@login_required
@require_GET
def trial(request: StaffRequest, key: str) -> HttpResponse:
    """What a rule would have raised, on whom, how often, over some days of readings."""
    require(request.user, Supervision.RULES)
    row = Rule.objects.current().filter(key=key, over=Rule.Over.DEVICES).first()
    if row is None:
        raise NotFound("rule")
    form = forms.asked_for({name: request.GET[name] for name in ("begin", "end") if name in request.GET})
    is_asked = "begin" in request.GET and form.is_valid()
    found = None
    if is_asked:
        start, end = form.times()
        found = try_rule(device_rule(row.data), start, min(end, now()), request.user)
    context = {
        "rule": row, "title": sentence(row.title), "form": form, "trial": found,
        "whom": presenting.whom(found, request.user) if found else [],
    }  # fmt: skip
    return render(request, "supervision/watching/trial.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def watch(request: StaffRequest) -> HttpResponse:
    """The watcher: is it well, how far behind; and against the truth of a played day, what it found and invented."""
    require(request.user, Supervision.RULES)
    beat, at = beats.last_beat(), beats.now_ms()
    played = truth.read_truth(beats.folder())
    until = beat.watermark_ms if beat else 0
    scored = truth.score(played, truth.alerts_of(played), until) if played else None
    context = {
        "beat": beat, "is_dead": beats.is_dead(beat, at), "behind_s": beats.behind_s(beat, at) if beat else 0,
        "words": presenting.waiting_words(beat), "played": played, "score": scored,
        "lines": presenting.truth_lines(scored) if scored else [], "title": _("The watcher"),
        "false": presenting.false_lines(scored) if scored else [],
        "watermark": instant_of(until) if until else None,
    }  # fmt: skip
    return render(request, "supervision/watching/watch.html", context)
