"""Decisions of the time bank, without a database; the cases are in YAML, for a policy officer to read."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from yinling.kernel.clock import CITY_ZONE
from yinling.kernel.reasons import Reason
from yinling.volunteers.rules import joining, moving
from yinling.volunteers.rules.matching import Candidate, Slot, Wanted, matches, why_no_match
from yinling.volunteers.rules.serving import Limits, Served, credit_of, why_not_confirmed
from yinling.volunteers.rules.solvency import Assumptions, Village, first_short, project, together, volunteers_missing

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
NINE = dt.datetime(2026, 11, 23, 9, tzinfo=CITY_ZONE)  # a Monday
EVERY_DAY = Slot(frozenset(range(7)), 8, 18)


@pytest.mark.parametrize("case", CASES["services"], ids=lambda case: case["name"])
def test_what_a_service_counts(case: dict[str, Any]) -> None:
    served = Served(
        NINE, NINE + dt.timedelta(minutes=case["lasted"]), is_paid=case.get("paid", False),
        same_household=case.get("same_household", False), planned=case.get("planned"),
        earned_that_day=case.get("earned", 0),
    )  # fmt: skip
    found = credit_of(served, Limits())
    if "why" in case:
        assert isinstance(found, Reason) and case["why"] in str(found)
    else:
        assert not isinstance(found, Reason) and found.minutes == case["counts"]


@pytest.mark.parametrize("case", CASES["cap"], ids=lambda case: case["name"])
def test_the_cap_keeps_what_fits_and_donates_the_rest(case: dict[str, Any]) -> None:
    found = moving.split_at_cap(case["earned"], case["held"], 1500 * 60)
    assert (found.kept, found.donated) == (case["kept"], case["donated"])


@given(lasted=st.integers(0, 2000), earned=st.integers(0, 480), planned=st.none() | st.integers(30, 480))
def test_no_service_ever_counts_more_than_it_lasted_or_the_day_allows(
    lasted: int, earned: int, planned: int | None
) -> None:
    served = Served(NINE, NINE + dt.timedelta(minutes=lasted), planned=planned, earned_that_day=earned)
    found = credit_of(served, Limits())
    if not isinstance(found, Reason):
        assert 30 <= found.minutes <= min(lasted, 480 - earned, planned or lasted) and found.minutes % 15 == 0


def test_hours_are_spent_from_sixty_for_oneself_or_the_spouse() -> None:
    assert moving.why_not_redeemed(60, 60, is_self=True, is_spouse=False) is None
    assert moving.why_not_redeemed(72, 60, is_self=False, is_spouse=True) is None
    assert "from the age of 60" in str(moving.why_not_redeemed(59, 60, is_self=True, is_spouse=False))
    assert "gift" in str(moving.why_not_redeemed(80, 60, is_self=False, is_spouse=False))


def test_the_oldest_hours_expire_and_the_youngest_are_kept() -> None:
    assert moving.expired(600, 200) == 400
    assert moving.expired(150, 200) == 0


def test_whoever_served_or_reported_is_no_witness() -> None:
    known = frozenset({"sign", "witness"})
    assert why_not_confirmed("done", is_own_service=True, reported_it=True, proof="sign", known=known)
    assert why_not_confirmed("done", is_own_service=False, reported_it=True, proof="witness", known=known)
    assert why_not_confirmed("done", is_own_service=False, reported_it=True, proof="sign", known=known) is None


def test_a_volunteer_is_accepted_when_every_check_asked_for_is_passed() -> None:
    assert "1 of the checks" in str(joining.why_not_accepted("applied", {"identity"}, ("identity", "health")))
    assert joining.why_not_accepted("applied", {"identity", "health"}, ("identity", "health")) is None


def test_the_pool_serves_those_on_its_list_first_and_otherwise_in_order() -> None:
    assert moving.served_first([False, True, False, True]) == [1, 3, 0, 2]


def wanted(**more: Any) -> Wanted:
    return Wanted(
        **({"member": 1, "place_key": 431224100001, "service": "company", "starts_at": NINE, "minutes": 60} | more)
    )


def somebody(number: int, **more: Any) -> Candidate:
    plain = {
        "member": number + 100,
        "place_key": 431224100001,
        "skills": frozenset(),
        "speaks": frozenset(),
        "sex": "2",
    }
    return Candidate(volunteer=number, **({**plain, "slots": [EVERY_DAY]} | more))


def test_who_is_wished_for_comes_before_who_is_near() -> None:
    far = somebody(2, place_key=431224103001)
    found = matches(wanted(wished=2), [somebody(1), far])
    assert [one.volunteer for one in found] == [2, 1]
    assert [str(one) for one in found[0].reasons] == ["Wished for by name"]


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (somebody(1, place_key=431202001001), "another county"),
        (somebody(1, household=7), "same household"),
        (somebody(1, slots=[Slot(frozenset({5, 6}), 8, 18)]), "no time"),
        (somebody(1, slots=[Slot(frozenset(range(7)), 8, 9)]), "no time"),
        (somebody(1, taken=[(NINE, NINE + dt.timedelta(hours=1))]), "somebody else"),
        (somebody(1, skills=frozenset({"haircut"})), "skill"),
    ],
)
def test_who_does_not_suit_and_why(who: Candidate, why: str) -> None:
    assert why in str(why_no_match(wanted(household=7, skill="" if "skill" not in why else "cooking"), who))


PLAIN = Assumptions(years=10, share_serving=10, hours_a_year=50, dies_60=0, dies_70=0, dies_80=0, dies_90=0)


def test_hours_claimed_follow_what_is_held_by_those_old_enough() -> None:
    years = project(Village(1, {65: 100, 80: 10}, {80: 6000, 60: 6000}), 2026, PLAIN)
    assert years[0].promised == 200 and years[0].claimed == 15 and years[0].given == 500
    assert first_short(years) is None


def test_a_village_of_the_very_old_runs_short_and_says_how_many_are_missing() -> None:
    years = project(Village(1, {85: 50}, {85: 60_000}), 2026, PLAIN)
    assert first_short(years) == 2026
    assert volunteers_missing(years[0], PLAIN) == 3  # 150 hours claimed, 50 a volunteer


def test_what_a_village_gives_is_promised_again_except_what_goes_to_the_pool() -> None:
    years = project(Village(1, {60: 100}), 2026, PLAIN)
    assert years[1].promised == pytest.approx(500 * 0.95)
    assert project(Village(1, {60: 100}), 2026, Assumptions(share_serving=0))[5].promised == 0


@given(people=st.dictionaries(st.integers(60, 99), st.integers(0, 500), max_size=20))
def test_the_whole_is_the_sum_of_its_villages(people: dict[int, int]) -> None:
    one = project(Village(1, people, dict.fromkeys(people, 600)), 2026, PLAIN)
    both = together([one, one])
    assert [year.claimed for year in both] == pytest.approx([2 * year.claimed for year in one])
