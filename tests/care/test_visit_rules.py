"""Rules of visits without a database: who is due and why, columns that say the same, reports, doubts, paper."""

import datetime as dt
import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from yinling.care.rules import doubting, due, sheets, visits
from yinling.care.rules.doubting import Away, Made, Picture, Suspicion
from yinling.care.rules.due import FestivalOn, Known, Ruleset, SpellOn, Today, read
from yinling.care.rules.due_columns import due_columns
from yinling.care.rules.sheets import Typed
from yinling.care.rules.visits import Limits, VisitReport
from yinling.kernel.clock import CITY_ZONE, civil_date
from yinling.kernel.reasons import Reason, Words

NATIONAL = Path(__file__).parents[2] / "packs" / "national" / "visits.yaml"
DAY = dt.date(2026, 11, 24)  # a Tuesday
AT = dt.datetime(2026, 11, 24, 10, 0, tzinfo=CITY_ZONE)
MINUTE = dt.timedelta(minutes=1)


def rules(**changes: Any) -> Ruleset:
    return read(yaml.safe_load(NATIONAL.read_text(encoding="utf-8")) | changes)


def someone(*categories: str, **facts: Any) -> Known:
    return Known(frozenset((name, "") for name in categories), **facts)


def asked(known: Known, today: Today | None = None) -> list[tuple[str, str, dt.date, dt.date]]:
    found = due.due(rules(), known, today or Today(DAY))
    return [(one.rule, one.period, one.opens_on, one.due_on) for one in found]


def test_a_low_risk_is_visited_once_a_month() -> None:
    assert asked(someone("empty_nest")) == [("regular", "m2026-11.1", dt.date(2026, 11, 1), dt.date(2026, 11, 30))]


def test_two_visits_a_month_share_the_month() -> None:
    spans = [due.period("month", dt.date(2026, 2, day), 2) for day in (1, 14, 15, 28)]
    assert [(one.first.day, one.last.day) for one in spans] == [(1, 14), (1, 14), (15, 28), (15, 28)]


def test_a_high_risk_is_visited_every_week_from_monday_to_sunday() -> None:
    [(rule, _key, first, last)] = asked(someone("living_alone", level=4))
    assert (rule, first, last) == ("regular", dt.date(2026, 11, 23), dt.date(2026, 11, 29))


def test_a_medium_risk_is_visited_every_two_weeks() -> None:
    [(_rule, _key, first, last)] = asked(someone("living_alone", age=83))
    assert (last - first).days == 13 and first <= DAY <= last


def test_the_reason_names_tier_and_groups() -> None:
    [one] = due.due(rules(), someone("living_alone", age=83), Today(DAY))
    assert str(one.why) == "Visited every two weeks: medium risk (Living alone, Over 80)."


def test_a_tier_set_by_hand_goes_before() -> None:
    known = Known(frozenset({("empty_nest", "")}), tier_by_hand="high")
    assert asked(known)[0][1].startswith("w")


def test_only_the_severe_grades_of_a_disability_count() -> None:
    assert asked(Known(frozenset({("disabled", "1")}))) and not asked(Known(frozenset({("disabled", "3")})))


def test_the_dead_and_those_away_are_not_visited_and_it_says_so() -> None:
    known = someone("living_alone", is_here=False)
    assert not asked(known) and "in hospital" in str(due.why_none(rules(), known))


def test_whoever_is_in_no_group_is_told_which_groups_there_are() -> None:
    assert "Living alone" in str(due.why_none(rules(), someone("veteran")))


def test_cold_asks_for_one_more_every_three_days_for_those_at_risk() -> None:
    spell = SpellOn("cold", "7", dt.date(2026, 11, 20), dt.date(2026, 11, 25))
    known, today = someone("living_alone", age=83), Today(DAY, spells=(spell,))
    assert asked(known, today)[1] == ("cold", "7.1", dt.date(2026, 11, 23), dt.date(2026, 11, 25))
    assert len(asked(someone("empty_nest"), today)) == 1


def test_a_festival_asks_in_the_days_before_it_and_no_longer_on_it() -> None:
    feast = FestivalOn("Spring Festival", Words("春节", "Spring Festival"), dt.date(2026, 11, 28))
    assert [one[0] for one in asked(someone("empty_nest"), Today(DAY, festivals=(feast,)))] == ["regular", "festival"]
    assert len(asked(someone("empty_nest"), Today(feast.day, festivals=(feast,)))) == 1


@pytest.mark.parametrize(
    "changes", [{"targets": ["nobody"]}, {"regular": {"high": "week"}}, {"regular": {"high": "year", "medium": "week",
    "low": "month"}}, {"spells": {"cold": {"every_days": 0, "tiers": ["high"]}}},
    {"groups": [{"key": "all", "title": {"zh": "x", "en": "x"}, "when": [{}]}]}],
)  # fmt: skip
def test_a_file_that_cannot_be_right_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        rules(**changes)


