"""Telephones against the real services: what lies on them, what they send, what happens when they are lost."""

import pytest
from django.test import Client

from tests.conftest import HECHENG, a_user, client_of
from tests.pictures import a_jpeg
from yinling.accounts.services import deactivate
from yinling.care.models import Proof, Visit
from yinling.kernel.actors import System
from yinling.kernel.clock import now
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.models import Change
from yinling.people.services import give_consent
from yinling.sync import services
from yinling.sync.models import Command, Phone
from yinling.worklist.models import WorkItem

from .builders import DAY, Telephone, a_person, a_visit_due, a_visiting_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city", "form_lists")]


def test_a_phone_holds_the_weeks_visits_of_its_user_and_nobody_elses() -> None:
    user, other = a_visiting_user(), a_visiting_user("唐小梅")
    mine, theirs = a_visit_due(user, a_person("舒禾")), a_visit_due(other, a_person("覃禾"))
    later = a_visit_due(user, a_person("吴禾"), opens_on=now().date() + 20 * DAY, due_on=now().date() + 21 * DAY)
    phone = Telephone(user).log_in()
    phone.send()
    assert phone.held("visit") == {str(mine.uid)} and phone.held("person") == {str(mine.person.uid)}
    assert str(theirs.person.uid) not in str(phone.documents) and str(later.uid) not in str(phone.documents)
    assert Change.objects.filter(type="people.looked", subject_uid=mine.person.uid).count() == 1


def test_a_visit_made_without_a_signal_is_recorded_once_however_often_it_is_sent() -> None:
    user = a_visiting_user()
    visit, phone = a_visit_due(user), Telephone(user).log_in()
    phone.send()
    uid = phone.visits(visit.uid)
    phone.send(is_lost=True)
    phone.send(is_lost=True)
    phone.send()
    visit.refresh_from_db()
    assert visit.state == Visit.State.DONE and visit.source == "app"
    assert Command.objects.get().outcome == "done" and not phone.queue and uid in phone.acknowledged


def test_a_refused_command_is_said_and_writes_nothing_but_its_own_row() -> None:
    user = a_visiting_user()
    visit, phone = a_visit_due(user), Telephone(user).log_in()
    phone.visits(visit.uid, found="urgent")
    phone.send()
    visit.refresh_from_db()
    assert visit.state == Visit.State.DUE and Command.objects.get().outcome == "refused"
    assert next(iter(phone.acknowledged.values()))["words"]


def test_a_visit_of_somebody_else_cannot_be_reported() -> None:
    user, other = a_visiting_user(), a_visiting_user("唐小梅", HECHENG)
    visit = a_visit_due(user)
    thief = Telephone(other).log_in()
    thief.visits(visit.uid)
    thief.send()
    visit.refresh_from_db()
    assert visit.state == Visit.State.DUE


def test_times_of_a_wrong_clock_are_corrected_and_both_kept() -> None:
    user = a_visiting_user()
    visit, phone = a_visit_due(user), Telephone(user, clock_ms=-3 * 3600 * 1000).log_in()  # three hours ahead
    phone.visits(visit.uid)
    phone.send()
    visit.refresh_from_db()
    row = Command.objects.get()
    assert visit.ended_at is not None and abs((visit.ended_at - now()).total_seconds()) < 120
    assert (row.said_at - row.happened_at).total_seconds() == pytest.approx(3 * 3600, abs=120)


def test_a_second_report_of_a_colleague_becomes_a_visit_of_its_own() -> None:
    user = a_visiting_user()
    visit, phone, second = a_visit_due(user), Telephone(user).log_in(), Telephone(user).log_in()
    phone.visits(visit.uid)
    uid = second.visits(visit.uid, minutes=5, found="help", actions=["advice"])
    phone.send()
    second.send()
    said = second.acknowledged[uid]
    assert said["outcome"] == "settled" and "found" in [row[0] for row in said["differences"]]
    assert set(Visit.objects.values_list("found", flat=True)) == {"normal", "help"}


def test_a_graver_second_report_is_not_lost_and_a_milder_gives_way() -> None:
    user = a_visiting_user()
    visit, phone, second = a_visit_due(user), Telephone(user).log_in(), Telephone(user).log_in()
    phone.visits(visit.uid, found="watch")
    phone.send()
    second.visits(visit.uid)
    second.send()
    assert Visit.objects.count() == 1
    assert Command.objects.filter(outcome="settled").count() == 1


def test_a_lost_phone_has_no_key_and_is_wiped_at_the_next_contact() -> None:
    user = a_visiting_user()
    a_visit_due(user)
    phone = Telephone(user).log_in()
    phone.send()
    assert phone.documents
    services.lose_phone(uid=Phone.objects.get().uid, reason="在路上丢了", by=user)
    held = Phone.objects.get()
    assert held.state == "lost" and not bytes(held.key_sealed) and not held.holdings.exists()
    phone.send()
    assert phone.is_wiped and not phone.documents
    assert Phone.objects.get().state == "wiped"


