"""Proposals of who should visit whom: asked for, worked out by a job, looked through, applied or discarded."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from django.db import transaction

from yinling.care.events import ProposalSettled
from yinling.care.models import Pairing, Proposal, ProposalLine, Visitor
from yinling.care.permissions import Care
from yinling.care.queries.pairings import problem_for, proposal, standing_pairing
from yinling.care.services.pairings import pair_them
from yinling.engines.planning.pairing.checking import parts_of_pair
from yinling.engines.planning.pairing.flow import Tell
from yinling.engines.planning.pairing.problem import Problem, Solution
from yinling.engines.planning.pairing.solving import solve
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.kernel.jobs import cancel, start
from yinling.places.models import Level
from yinling.places.queries import place_named, tree

WORK, APPLY = "care.propose", "care.apply_proposal"
OPEN = (Proposal.State.WORKING, Proposal.State.DRAFT, Proposal.State.APPLYING)
BATCH = 500


@transaction.atomic
def ask_for_proposal(*, place_key: int, by: Actor) -> Proposal:
    """Have a county or township's pairings worked out. Raises Refused while one is open there."""
    division = place_named(place_key)
    require(by, Care.PAIR, place_key)
    if division.level not in (Level.COUNTY, Level.TOWNSHIP):
        raise Refused("Pairings are proposed for a county or a township. Choose one.", field="place_key")
    if Proposal.objects.filter(place_key=place_key, state__in=OPEN).exists():
        raise Refused("A proposal for {division} is open. Apply or discard it first.", division=tree().name(place_key))
    made = Proposal.objects.create(place_key=place_key, asked_by=by.uid)
    made.job_uid = start(WORK, {"proposal": str(made.uid)}, by=by, place_key=place_key).uid
    made.save(update_fields=["job_uid"])
    return made


def work_out(found: Proposal, tell: Tell | None = None) -> Proposal:
    """Solve the division's problem and keep what would change. Done twice, the lines are written anew."""
    problem = problem_for(found.place_key, civil_date())
    solution = solve(problem, tell)
    keep_solution(found, problem, solution)
    return found


@transaction.atomic
def keep_solution(found: Proposal, problem: Problem, solution: Solution) -> None:
    """Write a solution's figures and lines, unless the proposal was discarded meanwhile."""
    held = Proposal.objects.select_for_update().get(pk=found.pk)
    if held.state != Proposal.State.WORKING:
        return
    held.lines.all().delete()
    lines = list(_lines(held, problem, solution))
    ProposalLine.objects.bulk_create(lines, BATCH)
    held.elders, held.visitors, held.kept = len(problem.elders), len(problem.visitors), len(problem.elders) - len(lines)
    held.cost, held.bound, held.parts = solution.cost, solution.bound, solution.parts
    held.helpers, held.least_helpers = solution.helpers, solution.least_helpers
    held.villages = [asdict(one) for one in solution.villages]
    held.state = Proposal.State.DRAFT
    held.save()


def _lines(found: Proposal, problem: Problem, solution: Solution) -> Iterable[ProposalLine]:
    visitors = {one.key: one for one in problem.visitors}
    for elder in problem.elders:
        new = solution.pairs.get(elder.key)
        if new == elder.visitor:
            continue
        parts: Mapping[str, int] = (
            parts_of_pair(elder, visitors[new], problem.weights, problem.limits) if new is not None else {}
        )
        yield ProposalLine(
            proposal=found, person_id=int(elder.key), old_id=int(elder.visitor) if elder.visitor else None,
            new_id=int(new) if new else None, parts=dict(parts),
        )  # fmt: skip


@transaction.atomic
def apply_proposal(*, uid: object, lines: list[int] | None, by: Actor) -> Proposal:
    """Have the chosen lines applied, or all (None); a job does it. The others stay as they are."""
    found = _locked(uid, by)
    if found.state != Proposal.State.DRAFT:
        raise Refused("This proposal is not open to be applied: {state}.", state=found.get_state_display())
    chosen = found.lines.filter(new__isnull=False)
    chosen = chosen if lines is None else chosen.filter(pk__in=lines)
    if not chosen.exists():
        raise Refused("No line is chosen. Tick at least one, or discard the proposal.")
    found.lines.exclude(pk__in=chosen.values("pk")).update(state=ProposalLine.State.LEFT)
    found.state, found.settled_by, found.settled_at = Proposal.State.APPLYING, by.uid, now()
    found.job_uid = start(APPLY, {"proposal": str(found.uid)}, by=by, place_key=found.place_key).uid
    found.save(update_fields=["state", "settled_by", "settled_at", "job_uid"])
    return found


def apply_lines(found: Proposal, *, size: int, by: Actor) -> int:
    """Apply the next lines, each on its own. Returns how many there were; none: the proposal is applied."""
    rows = list(found.lines.filter(state=ProposalLine.State.OPEN).order_by("pk")[:size])
    for line in rows:
        _apply(line.pk, by)
    if not rows:
        with transaction.atomic():
            Proposal.objects.filter(pk=found.pk).update(state=Proposal.State.APPLIED)
            count = found.lines.filter(state=ProposalLine.State.APPLIED).count()
            record(ProposalSettled(found.uid, "applied", count), by=by, place_key=found.place_key)
    return len(rows)


@transaction.atomic
def _apply(pk: int, by: Actor) -> None:
    """One line: only where the person is still visited as the proposal saw it, and nothing forbids the pair since."""
    line = ProposalLine.objects.select_for_update(of=("self",)).select_related("person").get(pk=pk)
    if line.state != ProposalLine.State.OPEN or line.new_id is None:
        return
    before = standing_pairing(line.person, civil_date())
    line.state = ProposalLine.State.LEFT
    if (before.visitor_id if before else None) == line.old_id:
        visitor = Visitor.objects.select_related("user").get(pk=line.new_id)
        try:
            with transaction.atomic():
                pair_them(line.person, visitor, ground=Pairing.Ground.ASSIGNED, by=by)
            line.state = ProposalLine.State.APPLIED
        except Refused:  # dead, moved, ended or full since the proposal was worked out
            pass
    line.save(update_fields=["state"])


@transaction.atomic
def discard_proposal(*, uid: object, by: Actor) -> Proposal:
    """Nothing of a proposal is applied; work on it stops."""
    found = _locked(uid, by)
    if found.state not in (Proposal.State.WORKING, Proposal.State.DRAFT):
        raise Refused("This proposal is settled: {state}.", state=found.get_state_display())
    if found.state == Proposal.State.WORKING and found.job_uid and found.asked_by == by.uid:
        cancel(found.job_uid, by=by)
    found.state, found.settled_by, found.settled_at = Proposal.State.DISCARDED, by.uid, now()
    found.save(update_fields=["state", "settled_by", "settled_at"])
    record(ProposalSettled(found.uid, "discarded"), by=by, place_key=found.place_key)
    return found


def _locked(uid: object, by: Actor) -> Proposal:
    found = proposal(uid, by)
    require(by, Care.PAIR, found.place_key)
    return Proposal.objects.select_for_update().get(pk=found.pk)