def test_columns_and_reasons_agree_on_random_people() -> None:
    chance, known = random.Random(4), {}
    names = ["living_alone", "empty_nest", "left_behind", "disabled", "dementia", "veteran", "destitute",
             "special_family_planning", "special_difficulty"]  # fmt: skip
    for person in range(1, 601):
        held = {(name, chance.choice("1234") if name == "disabled" else "") for name in names if chance.random() < 0.25}
        known[person] = Known(
            frozenset(held), chance.choice([None, 0, 1, 2, 3, 4]), chance.choice([None, 61, 79, 80, 89, 90, 101]),
            chance.choice(["", "", "", "high", "low"]), chance.random() < 0.9,
        )  # fmt: skip
    places = {person: 431224000001 + person % 3 for person in known}
    near = SpellOn("cold", "1", dt.date(2026, 11, 22), dt.date(2026, 11, 30), ((431224000001, 431224000002),))
    feast = FestivalOn("Mid-autumn Festival", Words("中秋节", "Mid-autumn Festival"), dt.date(2026, 11, 27))
    persons = pl.DataFrame(
        [(p, places[p], k.level, k.age, k.tier_by_hand, k.is_here) for p, k in known.items()], orient="row",
        schema={"person": pl.Int64, "place_key": pl.Int64, "level": pl.Int64, "age": pl.Int64,
                "tier_by_hand": pl.String, "is_here": pl.Boolean},
    )  # fmt: skip
    rows = [(p, name, grade) for p, k in known.items() for name, grade in k.categories]
    categories = pl.DataFrame(
        rows, schema={"person": pl.Int64, "category": pl.String, "grade": pl.String}, orient="row"
    )
    found = due_columns(rules(), persons, categories, Today(DAY, 1, (near,), (feast,)))
    in_columns = {tuple(row) for row in found.select("person", "rule", "period", "opens_on", "due_on").iter_rows()}
    one_by_one = set()
    for person, facts in known.items():
        here = (near,) if places[person] <= 431224000002 else ()
        for one in due.due(rules(), facts, Today(DAY, 1, here, (feast,))):
            one_by_one.add((person, one.rule, one.period, one.opens_on, one.due_on))
    assert in_columns == one_by_one and len(one_by_one) > 500


def report(**given: Any) -> VisitReport:
    facts: dict[str, Any] = {"way": "door", "started_at": AT, "ended_at": AT + 20 * MINUTE, "has_contact": True,
                             "found": "normal"}  # fmt: skip
    return VisitReport(**(facts | given))


@pytest.mark.parametrize(
    ("given", "says"),
    [({"ended_at": AT - MINUTE}, "before it began"), ({"ended_at": AT + 800 * MINUTE}, "12 hours"),
     ({"way": "pigeon"}, "how the visit was made"), ({"found": ""}, "how you found"),
     ({"found": "help"}, "what was done"), ({"next_on": dt.date(2020, 1, 1)}, "within a year")],
)  # fmt: skip
def test_a_report_that_cannot_be_kept_says_why(given: dict[str, Any], says: str) -> None:
    assert says in str(visits.why_not_made("due", report(**given), AT + 900 * MINUTE))


def test_a_report_from_the_future_or_from_a_drawer_is_not_kept() -> None:
    assert "clock" in str(visits.why_not_made("due", report(), AT))
    assert "62" in str(visits.why_not_made("due", report(), AT + dt.timedelta(days=70)))


def test_nobody_answering_needs_no_finding() -> None:
    assert visits.why_not_made("due", report(has_contact=False, found=""), AT + 30 * MINUTE) is None


@pytest.mark.parametrize(
    ("given", "metres", "door", "noted"),
    [({}, 20, False, []), ({}, 840, False, ["far"]), ({}, 840, True, []), ({}, None, False, ["no_position"]),
     ({"ended_at": AT + MINUTE}, 5, False, ["short"]), ({"way": "phone"}, None, False, ["not_at_door"])],
)  # fmt: skip
def test_what_speaks_against_a_visit_is_noted(
    given: dict[str, Any], metres: int | None, door: bool, noted: list[str]
) -> None:
    found = visits.remarks(report(**given), metres, door, Limits())
    assert found == noted and visits.is_verified(report(**given), found) == (not noted)


def test_far_away_asks_why_at_a_desk_and_keeps_what_a_telephone_wrote() -> None:
    assert "840 m" in str(visits.why_far_unsaid(report(source="page"), 840, False, Limits()))
    assert visits.why_far_unsaid(report(source="page", far_reason="elsewhere"), 840, False, Limits()) is None
    assert visits.why_far_unsaid(report(source="app"), 840, False, Limits()) is None


def test_the_ladder_calls_twice_and_then_climbs_to_the_police() -> None:
    tried: list[str] = []
    while rung := visits.next_rung(tried):
        tried.append(rung)
    assert tried == ["call", "call", "neighbour", "cadre", "police"]
    assert visits.next_rung(["cadre"]) == "police"


