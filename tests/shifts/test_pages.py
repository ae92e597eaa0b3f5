"""Pages of shifts: what they show, whose they are, how many statements they take, what a phone is told."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import HECHENG, a_user
from tests.institutions.builders import a_person, a_resident, beds_in
from tests.shifts.builders import BY, Floor, a_floor, a_medicine, a_point, a_turning_plan, given
from yinling.accounts.models import User
from yinling.institutions import services as institutions
from yinling.institutions.models import Institution, Leave
from yinling.kernel.clock import now
from yinling.organisations.models import Organisation
from yinling.rosters.models import Roster
from yinling.rosters.services import open_roster, put_on
from yinling.shifts import services
from yinling.shifts.models import CareRecord, Incident
from yinling.shifts.queries import span_after, span_at, span_before
from yinling.shifts.rules.due import Span

pytestmark = pytest.mark.django_db


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"shifts:{name}", args=args))
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


@pytest.fixture
def carer(client: Client, floor: Floor) -> Client:
    client.force_login(floor.carer)
    return client


def test_the_carer_sees_what_is_due_and_one_tap_records_it(carer: Client, floor: Floor) -> None:
    a_turning_plan(floor)
    a_medicine(floor, minutes_ago=0)
    shown = page(carer, "day", floor.ward.uid)
    assert "舒禾" in shown and "硝苯地平片 10mg" in shown
    task = floor.task("medicine")
    sent = {"task": task.key, "slot": task.slot_at.isoformat(), "result": "done"}
    carer.post(reverse("shifts:record", args=[floor.ward.uid]), sent)
    assert CareRecord.objects.get().done_label == floor.carer.label


def test_a_phone_is_answered_in_one_line_and_a_second_sending_is_harmless(carer: Client, floor: Floor) -> None:
    a_turning_plan(floor)
    task = floor.task("turn")
    sent = {"task": task.key, "slot": task.slot_at.isoformat(), "uid": str(uuid4()), "done_at": now().isoformat()}
    address = reverse("shifts:record", args=[floor.ward.uid])
    answers = [carer.post(address, sent, headers={"X-Queue": "1"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200] and CareRecord.objects.count() == 1
    old = sent | {"uid": str(uuid4()), "task": "turn:x:1"}
    refused = carer.post(address, old, headers={"X-Queue": "1"})
    assert refused.status_code == 404 and refused.json()["words"]


def test_the_phone_learns_who_is_logged_in_before_it_sends(carer: Client, floor: Floor) -> None:
    told = carer.get(reverse("shifts:ready")).json()
    assert told["user"] == str(floor.carer.uid) and told["token"]
    assert Client().get(reverse("shifts:ready")).status_code == 302


def test_the_service_worker_reaches_the_carers_pages_alone(client: Client, db: None) -> None:
    from yinling.web.assets import build  # noqa: PLC0415

    build()
    answer = client.get("/work/shifts/day/worker.js")
    assert answer["Content-Type"] == "text/javascript" and "Service-Worker-Allowed" not in answer


def test_a_hand_over_of_nobody_is_refused_on_the_page_and_kept_as_typed(carer: Client, floor: Floor) -> None:
    span = span_at(now())
    sent = {"day": span.day.isoformat(), "shift": span.key, "stay": [str(uid) for uid in floor.seen()]}
    refused = carer.post(reverse("shifts:hand_over", args=[floor.ward.uid]), sent)
    assert refused.status_code == 422
    every = sent | {f"seen-{uid}": "yes" for uid in floor.seen()}
    assert carer.post(reverse("shifts:hand_over", args=[floor.ward.uid]), every).status_code == 302


def test_two_taps_report_an_incident_and_lead_to_its_words(carer: Client, floor: Floor) -> None:
    sent = {"kind": "fall", "stay": str(floor.stay.uid), "uid": str(uuid4())}
    answer = carer.post(reverse("shifts:report", args=[floor.ward.uid]), sent)
    made = Incident.objects.get()
    assert answer["Location"] == reverse("shifts:complete", args=[made.uid])
    page(carer, "complete", made.uid)


@pytest.mark.parametrize("name", ["day", "hand_over", "report", "ward"])
def test_the_ward_of_another_home_is_not_found(name: str, client: Client, floor: Floor) -> None:
    other = a_floor("卢峰镇第二敬老院", "甲")
    for user in (other.carer, other.manager, a_user("county_clerk", HECHENG)):
        client.force_login(user)
        assert client.get(reverse(f"shifts:{name}", args=[floor.ward.uid])).status_code in (403, 404)


def test_a_clerk_watches_without_names_and_never_opens_the_carers_page(
    client: Client, floor: Floor, county_clerk: User
) -> None:
    a_medicine(floor)
    client.force_login(county_clerk)
    shown = page(client, "ward", floor.ward.uid)
    assert "舒*" in shown and "舒禾" not in shown
    assert "硝苯地平片" not in page(client, "plans", floor.stay.uid)
    assert client.get(reverse("shifts:day", args=[floor.ward.uid])).status_code in (403, 404)


def test_the_manager_sees_what_was_not_done_by_shift(client: Client, floor: Floor) -> None:
    a_turning_plan(floor, every=60)
    before = span_before(span_at(now()))
    services.close_shift(ward=floor.ward, span=before, by=BY)
    client.force_login(floor.manager)
    answer = client.get(reverse("shifts:undone"), {"first": before.day, "last": before.day})
    assert answer.status_code == 200 and floor.ward.name in answer.content.decode()
    other = a_floor("卢峰镇第二敬老院", "甲")
    client.force_login(other.manager)
    answer = client.get(reverse("shifts:undone"), {"first": before.day, "last": before.day})
    assert floor.home.name not in answer.content.decode()


def test_a_carer_does_not_see_the_managers_page(carer: Client) -> None:
    assert carer.get(reverse("shifts:undone")).status_code == 403


def test_the_manager_plans_assesses_and_prints_on_the_pages(client: Client, floor: Floor) -> None:
    client.force_login(floor.manager)
    stay = [floor.stay.uid]
    for name, typed in (
        ("turning", {"every_minutes": "120"}), ("diet", {"tags": ["soft"], "allergy": ""}),
        ("medicine", {"medicine": "药", "dose": "1片", "times": "08:00", "prescriber": "张", "agreement_number": "1"}),
        ("assess", {"answer": ["fall.gait"], "measure": []}),
    ):  # fmt: skip
        answer = client.post(reverse(f"shifts:{name}", args=stay), typed)
        assert answer.status_code == 302, (name, answer.content.decode()[-800:])
    made = services.hand_over(
        ward_uid=floor.ward.uid, day=span_at(now()).day, shift=span_at(now()).key, seen=floor.seen(), by=floor.carer
    )
    a_point(floor)
    for name, uid in (
        ("plans", floor.stay.uid), ("ward", floor.ward.uid), ("codes", floor.ward.uid), ("home", floor.home.uid),
        ("print_hand_over", made.uid), ("print_patrols", floor.ward.uid), ("risks_panel", floor.stay.person.uid),
    ):  # fmt: skip
        page(client, name, uid)
    for name in ("wards", "incidents", "undone"):
        page(client, name)


def statements(client: Client, name: str, *args: object) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        page(client, name, *args)
    return len(found)


def test_more_residents_take_no_more_statements(carer: Client, floor: Floor) -> None:
    a_medicine(floor)
    given(floor)
    for name in ("day", "hand_over", "ward", "report"):
        page(carer, name, floor.ward.uid)
    few = [statements(carer, name, floor.ward.uid) for name in ("day", "hand_over", "ward", "report")]
    beds_in(floor.home, 6, floor=2)
    for name in ("张禾", "李禾", "王禾"):
        a_resident(floor.home, a_person(name, born=dt.date(1941, 5, len(name))))
    a_turning_plan(floor)
    many = [statements(carer, name, floor.ward.uid) for name in ("day", "hand_over", "ward", "report")]
    assert many == few


def out_for_a_walk(floor: Floor) -> Leave:
    due_back = now() + dt.timedelta(hours=1)
    return institutions.go_on_leave(stay_uid=floor.stay.uid, kind="outing", due_back=due_back, by=BY)


def test_a_resident_comes_back_by_a_form_on_the_phone(carer: Client, floor: Floor) -> None:
    leave = out_for_a_walk(floor)
    where = reverse("shifts:come_back", args=[floor.ward.uid, leave.uid])
    assert where in page(carer, "day", floor.ward.uid)
    assert carer.get(where).status_code == 200
    assert carer.post(where, {"back_at": ""}).status_code == 302
    leave.refresh_from_db()
    assert leave.back_at is not None and where not in page(carer, "day", floor.ward.uid)


def test_a_return_before_the_outing_is_refused_and_nobody_is_back(carer: Client, floor: Floor) -> None:
    leave = out_for_a_walk(floor)
    where = reverse("shifts:come_back", args=[floor.ward.uid, leave.uid])
    assert carer.post(where, {"back_at": "2020-01-01T08:00"}).status_code == 422
    leave.refresh_from_db()
    assert leave.back_at is None


def test_a_carer_of_another_home_brings_nobody_back(client: Client, floor: Floor) -> None:
    leave, other = out_for_a_walk(floor), a_floor("卢峰镇第二敬老院", "甲")
    client.force_login(other.carer)
    assert client.post(reverse("shifts:come_back", args=[other.ward.uid, leave.uid])).status_code == 404
    leave.refresh_from_db()
    assert leave.back_at is None


def test_the_day_says_who_is_on_duty_by_the_roster_of_the_home(carer: Client, floor: Floor) -> None:
    assert "on_duty" in carer.get(reverse("shifts:day", args=[floor.ward.uid])).context
    on_the_roster(floor, floor.colleague, span_at(now()))
    answer = carer.get(reverse("shifts:day", args=[floor.ward.uid]))
    assert answer.context["on_duty"] == [floor.colleague] and not answer.context["is_mine"]


def on_the_roster(floor: Floor, user: User, span: Span) -> None:
    """A turn of the home's own roster of carers, which is opened when it is not there."""
    home = floor.home
    if home.organisation_id is None:
        organisation = Organisation.objects.create(name="青松敬老院", place_key=home.place_key)
        Institution.objects.filter(pk=home.pk).update(organisation=organisation)
        home.refresh_from_db()
        open_roster(post="care", name="护理班", place_key=home.place_key, organisation=home.organisation, by=BY)
    roster = Roster.objects.get(organisation=home.organisation)
    put_on(roster_uid=roster.uid, user=user, starts_at=span.starts_at, ends_at=span.ends_at, by=BY)


