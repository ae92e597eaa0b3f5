"""Past years at once; lists as workbooks; figures; packs loaded twice."""

import datetime as dt
from typing import Any

import pytest

from yinling.inspections import exports, measures, services, shapes
from yinling.inspections.models import Checklist, Finding, Hazard, Inspection
from yinling.inspections.services import PastHazard, PastInspection
from yinling.institutions.models import Institution
from yinling.kernel.clock import civil_date, now
from yinling.worklist.models import WorkItem

from .builders import BY, DAY, a_hazard, a_notice, an_inspector, the_lists_are_loaded

pytestmark = pytest.mark.django_db
IN_MARCH = dt.date(2025, 3, 1)


def a_fault(**more: Any) -> PastHazard:
    given: dict[str, Any] = {
        "item": "fire.4", "words": "灭火器失压", "measure": "更换", "due_on": IN_MARCH + 15 * DAY,
        "responsible": "院长", "closed_on": IN_MARCH + 9 * DAY,
    }  # fmt: skip
    return PastHazard(**(given | more))


def a_past(home: Institution, *hazards: PastHazard, on: dt.date = IN_MARCH) -> PastInspection:
    return PastInspection(home, "planned", "fire", on, "田永红、舒建国", hazards)


def test_past_years_come_signed_numbered_and_without_duties_for_what_is_closed(home: Institution) -> None:
    later = a_fault(closed_on=None, due_on=civil_date() + DAY)
    past = [a_past(home, later, on=IN_MARCH + 60 * DAY), a_past(home, a_fault())]
    assert services.load_past(past=past, by=BY) == (2, 2)
    first, second = Hazard.objects.order_by("found_on")
    assert (first.state, second.state, second.repeats) == ("closed", "rectifying", first)
    assert Inspection.objects.get(planned_on=IN_MARCH).number == "J431224-2025-0001"
    assert Finding.objects.count() == 24
    assert [item.subject_uid for item in WorkItem.objects.open()] == [second.uid]


def test_numbers_go_on_after_a_load(home: Institution) -> None:
    services.load_past(past=[a_past(home, a_fault(), on=civil_date() - DAY)], by=BY)
    assert a_hazard(home).number.endswith("-0002")


def test_a_checklist_loaded_again_changes_nothing(home: Institution) -> None:
    count = Checklist.objects.count()
    the_lists_are_loaded()
    assert Checklist.objects.count() == count


@pytest.mark.parametrize("listing", exports.LISTINGS, ids=lambda listing: listing.key)
def test_every_list_has_a_cell_for_each_heading(listing: Any, home: Institution) -> None:
    services.load_past(past=[a_past(home, a_fault())], by=BY)
    a_notice(a_hazard(home))
    rows = list(listing.rows(an_inspector("inspector"), {}))
    assert all(len(row) == len(listing.columns) for row in rows)
    assert bool(rows) == (listing.key != "draws")


def test_the_shapes_of_other_systems_are_marked_unverified() -> None:
    assert {shape.verified for shape in shapes.shapes()} == {False}
    assert all("未核实" in shape.title for shape in shapes.shapes())


def test_figures_count_open_late_and_major_hazards_and_visits(home: Institution) -> None:
    services.load_past(past=[a_past(home, a_fault(closed_on=None), on=IN_MARCH)], by=BY)
    a_hazard(home, level="major")
    today, moment = civil_date(), now() + dt.timedelta(minutes=1)
    counted = {one.key: one.count(today, moment).get(home.place_key, 0) for one in measures.MEASURES}
    assert counted == {"hazards_open": 2, "hazards_major": 1, "hazards_overdue": 1, "inspections_done": 0}
    assert measures.INSPECTED.count(IN_MARCH, moment) == {home.place_key: 1}
