"""Draws: committed, closed, revealed before a witness; every refusal, with nothing written."""

from typing import Any

import pytest

from tests.conftest import HECHENG, LUFENG, QIAOJIANG, XUPU
from yinling.accounts.models import User
from yinling.inspections import queries, services
from yinling.inspections.models import Draw, Inspection
from yinling.inspections.rules import drawing
from yinling.institutions.models import Institution
from yinling.institutions.services import close_institution
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.worklist.models import WorkItem

from .builders import BY, DAY, a_hazard, a_home, an_inspector, wanted

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(city: Any) -> User:
    return an_inspector("officer")


@pytest.fixture
def homes(city: Any) -> list[Institution]:
    made = [a_home(f"敬老院{at}", LUFENG if at % 2 else QIAOJIANG) for at in range(4)]
    for _at in range(3):
        a_hazard(made[0], level="major", item="")
    return made


@pytest.fixture
def three(city: Any) -> list[User]:
    return [an_inspector(f"inspector{at}") for at in range(3)]


def closed(officer: User, three: list[User], **more: Any) -> Draw:
    found = services.open_draw(place_key=XUPU, wanted=wanted(**more), by=officer)
    return services.close_list(uid=found.uid, inspectors=three, by=officer)


def revealed(found: Draw, officer: User) -> Draw:
    return services.reveal_draw(uid=found.uid, witness="田见证", words="八二六", by=officer)


def test_the_commitment_is_sealed_before_a_list_exists(officer: User, homes: list[Institution]) -> None:
    found = services.open_draw(place_key=XUPU, wanted=wanted(), by=officer)
    assert found.closed is None and len(found.commitment) == 64
    assert Change.objects.get(type="inspections.draw_opened").data["commitment"] == found.commitment
    assert found.commitment.encode() not in bytes(found.seed_sealed)


def test_a_draw_from_commitment_to_inspections(officer: User, homes: list[Institution], three: list[User]) -> None:
    found = closed(officer, three, homes=2)
    assert WorkItem.objects.open().filter(kind="inspections.reveal").count() == 1
    found = revealed(found, officer)
    visits = list(Inspection.objects.filter(draw=found))
    assert len(visits) == 2 and all(visit.seats.count() == 2 for visit in visits)
    assert {visit.kind for visit in visits} == {"random"}
    assert not WorkItem.objects.open().filter(kind="inspections.reveal").exists()
    for is_whole in (False, True):
        assert all(check.is_sound for check in drawing.verify(queries.record_of(found, is_whole=is_whole)))


def test_a_home_of_higher_risk_has_more_slips(officer: User, homes: list[Institution], three: list[User]) -> None:
    found = closed(officer, three)
    assert found.closed is not None
    weights = found.closed["weights"]
    assert weights[str(homes[0].uid)] == 5 and {weights[str(home.uid)] for home in homes[1:]} == {1}
    assert len(found.closed["list"]["slips"]) == 8


def test_the_public_record_tells_no_grade_and_no_home_that_was_not_drawn(
    officer: User, homes: list[Institution], three: list[User]
) -> None:
    text = str(queries.record_of(revealed(closed(officer, three), officer), is_whole=False))
    drawn = Inspection.objects.get().institution
    assert drawn.name in text and "grades" not in text and "weights" not in text
    assert not [home.name for home in homes if home != drawn and str(home.uid) in text]
    assert three[0].name not in text


def test_closed_homes_and_other_counties_do_not_take_part(
    officer: User, homes: list[Institution], three: list[User]
) -> None:
    a_home("鹤城敬老院", HECHENG)
    close_institution(uid=homes[3].uid, on=civil_date(), reason="停办演示", by=BY)
    found = closed(officer, three)
    assert found.closed is not None
    assert set(found.closed["weights"]) == {str(home.uid) for home in homes[:3]}


def test_own_unit_interest_and_workplace_recuse(officer: User, homes: list[Institution]) -> None:
    local = an_inspector("local", LUFENG)
    others = [an_inspector(f"other{at}") for at in range(2)]
    services.declare_interest(institution_uid=homes[0].uid, why="母亲住院中", by=others[0])
    found = services.open_draw(place_key=XUPU, wanted=wanted(), by=officer)
    with pytest.raises(Refused, match="may inspect"):
        services.close_list(uid=found.uid, inspectors=others, by=officer)
    people = [local, *others, officer]
    found = services.close_list(uid=found.uid, inspectors=people, by=officer)
    assert found.closed is not None
    codes = {user: code for code, user in found.closed["users"].items()}
    recused = {slip["home"]: set(slip["recused"]) for slip in found.closed["slips"]}
    assert recused[str(homes[0].uid)] == {codes[others[0].pk]}
    assert recused[str(homes[1].uid)] == {codes[local.pk]}


