"""The watcher over a real journal and database: killed anywhere, it writes the same alerts, once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError

from tests.devices.builders import agreed
from tests.supervision.builders import BY, a_person
from tests.supervision.watching.builders import Net, begun, caught_up, device, essence
from yinling.devices.telemetry import Position, Readings
from yinling.kernel.clock import civil_date
from yinling.people import services as people
from yinling.supervision import presenting, queries, services
from yinling.supervision.models import Alert
from yinling.supervision.watching import checkpoints, watcher
from yinling.supervision.watching.beats import last_beat
from yinling.supervision.watching.findings import Word, write
from yinling.supervision.watching.following import Watched
from yinling.supervision.watching.pace import Pace, write_pace
from yinling.supervision.watching.rereading import AtOnce

pytestmark = pytest.mark.django_db


@pytest.fixture
def net(settings: object, tmp_path: Path, _roles_and_rules: None) -> Net:
    settings.HOME, settings.TELEMETRY_DIR = tmp_path, tmp_path / "telemetry"  # type: ignore[attr-defined]
    return Net(tmp_path)


def a_bad_hour(net: Net) -> None:
    """Smoke, gas that comes and goes twice, a gateway that falls silent and returns."""
    for minute in range(60):
        if not 20 <= minute < 40:
            net.says(net.gateway, minute * 60, heartbeat=1)
        net.says(net.gas, minute * 60 + 1, gas=12 if minute in (10, 11, 30, 31) else 1)
        if minute in (15, 16):
            net.says(net.smoke, minute * 60 + 2, smoke=16 - minute)
    net.is_heard(3600)


def test_smoke_in_the_journal_is_an_alert_about_its_device(net: Net) -> None:
    watched = begun(net)
    net.says(net.smoke, 60, smoke=1)
    assert watched.turn() == 1
    alert = Alert.objects.get()
    assert (alert.rule_key, alert.subject_uid) == ("smoke", device(net.smoke).uid)
    assert int(alert.onset.timestamp() * 1000) == net.at(60)
    assert alert.person == net.person
    assert alert.evidence[0]["value"] == 1


def test_while_nothing_comes_a_turn_is_a_glance(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = begun(net)
    net.says(net.gas, 60, gas=1)
    caught_up(watched)
    with monkeypatch.context() as patched:
        patched.setattr(watcher.telemetry, "journal_batches", None)  # whoever reads now, breaks
        assert watched.turn() == watched.turn() == 0
    net.says(net.smoke, 61, smoke=1)
    assert watched.turn() == 1
    assert watched.turn() == 0
    net.is_heard(3600)  # no reading: only time has passed
    watched.turn()
    assert watched._judge.watermark == net.at(3600)


def test_judging_the_same_hour_again_from_an_old_checkpoint_changes_nothing(net: Net, tmp_path: Path) -> None:
    begun(net)
    a_bad_hour(net)
    kept = {path.name: path.read_bytes() for path in (tmp_path / "watching").iterdir() if path.name != "told"}
    caught_up(net.a_watcher())
    first = essence()
    assert [(rule, last) for rule, _level, last, *_rest in first] == [
        ("gas", "cleared"), ("smoke", "cleared"), ("gateway.silent", "cleared"),
    ]  # fmt: skip
    for _ in range(2):  # killed before the checkpoint moved on: everything is judged again
        for name, content in kept.items():
            (tmp_path / "watching" / name).write_bytes(content)
        caught_up(net.a_watcher())
    assert essence() == first


@pytest.mark.parametrize("dies_at", range(1, 8))
def test_killed_between_an_alert_and_the_note_that_it_is_told_nothing_is_doubled_or_lost(
    net: Net, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    begun(net)
    a_bad_hour(net)
    count = 0

    def written_and_killed(word: Word) -> None:
        nonlocal count
        write(word)
        count += 1
        if count == dies_at:
            raise KeyboardInterrupt

    monkeypatch.setattr(watcher, "write", written_and_killed)
    with pytest.raises(KeyboardInterrupt) if dies_at <= 7 else pytest.raises(AssertionError):
        caught_up(net.a_watcher())
        assert count >= dies_at
        raise KeyboardInterrupt
    caught_up(net.a_watcher())
    assert [(rule, last) for rule, _level, last, *_rest in essence()] == [
        ("gas", "cleared"), ("smoke", "cleared"), ("gateway.silent", "cleared"),
    ]  # fmt: skip
    assert [steps for *_rest, steps in essence()][1:] == [2, 2]


def test_a_gateway_is_not_silent_while_ingest_is_behind(net: Net) -> None:
    watched = begun(net)
    net.says(net.gateway, 0, heartbeat=1)
    net.is_heard(200)
    watched.turn()
    assert not Alert.objects.exists()
    net.is_heard(301)
    watched.turn()
    assert Alert.objects.get().rule_key == "gateway.silent"


def test_after_an_outage_of_ingest_nobody_was_silent_meanwhile(net: Net) -> None:
    watched = begun(net)
    net.says(net.gateway, 0, heartbeat=1)
    net.is_heard(100)
    watched.turn()
    net.ingest_began_s, net.broke_s = net.at(1500) / 1000, net.at(100) / 1000
    net.is_heard(1530)
    watched.turn()
    assert not Alert.objects.exists()
    net.is_heard(1810)
    watched.turn()
    assert int(Alert.objects.get().onset.timestamp() * 1000) == net.at(1800)


def test_a_stopped_ingest_is_waited_for_and_said_so(net: Net) -> None:
    watched = begun(net)
    net.is_heard(100, is_stopped=True)
    watched._said_at = 0
    watched.turn()
    watched._said_at = 0
    watched._say_if_due()
    beat = last_beat()
    assert beat is not None
    assert beat.waits_for == "ingest"


def test_a_locked_database_is_waited_for(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    watched, tries = begun(net), 0

    def locked_twice(word: Word) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise OperationalError("database is locked")
        write(word)

    monkeypatch.setattr(watcher, "write", locked_twice)
    monkeypatch.setattr("yinling.supervision.watching.waiting._drop_connection", lambda: None)
    net.says(net.smoke, 60, smoke=1)
    watched.turn()
    assert Alert.objects.count() == 1
    assert tries == 3


def test_a_full_disk_is_waited_for_and_the_old_checkpoint_stands(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    watched, save, tries = begun(net), checkpoints.save, 0

    def full_once(folder: Path, checkpoint: checkpoints.Checkpoint) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise OSError(28, "No space left on device")
        save(folder, checkpoint)

    monkeypatch.setattr(checkpoints, "save", full_once)
    net.says(net.smoke, 60, smoke=1)
    watched.turn()
    watched._keep()
    found = checkpoints.load(net.folder / "watching")
    assert found is not None
    assert found.mark["readings"] == 1


def test_a_torn_checkpoint_is_passed_over_for_the_one_before(net: Net) -> None:
    watched = begun(net)
    net.says(net.smoke, 60, smoke=1)
    watched.turn()
    watched._keep()
    newest = net.folder / "watching" / "checkpoint"
    newest.write_bytes(newest.read_bytes()[:-20])
    again = net.a_watcher()
    assert again._mark.readings < 2
    again.turn()
    assert Alert.objects.count() == 1


def test_a_withdrawn_consent_stops_evaluation_at_once(net: Net) -> None:
    consent = agreed(net.person, "position")
    watched = begun(net)
    net.says(net.wristband, 60, latitude=27.9, longitude=110.6)
    watched.turn()
    assert not watched._judge.state.counts[1]
    people.withdraw_consent(
        uid=net.person.uid, consent_uid=consent.uid, on=civil_date(), reason="本人口头告知村干部", by=BY
    )
    watched._followed_at = 0
    net.says(net.wristband, 120, latitude=27.9, longitude=110.6)
    watched.turn()
    assert watched._judge.state.counts[1]  # nobody may judge it: it belongs to no channel any more


def test_once_people_have_resolved_an_alert_the_same_device_may_raise_another(net: Net) -> None:
    watched = begun(net)
    net.says(net.smoke, 60, smoke=1)
    watched.turn()
    alert = Alert.objects.get()
    services.arrive(uid=alert.uid, by=BY)
    services.resolve_alert(uid=alert.uid, by=BY, note="锅烧干了，已关火。")
    watched._followed_at = 0
    watched.turn()
    net.says(net.smoke, 200, smoke=1)
    watched.turn()
    assert Alert.objects.count() == 2


def test_a_played_day_is_judged_by_its_own_time(net: Net, tmp_path: Path) -> None:
    watched = begun(net)
    begin = net.at(-86_400)
    write_pace(tmp_path / "watching", Pace(net.at(0), begin, 600))
    watched._followed_at = 0
    watched.turn()
    assert watched._judge.pace.at(net.at(1)) == begin + 600_000
    assert watched._judge.watermark <= net.at(0)


def test_readings_out_of_order_are_judged_by_the_journal_and_not_by_when_it_was_read(net: Net, tmp_path: Path) -> None:
    watched = begun(net)
    kept = {path.name: path.read_bytes() for path in (tmp_path / "watching").iterdir() if path.name != "told"}
    for second in (60, 62, 64):
        net.says(net.gas, second, arrives=100.2, gas=12)
        watched.turn()
        net.says(net.gas, second - 1, arrives=100.4, gas=1)  # overtaken on its way
        watched.turn()
    first, seen = essence(), watched._judge.state.counts.tolist()
    for name, content in kept.items():
        (tmp_path / "watching" / name).write_bytes(content)
    again = net.a_watcher()
    caught_up(again)
    assert again._judge.state.counts.tolist() == seen
    assert essence() == first


def test_smoke_waits_for_no_second_to_be_over(net: Net) -> None:
    watched = begun(net)
    net.is_heard(60)
    net.says(net.smoke, 60, arrives=60.1, smoke=1)
    watched.turn()
    assert Alert.objects.count() == 1


def test_after_a_break_that_gateways_bridge_only_the_silent_are_silent_and_since_their_last_reading(net: Net) -> None:
    watched = begun(net)
    net.says(net.gateway, 0, heartbeat=1)
    net.is_heard(100)
    watched.turn()
    net.ingest_began_s, net.broke_s = net.at(360) / 1000, net.at(300) / 1000
    net.says(net.gateway, 355, arrives=370, heartbeat=1)  # kept while the broker was gone
    net.is_heard(379)
    watched.turn()
    assert not Alert.objects.exists()
    net.is_heard(656)
    watched.turn()
    assert int(Alert.objects.get().onset.timestamp() * 1000) == net.at(655)


def test_a_break_is_noticed_before_the_first_reading_after_it_is_judged(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = begun(net)
    net.says(net.gateway, 0, heartbeat=1)
    net.is_heard(100)
    watched.turn()
    batches = watcher.telemetry.journal_batches

    def a_broker_comes_back_meanwhile(after: Position) -> Iterator[tuple[Position, Readings]]:
        net.ingest_began_s, net.broke_s = net.at(360) / 1000, net.at(300) / 1000
        net.is_heard(359)
        net.says(net.smoke, 360, smoke=0)
        yield from batches(after)

    monkeypatch.setattr(watcher.telemetry, "journal_batches", a_broker_comes_back_meanwhile)
    watched.turn()
    assert not Alert.objects.exists()


def test_an_alert_whose_consent_is_withdrawn_stays_a_duty_and_says_why_nobody_watches(net: Net) -> None:
    consent = agreed(net.person, "vital_signs")
    watched = begun(net)
    for second in (60, 120, 180):
        net.says(net.wristband, second, heart_rate=150)
    watched.turn()
    watched.turn()
    alert = Alert.objects.get(rule_key="heart_rate")
    people.withdraw_consent(uid=net.person.uid, consent_uid=consent.uid, on=civil_date(), reason="本人不愿意", by=BY)
    watched._followed_at = 0
    watched.turn()
    alert.refresh_from_db()
    assert (alert.state, alert.last_signal) == (Alert.State.RAISED, "stopped")
    assert alert.steps.get(verb="stopped").data["why"] == "consent"
    assert presenting.why_stopped(alert, queries.history_of(alert))


class Slow(AtOnce):
    """A register so large that reading it never ends."""

    def result(self) -> Watched | None:
        return None


def test_a_withdrawal_counts_while_the_register_is_still_being_read(net: Net) -> None:
    consent = agreed(net.person, "position")
    begun(net).close()
    watched = watcher.Watcher(net.folder / "watching", Slow)
    people.withdraw_consent(uid=net.person.uid, consent_uid=consent.uid, on=civil_date(), reason="本人不愿意", by=BY)
    net.says(net.wristband, 120, latitude=27.9, longitude=110.6)
    watched.turn()
    assert watched._judge.state.counts[1]
    watched.close()


def test_a_consent_of_somebody_else_is_left_alone(net: Net) -> None:
    other = a_person(name="覃秀英")
    mine, theirs = agreed(net.person, "position"), agreed(other, "position")
    watched = begun(net)
    people.withdraw_consent(uid=other.uid, consent_uid=theirs.uid, on=civil_date(), reason="本人不愿意", by=BY)
    watched._followed_at = 0
    net.says(net.wristband, 120, latitude=27.9, longitude=110.6)
    watched.turn()
    assert not watched._judge.state.counts[1]
    assert mine.withdrawn_at is None