def made(number: int, minutes: float, metres_east: float = 0, **given: Any) -> Made:
    begins = AT + dt.timedelta(minutes=minutes)
    facts: dict[str, Any] = {"longitude": 110.0 + metres_east / 98_000, "latitude": 27.9, "accuracy_m": 20} | given
    return Made(number, 1, number, begins, begins + 5 * MINUTE, **facts)


def kinds(rows: list[Made], away: tuple[Away, ...] = ()) -> list[str]:
    return [one.kind for one in doubting.findings(rows, away, Suspicion(), civil_date)]


def test_positions_that_nobody_travels_between_are_found_with_their_figures() -> None:
    rows = [made(1, 0), made(2, 8, 20_000)]
    [one] = doubting.findings(rows, (), Suspicion(), civil_date)
    assert one.kind == "too_fast" and one.visits == (1, 2) and one.evidence["minutes"] == 3.0
    assert one.evidence["metres"] == pytest.approx(20_000, rel=0.02)


def test_a_neighbour_a_long_way_with_time_and_a_bad_position_are_not_doubted() -> None:
    assert not kinds([made(1, 0), made(2, 6, 900)])
    assert not kinds([made(1, 0), made(2, 40, 20_000)])
    assert not kinds([made(1, 0), made(2, 6, 20_000, accuracy_m=5000)])


def test_ten_visits_in_ten_minutes_are_one_finding() -> None:
    rows = [made(number, number) for number in range(12)]
    assert kinds(rows) == ["crowded"] and not kinds([made(number, number * 2) for number in range(12)])


def test_contact_with_the_dead_and_with_somebody_in_hospital_is_found() -> None:
    assert kinds([made(1, 0, died_on=dt.date(2026, 11, 20))]) == ["dead"]
    assert not kinds([made(1, 0, died_on=dt.date(2026, 11, 24))])
    stay = Away(1, "hospital", AT - dt.timedelta(days=1))
    assert kinds([made(1, 0)], (stay,)) == ["elsewhere"]
    assert not kinds([made(1, 0, way="phone")], (stay,))


def test_the_same_photograph_and_one_saved_again_are_found_and_a_covered_lens_is_not() -> None:
    bits = 0x0F0F33CC55AA9966
    old = [Picture(1, 1, "a", bits), Picture(2, 1, "b", 0)]
    found = doubting.same_photos([Picture(3, 1, "c", bits ^ 0b11), Picture(4, 1, "d", 0)], old, Suspicion())
    assert [(one.visits, one.evidence["bits"]) for one in found] == [((1, 3), 2)]
    assert doubting.same_photos([Picture(9, 1, "a", None)], old, Suspicion())[0].visits == (1, 9)


def test_a_code_names_its_visit_and_finds_every_slip_of_one_character() -> None:
    for number in (1, 27, 28, 9_999, 1_234_567):
        code = sheets.code_of(number)
        assert sheets.number_of(f" {code.lower()} ") == number
        for at in range(len(code)):
            for sign in sheets.SIGNS:
                if sign != code[at]:
                    assert sheets.number_of(code[:at] + sign + code[at + 1 :]) != number
    assert sheets.number_of("") is None and sheets.number_of("O0IL1") is None


def typed(**given: str) -> VisitReport | Reason:
    return sheets.report_of(Typed(**({"code": "x", "day": "24", "start": "0930"} | given)), None, {"1": "advice"},
                            CITY_ZONE, DAY)  # fmt: skip


def test_a_typed_line_is_a_report_with_the_defaults_of_the_sheet() -> None:
    found = typed()
    assert isinstance(found, VisitReport) and found.has_contact and found.found == "normal"
    assert (found.ended_at - found.started_at) == 15 * MINUTE and found.started_at.astimezone(CITY_ZONE).hour == 9


@pytest.mark.parametrize(
    ("given", "day"),
    [({"day": "24"}, dt.date(2026, 11, 24)), ({"day": "25"}, dt.date(2026, 10, 25)),
     ({"day": "1231"}, dt.date(2025, 12, 31)), ({"day": "11-3"}, dt.date(2026, 1, 13))],
)  # fmt: skip
def test_a_day_lies_in_the_past(given: dict[str, str], day: dt.date) -> None:
    found = typed(**given)
    assert isinstance(found, VisitReport) and civil_date(found.started_at) == day


@pytest.mark.parametrize("given", [{"day": "x"}, {"start": "2570"}, {"minutes": "0"}, {"found": "9"}, {"actions": "7"},
                                   {"way": "8"}, {"day": "", "start": "9"}])  # fmt: skip
def test_a_field_that_cannot_be_read_says_how_to_type_it(given: dict[str, str]) -> None:
    assert isinstance(typed(**given), Reason)