def test_a_closed_account_wipes_its_phone_without_a_log_in() -> None:
    user = a_visiting_user()
    a_visit_due(user)
    phone = Telephone(user).log_in()
    phone.send()
    deactivate(user_uid=user.uid, by=System("test"))
    assert phone.send().status_code == 401
    assert phone.is_wiped and not Phone.objects.get().key()


def test_somebody_elses_phone_is_not_found_and_a_reason_is_asked_for() -> None:
    user, other = a_visiting_user(), a_visiting_user("唐小梅", HECHENG)
    phone = Telephone(user).log_in()
    with pytest.raises(NotFound):
        services.lose_phone(uid=Phone.objects.get().uid, reason="我要", by=other)
    with pytest.raises(Refused):
        services.lose_phone(uid=Phone.objects.get().uid, reason="", by=user)
    assert Phone.objects.get().state == "active" and phone.uid


def test_a_photograph_goes_up_in_parts_from_where_it_stopped() -> None:
    user = a_visiting_user()
    visit = a_visit_due(user)
    give_consent(
        uid=visit.person.uid, purpose="photo", items=["photo"], recipient="民政", method="sign",
        given_by=visit.person.name, by=System("test"),
    )  # fmt: skip
    phone = Telephone(user).log_in()
    phone.visits(visit.uid)
    uid = phone.photographs(visit.uid, a_jpeg())
    assert phone.raise_piece(phone.queue[uid], part=500, parts=1) == 500
    phone.send(is_lost=True)
    phone.send()
    assert Proof.objects.get().uid.hex == uid.replace("-", "") and not phone.queue
    piece = Phone.objects.get().pieces.get()
    assert not bytes(piece.content) and piece.received == piece.size


def test_a_photograph_without_consent_is_refused_and_not_kept() -> None:
    user = a_visiting_user()
    visit, phone = a_visit_due(user), Telephone(user).log_in()
    phone.visits(visit.uid)
    uid = phone.photographs(visit.uid, a_jpeg())
    phone.send()
    assert phone.acknowledged[uid]["outcome"] == "refused" and not Proof.objects.exists()
    assert not bytes(Phone.objects.get().pieces.get().content)


def test_nobody_answered_and_the_ladder_is_climbed_from_the_phone() -> None:
    user = a_visiting_user()
    visit, phone = a_visit_due(user), Telephone(user).log_in()
    phone.visits(visit.uid, contact=False, found="")
    phone.keep("attempt", {"visit": str(visit.uid), "rung": "call", "answered": True})
    phone.send()
    assert [said["outcome"] for said in phone.acknowledged.values()] == ["done", "done"]
    assert visit.attempts.get().is_answered


def test_a_call_for_help_is_a_duty_of_the_township_once() -> None:
    user = a_visiting_user()
    phone = Telephone(user).log_in()
    phone.keep("help", {})
    phone.send(is_lost=True)
    phone.send()
    assert WorkItem.objects.filter(kind="care.help_called").count() == 1


def test_a_week_of_forty_visits_fits_into_a_hundred_kilobytes() -> None:
    user = a_visiting_user()
    for number in range(40):
        a_visit_due(user, a_person(f"舒{chr(0x4E00 + number * 7)}禾"))
    phone = Telephone(user).log_in()
    answer = phone.send()
    assert len(phone.held("visit")) == 40 and len(answer.content) < 100_000


def test_the_list_costs_as_many_statements_for_forty_visits_as_for_two(django_assert_max_num_queries: object) -> None:
    user = a_visiting_user()
    for number in range(12):
        a_visit_due(user, a_person(f"舒{chr(0x4E00 + number * 7)}禾"))
    phone = Telephone(user).log_in()
    phone.send()
    with django_assert_max_num_queries(32):  # type: ignore[operator]
        phone.send()


def test_without_a_log_in_only_the_standing_is_told() -> None:
    stranger = Client()
    for path in ("open", "exchange"):
        assert stranger.post(f"/my/sync/{path}", "{}", content_type="application/json").status_code == 401
    assert stranger.get("/my/sync/pieces/ab?phone=x").status_code == 401
    assert stranger.post("/my/sync/standing", "[]", content_type="application/json").status_code == 400


def test_a_body_that_makes_no_sense_is_a_bad_request() -> None:
    client = client_of(a_visiting_user())
    for body in ("", "[]", "{}", '{"phone": 3, "time": "x"}'):
        assert client.post("/my/sync/exchange", body, content_type="application/json").status_code in (200, 400)


def test_the_shell_holds_nobody_and_the_page_of_phones_shows_ones_own(county_clerk: object) -> None:
    user = a_visiting_user()
    visit = a_visit_due(user)
    Telephone(user).log_in().send()
    assert visit.person.name not in Client().get("/my/visits/").content.decode()
    assert Client().get("/my/visits/manifest.webmanifest").json()["scope"] == "/my/visits/"
    assert user.name in client_of(user).get("/work/sync/phones/").content.decode()
    far = a_user("county_clerk", HECHENG)
    assert user.name not in client_of(far).get("/work/sync/phones/").content.decode()
    assert user.name in client_of(county_clerk).get("/work/sync/phones/").content.decode()  # type: ignore[arg-type]
