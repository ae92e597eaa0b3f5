"""Pages: status, scope, number of queries."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests.conftest import HECHENG, XUPU, a_user
from tests.supervision.builders import BY, FAR_VILLAGE, a_home, a_manager, a_person, an_alert, found, minutes, resolved
from yinling.accounts.models import User
from yinling.kernel.clock import now
from yinling.supervision import services
from yinling.supervision.models import Alert, Step
from yinling.supervision.views import board as board_views
from yinling.supervision.watching import beats, truth

pytestmark = pytest.mark.django_db
READINGS = tuple(
    {"metric": "gas", "at": (now() + minutes(n - 20)).isoformat(), "value": 4 + n} for n in range(10)
)  # fmt: skip


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def page(watcher: User) -> Client:
    return signed_in(watcher)


def test_the_board_shows_what_is_open_gravest_first(page: Client) -> None:
    an_alert("stove", 1)
    an_alert("gas", 3, evidence=READINGS)
    said = page.get(reverse("supervision:board")).content.decode()
    assert said.index("燃气浓度偏高") < said.index("炉灶忘关") and "119" in said


def test_the_live_part_comes_alone_to_whoever_draws_it_anew(page: Client) -> None:
    alert = an_alert("gas", 3)
    answer = page.get(reverse("supervision:board"), headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "<html" not in answer.content.decode()
    assert f'data-red="{alert.uid}"' in answer.content.decode()


@pytest.mark.parametrize("name", ["alert", "phone", "dispatch", "resolve", "false_alarm", "note", "photograph"])
def test_pages_of_one_alert_open_and_are_not_found_in_another_county(page: Client, name: str) -> None:
    alert = an_alert("gas", 3, evidence=READINGS)
    where = reverse(f"supervision:{name}", args=[alert.uid])
    assert page.get(where).status_code == 200
    stranger = a_user("watcher", HECHENG, "stranger")
    assert signed_in(stranger).get(where).status_code == 404


def test_whoever_may_not_read_gets_no_board(city: Any) -> None:
    nobody = User.objects.create_user("nobody", "correct horse battery", name="nobody", place_key=XUPU)
    assert signed_in(nobody).get(reverse("supervision:board")).status_code == 403


def test_the_manager_sees_the_alerts_of_the_own_home_only(city: Any) -> None:
    home, other = a_home(), a_home("安怡养老院")
    mine = an_alert("smoke", 3, institution_uid=home.uid)
    theirs = an_alert("smoke", 3, institution_uid=other.uid)
    client = signed_in(a_manager(home))
    assert client.get(reverse("supervision:alert", args=[mine.uid])).status_code == 200
    assert client.get(reverse("supervision:alert", args=[theirs.uid])).status_code == 404
    client.post(reverse("supervision:acknowledge", args=[mine.uid]))
    assert Alert.objects.get(pk=mine.pk).state == "acknowledged"


def test_the_readings_are_drawn_and_the_rule_stands_in_words(page: Client) -> None:
    alert = an_alert("gas", 3, evidence=READINGS)
    said = page.get(reverse("supervision:alert", args=[alert.uid])).content.decode()
    assert '<svg class="draw"' in said and "≥ 10" in said


def test_a_step_from_the_phone_leads_back_to_the_phone(page: Client) -> None:
    alert = an_alert("gas", 3)
    answer = page.post(reverse("supervision:acknowledge", args=[alert.uid]) + "?from=phone")
    assert answer.headers["Location"] == reverse("supervision:phone", args=[alert.uid])


def test_a_refused_step_says_why_beside_the_field(page: Client) -> None:
    alert = an_alert("gas", 3)
    page.post(reverse("supervision:acknowledge", args=[alert.uid]))
    answer = page.post(reverse("supervision:resolve", args=[alert.uid]), {"note": "电话里说没事"})
    assert answer.status_code == 422
    assert Alert.objects.get(pk=alert.pk).state == "acknowledged"


def test_verifying_closes_the_alert(page: Client, colleague: User) -> None:
    alert = resolved(colleague)
    page.post(reverse("supervision:verify", args=[alert.uid]), {"is_right": "yes"})
    assert Alert.objects.get(pk=alert.pk).state == "closed"


def test_a_false_alarm_with_its_cause(page: Client) -> None:
    alert = an_alert("smoke", 3)
    page.post(reverse("supervision:false_alarm", args=[alert.uid]), {"cause": "cooking"})
    alert.refresh_from_db()
    assert alert.is_false and alert.cause == "cooking"


def a_picture() -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", (64, 48), (200, 120, 40)).save(made, "JPEG")
    return SimpleUploadedFile("stove.jpg", made.getvalue(), "image/jpeg")


def test_a_photo_from_the_spot_hangs_on_the_alert_and_opens_for_whoever_sees_it(page: Client) -> None:
    alert = an_alert("gas", 3)
    where = reverse("supervision:photograph", args=[alert.uid])
    assert page.post(where, {"photo": a_picture()}).status_code == 302
    kept = Step.objects.get(alert=alert, verb="noted").data["photo"]
    opened = reverse("supervision:photo", args=[alert.uid, kept])
    assert opened in page.get(reverse("supervision:alert", args=[alert.uid])).content.decode()
    answer = page.get(opened)
    assert answer["Content-Type"] == "image/jpeg" and answer["Cache-Control"] == "private, no-store"
    assert signed_in(a_user("watcher", HECHENG, "stranger")).get(opened).status_code == 404
    other = an_alert("gas", 3)
    assert page.get(reverse("supervision:photo", args=[other.uid, kept])).status_code == 404


def test_what_is_no_photo_is_refused_beside_the_field_and_nothing_hangs_on_the_alert(page: Client) -> None:
    alert = an_alert("gas", 3)
    no_photo = SimpleUploadedFile("photo.jpg", b"MZ" + bytes(200), "image/jpeg")
    answer = page.post(reverse("supervision:photograph", args=[alert.uid]), {"photo": no_photo})
    assert answer.status_code == 422 and not Step.objects.filter(alert=alert, verb="noted").exists()


def test_whoever_only_reads_attaches_no_photo(city: Any) -> None:
    alert = an_alert("gas", 3)
    client = signed_in(a_user("reader", XUPU, "reading"))
    assert client.post(reverse("supervision:photograph", args=[alert.uid]), {"photo": a_picture()}).status_code == 403
    assert not Step.objects.filter(alert=alert, verb="noted").exists()


def test_the_board_says_how_far_behind_it_is_and_on_a_played_day_how_right(
    page: Client, settings: Any, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    said = page.get(reverse("supervision:board")).content.decode()
    assert "truth-heading" not in said
    at = beats.now_ms()
    beats.write_beat(beats.Beat(at, at - 90_000, waits_for="database"))
    fire = truth.Event("fire", ("smoke",), True, at - 200_000, at - 100_000, ("device:x",))
    truth.write_truth(beats.folder(), truth.Truth(at - 300_000, at, at - 300_000, (fire,), ("device:x",)))
    said = page.get(reverse("supervision:board"), headers={"Accept-Language": "en"}).content.decode()
    assert page.get(reverse("supervision:board")).context["fresh"].tone == "yellow"
    assert "truth-heading" in said and "0 / 1" in said
    beats.write_beat(beats.Beat(at - 3_600_000, at - 3_600_000))
    assert page.get(reverse("supervision:board")).context["fresh"].tone == "red"


def test_the_list_filters_and_costs_the_same_for_many(page: Client, django_assert_max_num_queries: Any) -> None:
    for _ in range(12):
        an_alert("battery", 0)
    an_alert("gas", 3)
    page.get(reverse("supervision:alerts"))
    with django_assert_max_num_queries(14):
        said = page.get(reverse("supervision:alerts") + "?level=red").content.decode()
    assert "燃气浓度偏高" in said and "电量低" not in said
    for state in ("open", "late", "false", "closed", "nonsense"):
        assert page.get(reverse("supervision:alerts") + f"?state={state}").status_code == 200


def queries_of(page: Client, where: str) -> int:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    page.get(where)
    with CaptureQueriesContext(connection) as caught:
        page.get(where)
    return len(caught)


@pytest.mark.parametrize("name", ["board", "alerts", "rules"])
def test_the_number_of_queries_does_not_grow(page: Client, name: str) -> None:
    an_alert("battery", 0)
    few = queries_of(page, reverse(f"supervision:{name}"))
    for _ in range(15):
        an_alert("battery", 0)
    assert queries_of(page, reverse(f"supervision:{name}")) <= few


def test_rules_show_their_precision_and_noisy_ones_stand_first(page: Client) -> None:
    assert page.get(reverse("supervision:rules")).status_code == 200
    said = page.get(reverse("supervision:rule", args=["gas"])).content.decode()
    assert "GB 15322.2" in said and "≥ 10" in said
    assert page.get(reverse("supervision:rule", args=["moon"])).status_code == 404


@pytest.mark.parametrize("rule", ["smoke.several", "wandering", "heart_rate.own", "flapping", "duty.gap", "no_data"])
def test_every_kind_of_rule_can_be_read(page: Client, rule: str) -> None:
    assert page.get(reverse("supervision:rule", args=[rule])).status_code == 200


def test_a_rule_is_switched_off_with_a_reason(page: Client) -> None:
    where = reverse("supervision:switch", args=["stove", "off"])
    assert page.get(where).status_code == 200
    answer = page.post(where, {"place_key": str(XUPU), "reason": "全县换装灶具"})
    assert answer.status_code == 302, answer.content.decode()
    assert services.raise_alert(finding=found(), by=BY) is None
    assert "全县换装灶具" in page.get(reverse("supervision:rule", args=["stove"])).content.decode()


def test_panels_on_a_person_and_a_home(page: Client) -> None:
    home, person = a_home(), a_person()
    an_alert("smoke", 3, institution_uid=home.uid)
    an_alert("heart_rate", 2, subject_kind="person", subject_uid=person.uid)
    assert "烟雾报警" in page.get(reverse("supervision:institution_panel", args=[home.uid])).content.decode()
    assert "心率异常" in page.get(reverse("supervision:person_panel", args=[person.uid])).content.decode()
    far = a_person("杨远", FAR_VILLAGE)
    assert page.get(reverse("supervision:person_panel", args=[far.uid])).status_code == 404


def test_the_stream_says_hello_and_gives_its_place_back(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board_views, "STREAM_S", 0)
    for _ in range(board_views.STREAMS_PER_PROCESS + 1):
        answer = page.get(reverse("supervision:stream"))
        assert answer["Content-Type"] == "text/event-stream"
        assert b"event: hello" in b"".join(answer.streaming_content)  # type: ignore[arg-type]


def test_without_a_free_thread_the_page_is_told_to_poll(page: Client) -> None:
    places = [board_views._streams.acquire(blocking=False) for _ in range(board_views.STREAMS_PER_PROCESS)]
    assert all(places)
    try:
        assert page.get(reverse("supervision:stream")).status_code == 204
    finally:
        for _ in places:
            board_views._streams.release()
