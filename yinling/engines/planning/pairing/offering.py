"""One elder's possible visitors: what each would cost, who has room, and why others may not. For a clerk who asks."""

from collections.abc import Iterable
from dataclasses import dataclass

from yinling.engines.planning.pairing.checking import one_more, parts_of_pair, way_m, why_not
from yinling.engines.planning.pairing.problem import Elder, Limits, Visitor, Weights


@dataclass(frozen=True)
class Offer:
    """A visitor for an elder: points a month by name, metres, visits free. `refusal`: what forbids it, or None."""

    visitor: str
    parts: dict[str, int]
    way_m: int
    free: int
    refusal: str | None

    @property
    def points(self) -> int:
        """All parts together."""
        return sum(self.parts.values())


def offers_for(
    elder: Elder, visitors: Iterable[Visitor], made: dict[str, int], weights: Weights, limits: Limits
) -> list[Offer]:
    """Every visitor with her cost, those allowed first, the cheapest first. `made`: visits a month each makes now."""
    found = [_offer(elder, one, made.get(one.key, 0), weights, limits) for one in visitors]
    return sorted(found, key=lambda one: (one.refusal is not None, one.points, one.visitor))


def _offer(elder: Elder, visitor: Visitor, made: int, weights: Weights, limits: Limits) -> Offer:
    parts = parts_of_pair(elder, visitor, weights, limits)
    others = made - elder.visits if elder.visitor == visitor.key else made
    more = range(others + 1, others + elder.visits + 1)
    parts["uneven"] = sum(one_more(k, visitor.load, weights) for k in more)
    refusal = why_not(elder, visitor, limits)
    if refusal is None and others + elder.visits > visitor.load:
        refusal = "load"
    return Offer(visitor.key, parts, way_m(elder, visitor, limits), visitor.load - others, refusal)
