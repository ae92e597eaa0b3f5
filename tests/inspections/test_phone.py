"""An inspector's telephone: what lies on it, answers that arrive once, what is said when others stand."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import HECHENG
from tests.institutions.builders import a_home
from tests.sync.builders import Telephone
from yinling.accounts.models import User
from yinling.inspections import phone_feeds, services
from yinling.inspections.models import Finding, Inspection, Signature
from yinling.inspections.rules.inspecting import Answered
from yinling.institutions.models import Institution
from yinling.kernel.clock import civil_date
from yinling.sync.models import Command

from .builders import BY, DAY, a_planned_inspection, an_inspector, answered, signed_by

pytestmark = pytest.mark.django_db


def answers(phone: Telephone, found: Inspection, **given: str) -> str:
    """Items answered without a signal; `_no` with a note: not in order (`fire_7="no 插线板"`)."""
    rows = [[item.replace("_", "."), *words.partition(" ")[::2], phone.now_ms()] for item, words in given.items()]
    return phone.keep("inspection", {"inspection": str(found.uid), "name": "家", "answers": rows})


def on_record(found: Inspection) -> dict[str, tuple[str, str]]:
    """Answers as they stand."""
    rows = Finding.objects.filter(inspection=found).order_by("item")
    return {row.item: (row.answer, row.note) for row in rows}


def last_said(phone: Telephone) -> dict[str, Any]:
    """What the platform said to the newest command."""
    return list(phone.acknowledged.values())[-1]


def test_a_phone_holds_the_inspections_of_the_week_that_its_user_is_sent_on(home: Institution, inspector: User) -> None:
    other = an_inspector("other")
    mine = a_planned_inspection(home, inspector, other)
    a_planned_inspection(home, other)
    a_planned_inspection(home, inspector, planned_on=civil_date() + 20 * DAY)
    phone = Telephone(inspector).log_in()
    phone.send()
    assert phone.held("inspection") == {str(mine.uid)}
    held = phone.documents["inspection", str(mine.uid)]
    asked = phone.documents["checklist", held["list"]]
    assert held["home"] == home.name
    keys = [item[0] for _title, items in asked["groups"] for item in items]
    assert keys == list(mine.checklist.questions.items)


def test_it_says_what_was_not_in_order_last_time(home: Institution, inspector: User) -> None:
    other = an_inspector("other")
    signed_by(answered(a_planned_inspection(home, inspector, other), fire_7="插线板"), inspector, other)
    now = a_planned_inspection(home, inspector)
    phone = Telephone(inspector).log_in()
    phone.send()
    day, not_in_order = phone.documents["inspection", str(now.uid)]["last"]
    assert day == str(civil_date()) and [(one[0], one[2]) for one in not_in_order] == [("fire.7", "插线板")]


def test_ten_inspections_cost_no_more_statements_than_one(inspector: User) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            for feed in phone_feeds.FEEDS:
                feed.documents(list(feed.held_by(inspector)), inspector)
        return len(seen)

    a_planned_inspection(a_home(), inspector)
    statements()
    first = statements()
    for _more in range(9):
        a_planned_inspection(a_home(), inspector)
    assert statements() == first


def test_answers_given_without_a_signal_arrive_once_however_often_they_are_sent(
    home: Institution, inspector: User
) -> None:
    found, phone = a_planned_inspection(home, inspector), Telephone(inspector).log_in()
    phone.send()
    answers(phone, found, fire_1="yes", fire_7="no 插线板")
    phone.send(is_lost=True)
    phone.send(is_lost=True)
    phone.send()
    found.refresh_from_db()
    assert found.state == Inspection.State.STARTED and not phone.queue
    assert on_record(found) == {"fire.1": ("yes", ""), "fire.7": ("no", "插线板")}
    assert Command.objects.get().outcome == "done"
    given = phone.documents["inspection", str(found.uid)]["given"]
    assert given == {"fire.1": ["yes", ""], "fire.7": ["no", "插线板"]}


def test_an_inspection_of_another_county_is_refused(home: Institution, inspector: User) -> None:
    found = a_planned_inspection(home, inspector)
    stranger = Telephone(an_inspector("stranger", HECHENG)).log_in()
    answers(stranger, found, fire_1="no 门锁着")
    stranger.send()
    assert Command.objects.get().outcome == "refused" and not on_record(found)


def test_a_signed_inspection_stays_as_it_is(home: Institution, inspector: User) -> None:
    other = an_inspector("other")
    found, phone = a_planned_inspection(home, inspector, other), Telephone(inspector).log_in()
    phone.send()
    answers(phone, found, fire_1="no 门锁着")
    signed_by(answered(found), inspector, other)
    phone.send()
    assert last_said(phone)["outcome"] == "refused" and last_said(phone)["words"]
    assert on_record(found)["fire.1"] == ("yes", "") and str(found.uid) not in phone.held("inspection")


def test_another_inspectors_answer_stands_unless_mine_is_graver(home: Institution, inspector: User) -> None:
    other = an_inspector("other")
    found, phone = a_planned_inspection(home, inspector, other), Telephone(inspector).log_in()
    phone.send()
    answers(phone, found, fire_1="no 门锁着", fire_7="yes")
    for item, given in {"fire.1": Answered("yes"), "fire.7": Answered("no", "插线板")}.items():
        services.answer(uid=found.uid, item=item, given=given, by=other)
    phone.send()
    assert on_record(found) == {"fire.1": ("no", "门锁着"), "fire.7": ("no", "插线板")}
    said = last_said(phone)
    assert said["outcome"] == "settled" and [one[0] for one in said["differences"]] == ["fire.7"]


def test_the_later_of_my_own_answers_counts(home: Institution, inspector: User) -> None:
    found, phone = a_planned_inspection(home, inspector), Telephone(inspector).log_in()
    answers(phone, found, fire_1="no 门锁着")
    services.answer(uid=found.uid, item="fire.1", given=Answered("yes"), by=inspector)
    phone.send()
    assert on_record(found)["fire.1"] == ("yes", "")


def test_answers_that_change_nothing_leave_a_signature_and_others_take_it(home: Institution, inspector: User) -> None:
    other = an_inspector("other")
    found = signed_by(answered(a_planned_inspection(home, inspector, other), BY), other)
    phone = Telephone(inspector).log_in()
    answers(phone, found, fire_1="yes")
    phone.send()
    assert Signature.objects.filter(inspection=found, fell_away_at__isnull=True).count() == 1
    answers(phone, found, fire_1="no 门锁着")
    phone.send()
    assert not Signature.objects.filter(inspection=found, fell_away_at__isnull=True).exists()
    assert last_said(phone)["words"]


def test_what_cannot_be_read_is_refused_and_writes_nothing(home: Institution, inspector: User) -> None:
    found, phone = a_planned_inspection(home, inspector), Telephone(inspector).log_in()
    answers(phone, found, fire_1="yes", fire_2="perhaps")
    answers(phone, found, no_such_item="yes")
    phone.keep("inspection", {"inspection": str(found.uid), "answers": "x"})
    phone.send()
    assert {one.outcome for one in Command.objects.all()} == {"refused"} and not on_record(found)
