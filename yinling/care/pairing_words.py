"""Pairings in the reader's language: parts of a cost, reasons against, the line of time of who visited."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from yinling.care.models import Pairing
from yinling.care.queries.pairings import Candidate
from yinling.care.rules.pairings import AGAINST
from yinling.engines.planning.pairing.problem import Elder, Limits
from yinling.kernel.reasons import Reason
from yinling.places.queries import tree
from yinling.web.sentences import sentence

PARTS = {
    "distance": pgettext_lazy("pairing cost", "Way"),
    "language": pgettext_lazy("pairing cost", "Language missing"),
    "sex": pgettext_lazy("pairing cost", "Wish for a man or a woman"),
    "skill": pgettext_lazy("pairing cost", "Skill missing"),
    "change": pgettext_lazy("pairing cost", "Change of visitor"),
    "helper": pgettext_lazy("pairing cost", "By a helper still to be found"),
    "uneven": pgettext_lazy("pairing cost", "Load uneven"),
}
WIDTH = 600


@dataclass(frozen=True)
class Shown:
    """One possible visitor on the page: why not, or what she costs."""

    candidate: Candidate
    place: str
    parts: list[tuple[str, int]]
    against: str


def shown(candidate: Candidate, elder: Elder, limits: Limits) -> Shown:
    """A candidate in words."""
    offer = candidate.offer
    against = ""
    if offer.refusal is not None:
        values = {
            "visitor": candidate.visitor.name, "metres": offer.way_m, "most": limits.most_m,
            "free": max(0, offer.free), "visits": elder.visits,
        }  # fmt: skip
        against = sentence(Reason(AGAINST[offer.refusal].text, **values))
    return Shown(candidate, tree().name(candidate.visitor.place_key), parts(offer.parts), against)


def parts(points: Mapping[str, int]) -> list[tuple[str, int]]:
    """Cost parts that are not nothing, in words, the dearest first."""
    found = [(str(PARTS[name]), value) for name, value in points.items() if value and name in PARTS]
    return sorted(found, key=lambda one: -one[1])


def why(points: Mapping[str, int], *, has_visitor: bool) -> str:
    """One small sentence under a line of a proposal."""
    if not has_visitor:
        return _("Nobody in reach has room: the village needs one more helper.")
    costs = _(", ").join(f"{name} {value}" for name, value in parts(points))
    return costs or _("Costs nothing: near, suits, stays.")


@dataclass(frozen=True)
class Span:
    """One pairing drawn on the line of time: where it begins and how wide it is, of `WIDTH`."""

    pairing: Pairing
    x: int
    width: int
    is_substitute: bool


def spans(found: Sequence[Pairing], today: dt.date) -> list[Span]:
    """Pairings as bars from the first day to today."""
    if not found:
        return []
    first = min(one.valid_from for one in found)
    last = max(today, *(one.valid_to or today for one in found))
    days = max(1, (last - first).days)

    def at(day: dt.date) -> int:
        return round(WIDTH * (day - first).days / days)

    return [
        Span(one, at(one.valid_from), max(4, at(one.valid_to or last) - at(one.valid_from)),
             one.ground == Pairing.Ground.SUBSTITUTE)
        for one in found
    ]  # fmt: skip


def villages(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What villages lack, each with the sentence that proves it, most helpers first."""
    found = []
    for row in sorted(rows, key=lambda one: (-one["helpers"], one["village"])):
        reason = Reason(
            "{elders} persons here can be reached by {visitors} visitors with room for {room} visits a month: "
            "{short} visits find no room whatever is done.",
            elders=row["elders"], visitors=row["visitors"], room=row["room"], short=row["visits_short"],
        ) if row["visits_short"] else Reason(
            "The villages around share too few visitors; one more here relieves them best."
        )  # fmt: skip
        found.append(dict(row) | {"place": tree().path(row["village"]), "why": sentence(reason)})
    return found
