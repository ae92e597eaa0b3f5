"""Reads: scales, lists, one assessment, a person's levels over time (with merged files), what is about to end."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from yinling.accounts.models import User
from yinling.assessments import rules
from yinling.assessments.form_a import Option, Section, sections_from, with_lists
from yinling.assessments.models import (
    Assessment,
    AssessorCertificate,
    ConditionReport,
    Evidence,
    Instrument,
    Level,
    Signature,
)
from yinling.assessments.permissions import Assessments
from yinling.engines.scales.instruments import Instrument as Scale
from yinling.engines.scales.instruments import instrument_from
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound
from yinling.kernel.reasons import Words
from yinling.people.models import Person
from yinling.people.queries import file_ids, person_for_panel
from yinling.places.queries import key_ranges, tree
from yinling.reference.queries import entries, fact_if_any, parameter_or
from yinling.web.paging import Page, keyset_page

_built: dict[str, Scale] = {}
SIGNING = Prefetch(
    "signatures",
    Signature.objects.filter(fell_away_at__isnull=True).select_related("user", "certificate").order_by("position"),
    to_attr="live_signatures",
)


def scale_of(row: Instrument) -> Scale:
    """The checked instrument of a row; built once per process and reading."""
    if row.digest not in _built:
        _built[row.digest] = built(row.data)
    return _built[row.digest]


def built(data: Mapping[str, Any]) -> Scale:
    """A scale from JSON, where its dates are text. Raises FaultyInstrument."""
    return instrument_from({**data, "valid_from": dt.date.fromisoformat(str(data["valid_from"]))})


def form_a_of(row: Instrument) -> tuple[Section, ...]:
    """The scale's form A, empty where it has none; its code lists as `reference` holds them today."""
    return with_lists(sections_from(row.data), _codes)


def _codes(list_key: str) -> list[Option]:
    return [Option(code.code, Words(code.zh, code.en)) for code in entries(list_key)]


def instruments(on: dt.date | None = None) -> list[Instrument]:
    """The scales in force on a day, newest version of each."""
    day = on or civil_date()
    rows = Instrument.objects.filter(superseded_at__isnull=True, valid_from__lte=day).order_by("key", "valid_from")
    return list({row.key: row for row in rows if row.valid_to is None or row.valid_to > day}.values())


def instrument(key: str, on: dt.date | None = None) -> Instrument:
    """One scale in force on a day. Raises NotFound while no pack has brought it."""
    found = next((row for row in instruments(on) if row.key == key), None)
    if found is None:
        raise NotFound("instrument")
    return found


def scales() -> dict[int, Scale]:
    """Every scale that assessments may hang on, by row. One light statement; data is read once per process."""
    digests = dict(Instrument.objects.values_list("pk", "digest"))
    for row in Instrument.objects.filter(digest__in=[d for d in digests.values() if d not in _built]):
        scale_of(row)
    return {pk: _built[digest] for pk, digest in digests.items()}


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to. Empty means: any."""

    state: str = ""
    scale: str = ""
    level: int | None = None
    place_key: int = 0

    @classmethod
    def from_address(cls, address: Mapping[str, str]) -> "Filters":
        """The filters in an address; what makes no sense is left out."""
        level, place = address.get("level", ""), address.get("place", "")
        state = address.get("state", "")
        return cls(
            state=state if state in Assessment.State.values else "",
            scale=address.get("scale", ""),
            level=int(level) if level.isascii() and level.isdigit() and len(level) < 3 else None,
            place_key=int(place) if place.isascii() and place.isdigit() and len(place) == 12 else 0,
        )


def listed(filters: Filters, by: Actor) -> QuerySet[Assessment]:
    """Assessments made in the actor's divisions, narrowed, with their persons. Unordered."""
    rows = Assessment.objects.within_divisions(by).select_related("person")
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.scale:
        rows = rows.filter(instrument__key=filters.scale)
    if filters.level is not None:
        rows = rows.filter(final_level=filters.level)
    if filters.place_key:
        rows = rows.within_ranges(key_ranges([filters.place_key]))
    return rows


def assessment_page(filters: Filters, by: Actor, address: Mapping[str, str], size: int = 50) -> Page[Assessment]:
    """One page of the list, in order of place. One statement per range of the scope."""
    ranges = key_ranges([filters.place_key]) if filters.place_key else tuple(by.key_ranges())
    return keyset_page(listed(filters, by), order=("place_key", "id"), address=address, size=size, ranges=ranges)


def one_assessment(uid: UUID, by: Actor) -> Assessment:
    """One assessment the actor may see, with person, scale and live signatures. Raises NotFound."""
    rows = Assessment.objects.visible_to(by).select_related("person", "instrument", "replaces")
    return rows.prefetch_related(SIGNING, Prefetch("evidence", Evidence.objects.order_by("id"))).one(uid=uid)


