"""Templates of plans, as packs state them: read into values, with every fault named."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yinling.kernel.reasons import Words

PER = ("week", "month")
DAYS = ("all", "term", "holiday")


class FaultyTemplate(ValueError):
    """What is wrong with a template, in one line."""


@dataclass(frozen=True)
class GoalDraft:
    """A goal that a template proposes, and its measure. `months`: from the beginning of the plan to its day."""

    part: str
    area: str
    title: Words
    measure: Words
    unit: str
    start: float
    target: float
    months: int


@dataclass(frozen=True)
class LineDraft:
    """A service that a template proposes. `goals`: places in the template's list of goals."""

    part: str
    service: str
    times: int
    per: str
    minutes: int
    days: str
    funding: str
    goals: tuple[int, ...]


@dataclass(frozen=True)
class Fits:
    """For whom a template is offered first: levels of a scale, categories, years of age. Never a ground to refuse."""

    scale: str = ""
    levels: tuple[int, ...] = ()
    categories: tuple[str, ...] = ()
    first_age: int = 0
    last_age: int = 200


@dataclass(frozen=True)
class Template:
    """One template. `role` reviews its plans, `purpose` is what must be consented to, by a guardian where `guardian`.

    `terms`: first and last days of school terms, both included. `needs_of`: needs that a category adds.
    """

    key: str
    version: str
    title: Words
    programme: str
    programme_title: Words
    verified: bool
    valid_from: dt.date
    fits: Fits
    role: str
    purpose: str
    guardian: bool
    review_months: int
    needs: tuple[str, ...]
    needs_of: Mapping[str, tuple[str, ...]]
    parts: tuple[str, ...]
    goals: tuple[GoalDraft, ...]
    lines: tuple[LineDraft, ...]
    terms: tuple[tuple[dt.date, dt.date], ...]

    def score(self, *, levels: Mapping[str, int], categories: Iterable[str], age: int | None) -> int:
        """How well it fits somebody: the higher, the sooner it is offered; negative: the age is another."""
        fits = self.fits
        if age is not None and not fits.first_age <= age <= fits.last_age:
            return -1
        by_level = 2 if fits.levels and levels.get(fits.scale) in fits.levels else 0
        return by_level + (1 if set(fits.categories) & set(categories) else 0)

    def needs_for(self, categories: Iterable[str]) -> list[str]:
        """Its needs, and those that the person's categories add; each once, in this order."""
        added = [need for category in categories for need in self.needs_of.get(category, ())]
        return list(dict.fromkeys((*self.needs, *added)))


def template_from(data: Mapping[str, Any]) -> Template:
    """A template out of plain values (dates as text). Raises FaultyTemplate, or KeyError for what is missing."""
    goals = tuple(_goal(row) for row in data.get("goals") or ())
    made = Template(
        key=data["key"], version=str(data["version"]), title=_words(data["title"]), programme=data["programme"],
        programme_title=_words(data["programme_title"]), verified=data["verified"] is True,
        valid_from=_day(data["valid_from"]),
        fits=_fits(data.get("fits") or {}),
        role=data["role"], purpose=data["consent"]["purpose"], guardian=data["consent"].get("guardian") is True,
        review_months=int(data["review_months"]), needs=tuple(data.get("needs") or ()),
        needs_of={key: tuple(needs) for key, needs in (data.get("needs_of") or {}).items()},
        parts=tuple(data["parts"]), goals=goals, lines=tuple(_line(row, len(goals)) for row in data.get("lines") or ()),
        terms=tuple((_day(one["first"]), _day(one["last"])) for one in data.get("terms") or ()),
    )  # fmt: skip
    _check(made)
    return made


def _fits(row: Mapping[str, Any]) -> Fits:
    first, last = row.get("ages") or (0, 200)
    levels, categories = tuple(row.get("levels") or ()), tuple(row.get("categories") or ())
    return Fits(row.get("scale", ""), levels, categories, int(first), int(last))


def _goal(row: Mapping[str, Any]) -> GoalDraft:
    return GoalDraft(
        row["part"], row["area"], _words(row["title"]), _words(row["measure"]), row.get("unit", ""),
        float(row["start"]), float(row["target"]), int(row["months"]),
    )  # fmt: skip


def _line(row: Mapping[str, Any], goals: int) -> LineDraft:
    serves = tuple(int(place) for place in row.get("goals") or ())
    if any(not 0 <= place < goals for place in serves):
        raise FaultyTemplate(f"{row['service']} serves a goal that is not in the list")
    return LineDraft(
        row["part"], row["service"], int(row["times"]), row.get("per", "week"), int(row["minutes"]),
        row.get("days", "all"), row["funding"], serves,
    )  # fmt: skip


def _check(made: Template) -> None:
    """Refuse what the tables would refuse, with the words of the file."""
    if made.review_months < 1:
        raise FaultyTemplate("review_months is at least 1")
    for line in made.lines:
        if not 1 <= line.times <= 31 or not 5 <= line.minutes <= 480:
            raise FaultyTemplate(f"{line.service}: 1 to 31 times of 5 to 480 minutes")
        if line.per not in PER or line.days not in DAYS:
            raise FaultyTemplate(f"{line.service}: per is one of {PER}, days one of {DAYS}")
        if line.days != "all" and not made.terms:
            raise FaultyTemplate(f"{line.service} goes by terms, and the file states none")
    named = {one.part for one in made.goals} | {one.part for one in made.lines}
    if missing := sorted(named - set(made.parts)):
        raise FaultyTemplate(f"the part {missing[0]} is not among the parts")
    if any(first > last for first, last in made.terms):
        raise FaultyTemplate("a term ends before it begins")


def _words(row: Mapping[str, str]) -> Words:
    return Words(row["zh"], row["en"])


def _day(text: object) -> dt.date:
    return dt.date.fromisoformat(str(text))