@pytest.mark.parametrize(
    "more",
    [{"homes": 0}, {"homes": 1, "inspectors": 1}, {"homes": 201}],
)
def test_a_draw_of_nothing_or_without_a_pair_is_refused(officer: User, more: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        services.open_draw(place_key=XUPU, wanted=wanted(**more), by=officer)
    assert not Draw.objects.exists()


def test_a_draw_for_yesterday_is_refused(officer: User) -> None:
    past = services.Wanted("抽查", "fire", 1, civil_date() - DAY, civil_date())
    with pytest.raises(Refused, match="from today on"):
        services.open_draw(place_key=XUPU, wanted=past, by=officer)
    assert not Draw.objects.exists()


def test_a_list_without_enough_homes_or_inspectors_stays_open(
    officer: User, homes: list[Institution], three: list[User]
) -> None:
    found = services.open_draw(place_key=XUPU, wanted=wanted(9), by=officer)
    with pytest.raises(Refused, match="only 4 are on the list"):
        services.close_list(uid=found.uid, inspectors=three, by=officer)
    small = services.open_draw(place_key=XUPU, wanted=wanted(1), by=officer)
    with pytest.raises(Refused, match="only 1 are on the list"):
        services.close_list(uid=small.uid, inspectors=three[:1], by=officer)
    with pytest.raises(Refused, match="may not inspect in this division"):
        services.close_list(uid=small.uid, inspectors=[*three, an_inspector("far", HECHENG)], by=officer)
    assert {draw.state for draw in Draw.objects.all()} == {"open"} and not WorkItem.objects.filter(
        kind="inspections.reveal"
    )


def test_a_reveal_needs_a_closed_list_a_witness_and_words(
    officer: User, homes: list[Institution], three: list[User]
) -> None:
    fresh = services.open_draw(place_key=XUPU, wanted=wanted(), by=officer)
    with pytest.raises(Refused, match="another step"):
        revealed(fresh, officer)
    found = closed(officer, three)
    for witness, words in (("", "八二六"), ("田见证", "八")):
        with pytest.raises(Refused):
            services.reveal_draw(uid=found.uid, witness=witness, words=words, by=officer)
    assert Draw.objects.get(pk=found.pk).state == "closed" and not Inspection.objects.exists()


def test_nothing_is_drawn_twice_and_a_closed_list_stays_closed(
    officer: User, homes: list[Institution], three: list[User]
) -> None:
    found = revealed(closed(officer, three), officer)
    with pytest.raises(Refused, match="another step"):
        revealed(found, officer)
    with pytest.raises(Refused, match="another step"):
        services.close_list(uid=found.uid, inspectors=three, by=officer)
    with pytest.raises(Refused, match="over"):
        services.abandon_draw(uid=found.uid, reason="结果不理想", by=officer)
    assert Inspection.objects.count() == 1


def test_an_abandoned_draw_stays_public_with_its_reason(
    officer: User, homes: list[Institution], three: list[User]
) -> None:
    found = closed(officer, three)
    with pytest.raises(Refused, match="Say why"):
        services.abandon_draw(uid=found.uid, reason="", by=officer)
    services.abandon_draw(uid=found.uid, reason="见证人缺席", by=officer)
    assert [draw.abandon_reason for draw in queries.public_draws()] == ["见证人缺席"]


def test_who_may_not_draw_draws_nothing(homes: list[Institution]) -> None:
    with pytest.raises(NotAllowed):
        services.open_draw(place_key=XUPU, wanted=wanted(), by=an_inspector("far", HECHENG))
    assert not Draw.objects.exists()


def test_another_county_does_not_see_a_draw_at_work(officer: User, homes: list[Institution], three: list[User]) -> None:
    found = closed(officer, three)
    with pytest.raises(NotFound):
        revealed(found, an_inspector("far", HECHENG))
