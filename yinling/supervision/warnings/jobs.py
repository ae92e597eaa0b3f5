"""Nightly and hourly work, as thin as a view."""

from typing import Any

from yinling.kernel import jobs
from yinling.kernel.actors import System
from yinling.kernel.clock import now
from yinling.supervision.warnings.judging import Outcome, judge_rule, rules_in_force
from yinling.supervision.warnings.watching_silence import end_unconsented, watch_silence

WARN, WATCH_SILENCE = "supervision.warnings", "supervision.silence"
BY = System("warnings")
PERIOD_S = 60


@jobs.kind(WARN)
def warn(progress: jobs.Progress) -> dict[str, Any]:
    """Judge the rules over the register; with `change`, those that follow changes of this type. Rule by rule."""
    change = progress.arguments.get("change")
    wanted = [rule for rule in rules_in_force() if change is None or change in rule.changes]
    done, found = progress.cursor or 0, Outcome()
    for number, rule in enumerate(wanted[done:], done + 1):
        progress.stop_if_asked()
        found += judge_rule(rule, by=BY)
        progress.reach(number, len(wanted), cursor=number)
    return {"raised": found.raised, "resolved": found.resolved}


@jobs.kind(WATCH_SILENCE)
def silence(progress: jobs.Progress) -> dict[str, Any]:
    """Look for unusual silence, group by group; with `only`: "consents", just end what nobody consents to."""
    ended = end_unconsented(by=BY)
    raised = 0
    if progress.arguments.get("only") != "consents":
        for number, total, count in watch_silence(at=now(), by=BY):
            raised += count
            progress.reach(number, total)
            progress.stop_if_asked()
    return {"raised": raised, "ended": ended}
