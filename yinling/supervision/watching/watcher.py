"""The process: follow the journal, judge, write alerts, keep a checkpoint, say how it goes."""

import fcntl
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

from yinling.devices import telemetry
from yinling.devices.queries import still_agreed
from yinling.devices.telemetry import Position
from yinling.engines.signals.interventions import carry
from yinling.engines.signals.planning import plan_for
from yinling.engines.signals.state import new_state
from yinling.supervision.services.loading import device_rule
from yinling.supervision.watching import checkpoints, following
from yinling.supervision.watching.beats import Beat, now_ms, write_beat
from yinling.supervision.watching.checkpoints import Checkpoint
from yinling.supervision.watching.findings import Word, words_of, write
from yinling.supervision.watching.hearing import INGEST, Heard, heard
from yinling.supervision.watching.judging import Judge, Said, why_stopped
from yinling.supervision.watching.pace import Pace, read_pace
from yinling.supervision.watching.rereading import AtOnce
from yinling.supervision.watching.told import Told
from yinling.supervision.watching.waiting import until_done

IDLE_S, FOLLOW_S, SAY_S = 0.05, 1.0, 1.0
KEEP_S, KEEP_SHARE = 5.0, 20  # a checkpoint takes at most a twentieth of the time
READER = "watching"  # the journal keeps what stands after the checkpoint before the last
OUTAGE_MS = 120_000  # a longer break, and not every device has kept what it could not send
BACK_MS = 20_000  # within which gateways find their way back to a new process


@dataclass(frozen=True)
class Mark:
    """What stands beside the states: where in the journal, judged up to when, since when devices were heard without a
    break, up to when people's decisions about alerts are known, and sums."""

    position: str = str(Position())
    watermark: int = 0
    ingest_ms: int = 0
    settled_ms: int = 0
    readings: int = 0
    alerts: int = 0
    pace: tuple[int, int, int] = (0, 0, 1)
    hold: tuple[int, int] = (0, 0)


class AlreadyRunning(Exception):
    """Two processes would each go on from the other's checkpoint."""


