"""The bench against Zabbix can fail: a missing, doubled, misdated or strange alert is seen, and so are two halves."""

import dataclasses
import os
import subprocess
import sys

import pytest

from yinling.benches import _zabbix_server, zabbix
from yinling.benches._cpu import cpu_s
from yinling.benches._zabbix_alerts import Told, differing, right, wrong
from yinling.benches._zabbix_stream import LIMIT, TIMES, Part, Size, begins_s, due, part_of, value
from yinling.benches.report import Result
from yinling.benches.zabbix import Side, a_net, a_place, judged, send, since, to_door, told_by, until

SIZE = Size(devices=200, silent_s=60, seconds=150)
DUE = due(SIZE)
READINGS = 1_000_000


def as_planned() -> dict[int, list[float]]:
    """Every alert at its time."""
    return {device: [float(each.onset_s)] for device, each in DUE.items()}


def one_of(half: Part) -> int:
    """A device that must have an alert of this half."""
    return next(device for device, each in DUE.items() if each.half is half)


def a_side(used_s: float, told: Told | None = None, stored: int = READINGS) -> Side:
    """What one system used and said; all went well unless it is said otherwise."""
    return Side(
        idle_s=1.0,
        used_s={"a": used_s / 2, "b": used_s / 2},
        stored=stored,
        told=as_planned() if told is None else told,
    )


def missed(results: list[Result]) -> set[str]:
    """Which bars do not hold."""
    return {each.what for each in results if each.holds is False}


def test_the_stream_plans_both_halves_and_no_more_alerts_than_it_causes() -> None:
    for device in range(SIZE.devices):
        run, gap, is_above, is_silent = 0, 0, False, False
        for second in range(SIZE.seconds):
            sent = value(device, second, SIZE)
            gap = gap + 1 if sent is None else 0
            run = run if sent is None else run + 1 if sent > LIMIT else 0
            is_above, is_silent = is_above or run >= TIMES, is_silent or gap >= SIZE.silent_s
        assert (is_above or is_silent) == (device in DUE), part_of(device)
        assert device not in DUE or DUE[device].half is (Part.ABOVE if is_above else Part.SILENT)
    assert {each.half for each in DUE.values()} == {Part.ABOVE, Part.SILENT}


def test_every_part_is_played_and_every_alert_is_due_before_the_stream_ends() -> None:
    for size in (SIZE, zabbix.FULL, zabbix.QUICK):
        assert {part_of(device) for device in range(size.devices)} == set(Part)
        assert max(each.onset_s for each in due(size).values()) + 30 < size.seconds
        assert min(begins_s(device, size) for device in range(size.devices)) >= TIMES


def test_the_same_right_alerts_at_a_tenth_of_the_cpu_hold_every_bar() -> None:
    assert missed(judged(DUE, READINGS, a_side(50.0), a_side(5.0))) == set()


def test_more_than_a_fifth_of_the_cpu_is_missed() -> None:
    assert missed(judged(DUE, READINGS, a_side(50.0), a_side(10.5))) == {"our CPU against Zabbix's"}


@pytest.mark.parametrize("half", [Part.ABOVE, Part.SILENT])
def test_a_missing_alert_of_either_half_is_seen(half: Part) -> None:
    told = as_planned()
    del told[one_of(half)]
    assert right(DUE, told, half) == right(DUE, as_planned(), half) - 1
    assert wrong(DUE, told) == differing(DUE, as_planned(), told) == [one_of(half)]


@pytest.mark.parametrize("half", [Part.ABOVE, Part.SILENT])
def test_a_half_that_never_fires_is_missed_by_name_even_when_both_sides_agree(half: Part) -> None:
    told = {device: onsets for device, onsets in as_planned().items() if DUE[device].half is not half}
    words = {Part.ABOVE: "three times above", Part.SILENT: "silent"}[half]
    found = missed(judged(DUE, READINGS, a_side(50.0, told), a_side(5.0, told)))
    assert {f"alerts, {words}, Zabbix", f"alerts, {words}, ours"} <= found
    assert "devices about which the two differ" not in found


def test_a_doubled_alert_is_wrong_and_differs() -> None:
    device = one_of(Part.ABOVE)
    told = {**as_planned(), device: [float(DUE[device].onset_s)] * 2}
    assert wrong(DUE, told) == differing(DUE, told, as_planned()) == [device]


def test_an_alert_at_another_time_is_not_the_one_that_was_due() -> None:
    device = next(number for number in DUE if part_of(number) is Part.ABOVE_THEN_SILENT)
    told = {
        **as_planned(),
        device: [float(begins_s(device, SIZE) + SIZE.silent_s)],
    }  # silence, told where a rise was due
    assert wrong(DUE, told) == differing(DUE, told, as_planned()) == [device]


def test_silence_may_be_found_as_late_as_zabbix_looks_but_never_early() -> None:
    device = one_of(Part.SILENT)
    at = float(DUE[device].onset_s)
    assert wrong(DUE, {**as_planned(), device: [at + 30]}) == []
    assert wrong(DUE, {**as_planned(), device: [at - 5]}) == [device]


def test_an_alert_nobody_called_for_is_wrong() -> None:
    device = next(number for number in range(SIZE.devices) if part_of(number) is Part.NEARLY_SILENT)
    told = {**as_planned(), device: [70.0]}
    assert wrong(DUE, told) == differing(DUE, told, as_planned()) == [device]


def test_a_side_that_lost_readings_is_missed() -> None:
    side = dataclasses.replace(a_side(5.0), stored=READINGS - 1)
    assert missed(judged(DUE, READINGS, a_side(50.0), side)) == {"readings stored, ours"}


def test_without_zabbix_the_bench_says_how_to_install_it_and_does_not_hold(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(_zabbix_server, "program", lambda name: None)
    report = zabbix.run(quick=True)
    assert [each.holds for each in report.results] == [False]
    assert "zabbix_server" in report.results[0].what and "apt-get install" in capsys.readouterr().err


def test_cpu_of_a_process_includes_the_children_it_has_waited_for() -> None:
    before = cpu_s(os.getpid())
    subprocess.run([sys.executable, "-c", "import time\nwhile time.process_time() < 0.4: pass"], check=True)
    assert cpu_s(os.getpid()) - before >= 0.35


def test_our_half_alone_raises_exactly_what_is_due_with_the_whole_path_running() -> None:
    size = Size(devices=250, silent_s=8, seconds=15, quiet_s=3, begin_within_s=3)
    expected = due(size)
    with a_place(size) as (place, people), a_net(place) as net:
        sent = send(size, to_door(net, people))
        until(lambda: net.beat()["watermark_ms"] >= (sent.began_s + size.seconds) * 1000)
        net.stop()  # before all have been silent too long
        told = since(sent, told_by(net, people))
    assert wrong(expected, told) == []
    assert {each.half for each in expected.values()} == {Part.ABOVE, Part.SILENT}