def history_of(person: Person) -> list[Assessment]:
    """All assessments of a person and the files merged with it, newest first, void ones too."""
    rows = Assessment.objects.filter(person_id__in=file_ids(person)).select_related("person")
    return sorted(rows, key=lambda a: (a.happened_at is None, a.happened_at or a.recorded_at, a.pk), reverse=True)


@dataclass(frozen=True)
class Step:
    """One step of a level history: from which day, which level, found by which assessment."""

    day: dt.date
    level: int
    assessment: Assessment


def levels_of(rows: list[Assessment], known: Mapping[int, Scale]) -> dict[str, list[Step]]:
    """Level histories by scale, oldest first, from the union of a person's assessments (`history_of`) and `scales`."""
    counting = {a.pk: a for a in rows if a.state == Assessment.State.SIGNED and a.happened_at is not None}
    found: dict[str, list[rules.Finding]] = {}
    for a in counting.values():
        assert a.happened_at is not None and a.final_level is not None
        finding = rules.Finding(a.pk, civil_date(a.happened_at), a.final_level)
        found.setdefault(known[a.instrument_id].key, []).append(finding)
    return {
        key: [Step(span.valid_from, span.level, counting[span.assessment]) for span in rules.spans(findings)]
        for key, findings in found.items()
    }


def current_levels(person: Person, on: dt.date | None = None) -> dict[str, Level]:
    """The level of a person (merged files included) on each scale on a day, by scale; the latest found counts."""
    day = on or civil_date()
    rows = Level.objects.current().filter(person_id__in=file_ids(person), valid_from__lte=day)
    held = [row for row in rows.order_by("valid_from", "id") if row.valid_to is None or row.valid_to > day]
    return {row.scale: row for row in held}


def person_seen(uid: UUID, by: Actor) -> Person:
    """The person a page is about. Raises NotFound."""
    return person_for_panel(uid, by)


def level_words(scale: Scale, number: int) -> Words:
    """What a level is called on its scale; the number itself for one that the scale no longer has."""
    try:
        return scale.level(number).title
    except KeyError:
        return Words(str(number), str(number))


@dataclass(frozen=True)
class Period:
    """A number of months or days from the packs, and whether somebody compared it with its source."""

    value: int
    verified: bool


def validity_of(scale: Scale, on: dt.date) -> Period | None:
    """How many months a result of this scale counts, or None where it counts until the next one."""
    if scale.validity is None:
        return None
    return _parameter("assessment.validity_months", on) or Period(scale.validity.months, scale.validity.verified)


def warn_days(on: dt.date) -> int:
    """How many days before the end to warn."""
    found = _parameter("assessment.warn_days", on)
    return found.value if found else 30


def review_days(on: dt.date) -> int:
    """Working days in which a destitute person is assessed again after a report, 民发〔2021〕43号."""
    found = _parameter("assessment.destitute_review_working_days", on)
    return found.value if found else 10


def unsettled_reports(person: Person) -> list[ConditionReport]:
    """Changes of condition that no assessment has answered yet, newest first, merged files included."""
    rows = ConditionReport.objects.filter(person_id__in=file_ids(person), settled_by__isnull=True)
    return list(rows.order_by("-recorded_at"))


def signatures_needed(on: dt.date) -> int:
    """Assessors on site. GB/T 42195-2022 asks for two; no parameter may lower that."""
    found = _parameter("assessment.assessors", on)
    return max(found.value, 2) if found else 2


def picture_expected(on: dt.date) -> bool:
    """Whether a photo or video is expected. Unverified so far, so its lack only warns."""
    return bool(parameter_or("assessment.photo_or_video_required", False, on))


def _parameter(key: str, on: dt.date) -> Period | None:
    found = fact_if_any(key, on)
    return Period(int(found.value), found.verified) if found else None


def certificate_of(user: Any, on: dt.date) -> AssessorCertificate | None:
    """The certificate of a user valid on a day, the longest one first."""
    held = AssessorCertificate.objects.holding(on).filter(user__uid=user.uid)
    return held.order_by("-valid_to").first()


def certificates(by: Actor) -> QuerySet[AssessorCertificate]:
    """Certificates of users in the actor's divisions, those that end first on top."""
    rows = AssessorCertificate.objects.visible_to(by, Assessments.CERTIFY).filter(superseded_at__isnull=True)
    return rows.select_related("user").order_by("valid_to", "id")


def assessors_for(place_key: int) -> QuerySet[User]:
    """Users who hold a certificate today and belong to the place's county (or above it)."""
    line = [division.key for division in tree().line(place_key)]
    held = AssessorCertificate.objects.holding(civil_date()).values("user_id")
    return User.objects.filter(pk__in=held, is_active=True, place_key__in=line).order_by("name")
