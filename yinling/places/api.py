"""Divisions for programs: find, one with its versions, its kept figures."""

import datetime as dt
from typing import Annotated

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from yinling.kernel.actors import require
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.measures import kept, offered
from yinling.places import queries
from yinling.places.models import Level, Place
from yinling.places.permissions import Places
from yinling.web.api.frame import Answered, ApiRequest, Asked, Paged, PlaceKey, Word, router, told
from yinling.web.paging import keyset_page

places = router(_("Divisions"))
YEAR = dt.timedelta(days=400)


class DivisionOut(Schema):
    """A division. `key` never changes; code, name and parent are today's. `parent` of an ended one: its successor."""

    key: int
    level: Level
    code: str
    name: str
    path: str
    parent: int | None
    is_current: bool


class VersionOut(Schema):
    """What was official from a day until another (exclusive; none: still)."""

    valid_from: dt.date
    valid_to: dt.date | None
    code: str
    name: str
    parent: int | None
    successor: int | None
    split_from: int | None
    source: str


class DivisionWithHistory(DivisionOut):
    """A division and its versions, newest first."""

    versions: list[VersionOut]


class DivisionsAsked(Paged):
    """Part of a name, pinyin, initials or code; directly below a division; one level."""

    q: Word = ""
    parent: PlaceKey | None = None
    level: Level | None = None


@places.get("/divisions", response=Answered[DivisionOut], **told(_("Find divisions"), Places.READ))
def find_divisions(request: ApiRequest, asked: Query[DivisionsAsked]) -> Answered[DivisionOut]:
    """The token's divisions. With `q` the best matches on one page, ended ones too; without, all in order of key."""
    require(request.auth, Places.READ)
    mine = Place.objects.visible_to(request.auth, Places.READ)
    if asked.parent:
        mine = mine.filter(parent_id=asked.parent)
    if asked.level:
        mine = mine.filter(level=asked.level)
    if asked.q.strip():
        found = queries.matching(asked.q, mine, asked.size)
        return Answered(items=[_division(place) for place in found])
    page = keyset_page(mine.filter(is_current=True), order=("key",), address=asked.address, size=asked.size)
    asked.refuse_damaged(page)
    return Answered(items=[_division(place) for place in page], next=page.next)


def _division(place: Place) -> DivisionOut:
    path = queries.tree().path(place.key, below="")
    return DivisionOut(
        key=place.key, level=Level(place.level), code=place.code, name=place.name, path=path, parent=place.parent_id,
        is_current=place.is_current,
    )  # fmt: skip


@places.get(
    "/divisions/{int:key}", response=DivisionWithHistory, **told(_("One division with its history"), Places.READ)
)
def one_division(request: ApiRequest, key: PlaceKey) -> DivisionWithHistory:
    """Its dated versions, and what it went into or was cut out of."""
    require(request.auth, Places.READ)
    place = queries.place_seen(key, request.auth)
    versions = [
        VersionOut(
            valid_from=one.valid_from, valid_to=one.valid_to, code=one.code, name=one.name, parent=one.parent_id,
            successor=one.successor_id, split_from=one.split_from_id, source=one.source,
        )
        for one in queries.history_of(place)
    ]  # fmt: skip
    return DivisionWithHistory(**_division(place).model_dump(), versions=versions)


class FiguresAsked(Asked):
    """One measure or all; since a day (default and limit: 400 days back)."""

    measure: Word = ""
    since: dt.date | None = None


class Point(Schema):
    """A value as it was counted for a day."""

    day: dt.date
    value: int


class FigureOut(Schema):
    """A measure of a division, oldest value first."""

    measure: str
    title: str
    unit: str
    points: Annotated[list[Point], Field(max_length=400)]


@places.get(
    "/divisions/{int:key}/figures", response=Answered[FigureOut], **told(_("Kept figures of a division"), Places.READ)
)
def figures(request: ApiRequest, key: PlaceKey, asked: Query[FiguresAsked]) -> Answered[FigureOut]:
    """Values that the platform counts once a night and keeps, so that last year's figure stays the same."""
    require(request.auth, Places.READ)
    if not any(low <= key <= high for low, high in request.auth.key_ranges()):
        raise NotFound("place")
    known, earliest = offered(), civil_date() - YEAR
    if asked.measure and asked.measure not in known:
        raise Refused(
            "There is no measure {measure}. Known are: {known}.",
            field="measure", measure=asked.measure, known=sorted(known),
        )  # fmt: skip
    series = kept(key, [asked.measure] if asked.measure else known, max(asked.since or earliest, earliest))
    return Answered(
        items=[
            FigureOut(
                measure=name, title=gettext(known[name].title), unit=gettext(known[name].unit),
                points=[Point(day=day, value=value) for day, value in points],
            )
            for name, points in series.items() if points
        ]
    )  # fmt: skip