def test_the_hand_over_says_who_takes_over_by_the_roster_or_that_nobody_does(carer: Client, floor: Floor) -> None:
    address, here = reverse("shifts:hand_over", args=[floor.ward.uid]), span_at(now())
    assert not carer.get(address).context["has_roster"]
    on_the_roster(floor, floor.carer, here)
    alone = carer.get(address)
    assert alone.context["next"] == [] and alone.context["has_roster"]
    on_the_roster(floor, floor.colleague, span_after(here))
    followed = carer.get(address)
    assert followed.context["next"] == [floor.colleague] and floor.colleague.label in followed.content.decode()


@pytest.mark.parametrize(
    ("name", "sent"),
    [("hand_over", {"day": "2026-11-23", "shift": "day", "stay": "x"}), ("report", {"kind": "fall", "stay": "1"})],
)
def test_a_forged_stay_is_not_found(name: str, sent: dict[str, str], carer: Client, floor: Floor) -> None:
    assert carer.post(reverse(f"shifts:{name}", args=[floor.ward.uid]), sent).status_code == 404


def test_a_forged_meal_is_not_found(carer: Client, floor: Floor) -> None:
    good, far = reverse("shifts:meal", args=[floor.ward.uid, 1_795_000_000]), "9" * 18
    assert carer.post(good, {"stay-x": "done"}).status_code == 404
    assert carer.get(reverse("shifts:meal", args=[floor.ward.uid, int(far)])).status_code == 404