class Watcher:
    """One process with a folder of its own."""

    def __init__(self, folder: Path, reading: type[AtOnce] = AtOnce) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = _locked(folder / "lock")
        self._waits_for = ""
        self._kept_at = self._followed_at = self._said_at = self._keeping_s = 0.0
        self._mark = Mark(settled_ms=now_ms())
        self._held = self._mark.position
        self._glance: tuple[object, ...] = ()  # at the last turn that left nothing to do
        self._told = Told(folder)
        self._reading = reading(lambda: following.watched(folder))
        self._watched = until_done(lambda: following.watched(folder), self._wait)
        self._heeded: frozenset[int] = frozenset()  # changes of persons' files since the register was read
        self._judge, ended = self._restored()
        self._tell(ended)

    def run(self, is_over: Callable[[], bool]) -> None:
        """Go on until told otherwise; then keep everything."""
        while not is_over():
            if not self.turn():
                time.sleep(IDLE_S)
        self._keep()

    def close(self) -> None:
        """Let another process watch."""
        self._lock.close()

    def turn(self) -> int:
        """Once round; how many readings were judged. Where nothing has come and no second is over, a glance is all."""
        glance = telemetry.glance()  # before anything is read: what comes meanwhile is news to the next turn
        if self._is_time_to_follow():
            self._follow()
            self._followed_at = time.monotonic()
        elif glance == self._glance:
            return 0
        ingest = heard(now_ms())  # before the journal is read: what was received up to then is in it
        self._notice_break(ingest)
        count = 0
        for position, readings in telemetry.journal_batches(Position.parse(self._mark.position)):
            self._notice_break(heard(now_ms()))  # and after it: a break is said before the first reading that follows
            self._tell(self._judge.take(readings))
            count += len(readings)
            self._mark = replace(self._mark, position=str(position), readings=self._mark.readings + len(readings))
            self._keep_if_due()
            self._say_if_due()
            if self._is_time_to_follow():
                return count  # there may be more: time does not pass yet
        self._tell(self._judge.pass_time(self._judge.pace.at(ingest.until_ms)))
        self._waits_for = "" if ingest.is_alive else INGEST
        self._keep_if_due()
        self._say_if_due()
        self._glance = glance
        return count

    def _restored(self) -> tuple[Judge, list[Said]]:
        """Go on from the checkpoint, under the rules and devices of today; or begin. What that ended is to be told."""
        kept, watched = checkpoints.load(self._folder), self._watched
        rules, laid, plan = watched.rules, watched.laid, watched.plan
        if kept is None:
            at = now_ms()
            return Judge(rules, laid, plan, new_state(plan, at), at), []
        self._mark = Mark(**kept.mark)
        state, pace, ended = kept.state, Pace(*self._mark.pace), []
        if kept.plan != watched.kept_as:
            data, register = checkpoints.load_plan(self._folder, kept.plan)
            before = plan_for([device_rule(each) for each in data], register)
            state, stopped = carry(before, state, plan, self._mark.watermark)
            ended = [Said(before, stopped, why=why_stopped(before, plan, stopped))]
        hold = (self._mark.hold[0], self._mark.hold[1])
        return Judge(rules, laid, plan, state, self._mark.watermark, kept.areas, pace, hold), ended

    def _is_time_to_follow(self) -> bool:
        return time.monotonic() - self._followed_at > FOLLOW_S

    def _follow(self) -> None:
        """Rules, devices, consents, the pace, alerts that people are done with: as they stand now.

        None of these stands in the journal, so each is kept at once: it is judged by once, in one place of the order.
        """
        self._heed_withdrawals()
        if self._reading.may_be_asked and until_done(lambda: following.has_changed(self._watched), self._wait):
            self._reading.ask()
        if watched := self._reading.result():
            self._watched, self._heeded = watched, frozenset()
            self._tell([self._judge.change(watched.rules, watched.laid, watched.plan)])
            self._heed_withdrawals()  # those that came while it was read
            self._keep()
        pace = read_pace(self._folder)
        if pace != self._judge.pace:
            self._judge.begin_anew(pace, pace.at(pace.wall_ms or now_ms()))
            self._keep()
        settled = until_done(lambda: following.settled_since(self._mark.settled_ms), self._wait)
        if settled:
            slots = until_done(lambda: following.slots_of(self._judge.plan, settled), self._wait)
            self._judge.let_go(slots)
            last = max(alert.resolved_at.timestamp() for alert in settled if alert.resolved_at)
            self._mark = replace(self._mark, settled_ms=int(last * 1000) + 1)
            self._keep()

    def _heed_withdrawals(self) -> None:
        """Stop at once what runs on a consent that has ended, whatever the size of the register.

        Needs no checkpoint: whoever starts again reads the register as it stands then.
        """
        found = until_done(lambda: still_agreed(self._watched.mark, self._heeded), self._wait)
        self._heeded |= found.changes
        self._tell(self._judge.withdraw(found.purposes))

    def _notice_break(self, ingest: Heard) -> None:
        """Devices could not be heard, and need a moment to come back. That is not silence."""
        if ingest.began_ms in (0, self._mark.ingest_ms):
            return
        judge = self._judge
        began = judge.pace.at(ingest.began_ms)
        if not self._mark.ingest_ms:
            judge.forgive_silence(began)  # before the first time nobody could be heard at all
        else:
            judge.hold = (judge.watermark, judge.pace.at(ingest.began_ms + BACK_MS))
            if ingest.broke_ms and ingest.began_ms - ingest.broke_ms > OUTAGE_MS:
                judge.forgive_silence(began)
        self._mark = replace(self._mark, ingest_ms=ingest.began_ms)
        self._keep()

    def _tell(self, said: Iterable[Said]) -> None:
        """Write down whatever is new, however long the database takes."""
        for one in said:
            for word in until_done(lambda one=one: list(words_of(one)), self._wait):  # type: ignore[misc]
                if word.key not in self._told:
                    self._write(word)

    def _write(self, word: Word) -> None:
        until_done(lambda: write(word), self._wait)
        until_done(lambda: self._told.add(word.key), self._wait)
        self._mark = replace(self._mark, alerts=self._mark.alerts + 1)

    def _keep_if_due(self) -> None:
        if time.monotonic() - self._kept_at > max(KEEP_S, KEEP_SHARE * self._keeping_s):
            self._keep()

    def _keep(self) -> None:
        """Everything said is written: the checkpoint may move on."""
        began = time.monotonic()
        judge = self._judge
        pace = (judge.pace.wall_ms, judge.pace.city_ms, judge.pace.speed)
        self._mark = replace(self._mark, watermark=judge.watermark, pace=pace, hold=judge.hold)
        checkpoint = Checkpoint(asdict(self._mark), self._watched.kept_as, judge.areas, judge.state)
        until_done(lambda: checkpoints.save(self._folder, checkpoint), self._wait)
        self._told.turn_page()
        until_done(lambda: telemetry.hold(READER, Position.parse(self._held)), self._wait)
        self._held = self._mark.position
        self._kept_at = time.monotonic()
        self._keeping_s = self._kept_at - began

    def _wait(self, why: str) -> None:
        self._waits_for = why
        self._say_if_due()

    def _say_if_due(self) -> None:
        if time.monotonic() - self._said_at < SAY_S:
            return
        self._said_at = time.monotonic()
        judge = getattr(self, "_judge", None)
        write_beat(
            Beat(
                at_ms=now_ms(), watermark_ms=judge.watermark if judge else 0, readings=self._mark.readings,
                alerts=self._mark.alerts, bad=int(judge.state.counts[1]) if judge else 0,
                rules=len(judge.rules) if judge else 0, devices=len(judge.laid.register.device_id) if judge else 0,
                waits_for=self._waits_for, pace_ms=judge.pace.wall_ms if judge else 0,
            )
        )  # fmt: skip


def _locked(path: Path) -> IO[bytes]:
    lock = path.open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as taken:
        lock.close()
        raise AlreadyRunning(f"Another process watches over {path.parent}.") from taken
    return lock
