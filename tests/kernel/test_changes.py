"""Changes: recorded with what they tell, numbered without gaps, sealed, delivered once or more, in order."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

import pytest

from yinling.kernel import changes, seals
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date
from yinling.kernel.events import Event
from yinling.kernel.models import Change, DayRoot, DeadLetter
from yinling.kernel.uids import new_uid

pytestmark = pytest.mark.django_db
XUPU, HECHENG = 431224000000, 431202000000


@dataclass(frozen=True)
class LampLit(Event):
    """A fact for tests."""

    kind: ClassVar[str] = "tests.lamp_lit"
    subject: ClassVar[str] = "lamp"
    brightness: int = 0


@pytest.fixture(autouse=True)
def no_other_listeners(monkeypatch: pytest.MonkeyPatch) -> None:
    from collections import defaultdict  # noqa: PLC0415

    monkeypatch.setattr(changes, "_listeners", defaultdict(list))


def light(system: System, count: int = 1, place_key: int = XUPU) -> list[Change]:
    return [
        changes.record(LampLit(uid=new_uid(), brightness=n), by=system, place_key=place_key, content={"n": n})
        for n in range(count)
    ]


def test_a_change_tells_who_what_and_where_and_keeps_no_content(system: System) -> None:
    change = light(system)[0]
    assert (change.type, change.subject_kind, change.place_key) == ("tests.lamp_lit", "lamp", XUPU)
    assert change.data == {"brightness": 0}
    assert len(change.digest) == 32


def test_numbers_have_no_gaps_and_chains_are_per_county(system: System) -> None:
    light(system, 3, XUPU)
    light(system, 2, HECHENG)
    assert seals.seal_changes() == 5
    assert list(Change.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert not list(seals.verify())
    assert seals.seal_changes() == 0


def test_one_altered_row_is_named(system: System) -> None:
    light(system, 3)
    seals.seal_changes()
    Change.objects.filter(number=2).update(reason="nothing happened")
    assert seals.Broken(2, "altered") in list(seals.verify())


def test_a_removed_row_is_noticed(system: System) -> None:
    light(system, 3)
    seals.seal_changes()
    Change.objects.filter(number=2).delete()
    assert any(broken.what == "missing" for broken in seals.verify())


def test_a_closed_day_has_a_root_and_an_open_one_has_not(system: System) -> None:
    light(system, 2)
    seals.seal_changes()
    today = civil_date()
    assert seals.close_days(today) == 0
    assert seals.close_days(today + dt.timedelta(days=1)) == 1
    assert DayRoot.objects.get().last_number == 2
    assert seals.close_days(today + dt.timedelta(days=1)) == 0


def test_listeners_hear_numbered_changes_in_order_and_once(system: System) -> None:
    heard: list[int] = []
    changes.listen("tests.lamp_lit", "tests", lambda change: heard.append(change.data["brightness"]))
    light(system, 3)
    assert changes.deliver() == 0  # not numbered yet
    seals.seal_changes()
    assert changes.deliver() == 3
    assert changes.deliver() == 0
    assert heard == [0, 1, 2]


def test_a_failing_listener_leaves_a_dead_letter_and_goes_on(system: System) -> None:
    heard: list[int] = []

    def hear(change: Change) -> None:
        if change.data["brightness"] == 1:
            raise ValueError("too bright")
        heard.append(change.data["brightness"])

    changes.listen("tests.lamp_lit", "tests", hear)
    light(system, 3)
    seals.seal_changes()
    changes.deliver()
    assert heard == [0, 2]
    assert "too bright" in DeadLetter.objects.get().error
