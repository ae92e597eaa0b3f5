"""Is this a problem that can be planned at all? Answers in sentences, before anything is compiled or searched."""

import math
from collections import Counter
from collections.abc import Iterator

import numpy as np

from yinling.engines.planning.problem import Carer, Problem, Visit


class Unplannable(ValueError):
    """The problem contradicts itself. `faults`: every contradiction, as sentences."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults[:5]) + (f" And {len(faults) - 5} more." if len(faults) > 5 else ""))
        self.faults = faults


def refuse_nonsense(problem: Problem) -> None:
    """Raises Unplannable with every fault."""
    faults = [*_roads(problem), *_names(problem)]
    faults += [fault for carer in problem.carers for fault in _carer(problem, carer)]
    carers = {carer.uid for carer in problem.carers}
    places = min((len(road) for road in problem.travel.values()), default=0)
    faults += [fault for visit in problem.visits for fault in _visit(visit, places, carers)]
    if faults:
        raise Unplannable(faults)


def _roads(problem: Problem) -> Iterator[str]:
    if not problem.travel:
        yield "There is no travel matrix; give one for each mode."
    if len({road.shape for road in problem.travel.values()}) > 1:
        yield "The travel matrices differ in size; all modes need the same places."
    for mode, road in problem.travel.items():
        if road.ndim != 2 or road.shape[0] != road.shape[1]:
            yield f"The travel matrix of mode {mode} is {road.shape}; it must be square."
        elif not np.isfinite(road).all() or (road < 0).any():
            yield f"The travel matrix of mode {mode} holds a minute that is negative or not a number."


def _names(problem: Problem) -> Iterator[str]:
    for kind, found in (("visit", problem.visits), ("carer", problem.carers)):
        for uid, count in Counter(one.uid for one in found).items():
            if count > 1:
                yield f"There are {count} {kind}s named {uid}; names must differ."


def _carer(problem: Problem, carer: Carer) -> Iterator[str]:
    road = problem.travel.get(carer.mode)
    if road is None:
        yield f"Carer {carer.uid} goes by {carer.mode}; there is no travel matrix for it."
    elif not (0 <= carer.start_place < len(road) and 0 <= carer.end_place < len(road)):
        yield f"Carer {carer.uid} starts or ends at a place that the travel matrix of {len(road)} places does not hold."
    if not math.isfinite(carer.shift_start):
        yield f"Carer {carer.uid} has no start of the shift; give a minute."
    if carer.break_minutes < 0:
        yield f"Carer {carer.uid} has a break of {carer.break_minutes:g} minutes; it cannot be negative."


def _visit(visit: Visit, places: int, carers: set[str]) -> Iterator[str]:
    if not (math.isfinite(visit.opens) and math.isfinite(visit.closes) and visit.opens <= visit.closes):
        yield f"The window of visit {visit.uid} is {visit.opens:g} to {visit.closes:g}; give two minutes, in order."
    if len(visit.tasks) not in (1, 2):
        yield f"Visit {visit.uid} has {len(visit.tasks)} tasks; one or two can be planned."
    if any(not (math.isfinite(task.minutes) and task.minutes >= 0) for task in visit.tasks):
        yield f"A task of visit {visit.uid} takes no number of minutes."
    if not 0 <= visit.gap[0] <= visit.gap[1]:
        yield f"The gap of visit {visit.uid} is {visit.gap[0]:g} to {visit.gap[1]:g}; it must be 0 or more, in order."
    if not 0 <= visit.place < places:
        yield f"Visit {visit.uid} is at place {visit.place}; the travel matrix holds {places}."
    for uid in sorted({*visit.forbidden, *visit.liking} - carers):
        yield f"Visit {visit.uid} names carer {uid}, who is not there."
