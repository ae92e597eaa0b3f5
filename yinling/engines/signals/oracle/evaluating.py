"""Rules over a register, one reading at a time."""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from yinling.engines.signals.conditions import Atom, Composite, Measure
from yinling.engines.signals.oracle.joining import Joined
from yinling.engines.signals.oracle.lanes import Lane, Silence
from yinling.engines.signals.oracle.meters import Clockwork, Meter
from yinling.engines.signals.register import Readings, Register
from yinling.engines.signals.rules import GapPolicy, Rule, Scope

AHEAD_MS = 120_000
Event = tuple[str, str, int, int, int, int, int, bool, float | None]
# event, rule, subject, level, at, onset, channel, late, value


@dataclass
class Placed:
    """A lane with where it stands. `order` is the order in which the rules name lanes."""

    lane: Any
    rule: Rule
    level: int
    subject: int
    channel: int
    device: int
    order: int
    part: tuple[Any, int] | None = None  # (joined composite, leaf)
    gap: Silence | None = None


@dataclass
class Slot:
    """The alert of one rule about one subject."""

    held: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    onset: int = 0
    told: float = -math.inf
    gap: float = -math.inf

    def top(self) -> int:
        return max((level for level in range(4) if self.held[level]), default=-1)


class Oracle:
    """Rules over a register, from `now` on."""

    def __init__(self, rules: tuple[Rule, ...], register: Register, now: int) -> None:
        self.register, self.listening = register, now
        self.seen: dict[int, int] = {}
        self.counts = dict.fromkeys(("readings", "bad", "ahead", "late", "repeats", "accepted"), 0)
        self.placed: dict[int, list[Placed]] = defaultdict(list)  # by channel
        self.outcomes: list[tuple[Joined, Placed]] = []
        self.slots: dict[tuple[str, int], Slot] = defaultdict(Slot)
        self.rule_order = {rule.key: i for i, rule in enumerate(rules)}
        self.parts: dict[int, list[Placed]] = defaultdict(list)  # by composite
        self.order = 0
        for rule in rules:
            if rule.scope is not Scope.AREA:
                self.add_rule(rule)

    def add_rule(self, rule: Rule) -> None:
        clock = Clockwork(rule.schedule, self.register.utc_offset) if rule.schedule else None
        channels = {atom: self.channels_of(rule, atom) for atom in rule.atoms}
        subjects = sorted({subject for found in channels.values() for _, subject in found})
        for level in rule.levels:
            condition, number = level.condition, int(level.level)
            if isinstance(condition, Atom):
                for channel, subject in channels[condition]:
                    self.place(rule, number, condition, channel, subject, clock, None)
            elif isinstance(condition, Composite):
                self.add_composite(rule, number, condition, channels, subjects, clock)

    def add_composite(
        self, rule: Rule, level: int, condition: Composite, channels: Any, subjects: Any, clock: Any
    ) -> None:
        total = {subject: sum(s == subject for _, s in channels[condition.atoms[0]]) for subject in subjects}
        joined = {subject: Joined(condition, total[subject]) for subject in subjects}
        for leaf, atom in enumerate(condition.atoms):
            for channel, subject in channels[atom]:
                self.place(rule, level, atom, channel, subject, None, (joined[subject], leaf))
        for subject in subjects:
            lane = Lane(condition.raising, condition.clearing, clock, None, False)
            self.outcomes.append((joined[subject], Placed(lane, rule, level, subject, -1, -1, 0)))

    def channels_of(self, rule: Rule, atom: Atom) -> list[tuple[int, int]]:
        register, found = self.register, []
        for channel, device in enumerate(register.channel_device):
            kind = register.kinds[register.device_kind[device]]
            subject = int(register.subject_ids(rule.scope)[device])
            metric = register.metrics[register.channel_metric[channel]]
            if metric == atom.metric and (not atom.devices or kind in atom.devices) and subject >= 0:
                found.append((channel, subject))
        return found

    def place(self, rule: Rule, level: int, atom: Atom, channel: int, subject: int, clock: Any, part: Any) -> None:
        device = int(self.register.channel_device[channel])
        if rule.consent and not self.register.consents.get(rule.consent, {device: False})[device]:
            return
        gap = None
        if atom.measured.kind is Measure.SILENCE:
            lane: Any = Silence(atom.measured.over_ms, clock)
        else:
            resets = rule.gap is not None and rule.gap.policy is GapPolicy.RESET
            after = rule.gap.after_ms if rule.gap and resets else None
            lane = Lane(atom.raising, atom.clearing, clock, after, rule.never_suppressed)
            centre = (float(self.register.latitude[device]), float(self.register.longitude[device]))
            lane.meter = Meter(atom.measured, centre, self.register.utc_offset)
            gap = Silence(rule.gap.after_ms, None) if rule.gap else None
        self.order += 1
        placed = Placed(lane, rule, level, subject, channel, device, self.order, part, gap)
        self.placed[channel].append(placed)
        if part:
            self.parts[id(part[0])].append(placed)

    def step(self, batch: Readings, now: int, watermark: int | None = None) -> list[Event]:
        """(event, rule, subject, level, at, onset, channel, late, value) of every alert event."""
        until = now if watermark is None else min(now, watermark)
        self.take_readings(batch, now)
        gaps = self.tick(until)
        for joined, placed in self.outcomes:
            self.join(joined, placed, until)
        return self.alerts(gaps)

    def take_readings(self, batch: Readings, now: int) -> None:
        rows = []
        for i in range(len(batch)):
            channel, at, value = int(batch.channel[i]), int(batch.at[i]), float(batch.value[i])
            second = None if batch.second is None else float(batch.second[i])
            self.counts["readings"] += 1
            if not math.isfinite(value) or not 0 <= channel < len(self.register.channel_device):
                self.counts["bad"] += 1
                continue
            ahead = at - now if at > now + AHEAD_MS else 0
            self.counts["ahead"] += ahead > 0
            rows.append((channel, now if ahead else at, i, value, second, ahead))
        late, previous = [], None
        for channel, at, _, value, second, ahead in sorted(rows, key=lambda row: row[:3]):
            seen = self.seen.get(channel)
            if (channel, at) == previous or at == seen:
                self.counts["repeats"] += 1
                late.append((channel, at, value))
            elif seen is not None and at < seen:
                self.counts["late"] += 1
                late.append((channel, at, value))
            else:
                self.counts["accepted"] += 1
                self.read(channel, at, seen, value, second, ahead)
                self.seen[channel] = at
            previous = (channel, at)
        for channel, at, value in late:
            for placed in self.placed[channel]:
                if isinstance(placed.lane, Lane):
                    placed.lane.read_late(at, value)

    def read(self, channel: int, at: int, seen: int | None, value: float, second: float | None, ahead: int) -> None:
        for placed in self.placed[channel]:
            if isinstance(placed.lane, Silence):
                placed.lane.read(at, value)
            else:
                placed.lane.read(at, seen, value, second, ahead)
            if placed.gap:
                placed.gap.read(at, value)

    def tick(self, until: int) -> list[tuple[int, int, Placed]]:
        gaps: list[tuple[int, int, Placed]] = []
        for channel, lanes in self.placed.items():
            for placed in lanes:
                seen = self.seen.get(channel)
                if isinstance(placed.lane, Silence):
                    placed.lane.tick(seen, self.listening, until)
                    continue
                if placed.gap and (at := placed.gap.tick(seen, self.listening, until)) is not None:
                    placed.lane.advance(at)
                    if placed.lane.on:
                        gaps.append((len(placed.lane.flips), at, placed))
                    self.apply_gap(placed, at)
                placed.lane.advance(until)
        return gaps

    def apply_gap(self, placed: Placed, at: int) -> None:
        assert placed.rule.gap is not None
        lane, policy = placed.lane, placed.rule.gap.policy
        if policy is GapPolicy.RESET:
            lane.begin_anew(at)
        elif policy is GapPolicy.RAISE and not lane.on and lane.since is None:
            lane.tests, lane.since = [True] * lane.raising.of, at

    def join(self, joined: Joined, placed: Placed, until: int) -> None:
        events = []
        for other in self.parts[id(joined)]:
            leaf = other.part[1] if other.part else 0
            for i, (at, kind, _, _) in enumerate(other.lane.flips):
                events.append((at, other.order, i, kind, leaf))
        for at, order, _, kind, leaf in sorted(events):
            joined.take(at, leaf, kind, order)
        joined.expire(until)
        for at, truth in joined.changes:
            placed.lane.read(at, at, 1.0 if truth else 0.0)
        joined.changes.clear()
        placed.lane.advance(until)

    def everywhere(self) -> list[Placed]:
        return [placed for lanes in self.placed.values() for placed in lanes]

    def alerts(self, gaps: list[Any]) -> list[Event]:
        found = []
        for placed in [*self.everywhere(), *(placed for _, placed in self.outcomes)]:
            order = placed.order if placed.channel >= 0 else self.order + 1 + placed.level
            if not placed.part:
                for i, flip in enumerate(placed.lane.flips):
                    found.append((flip[0], order, i, flip, placed))
            placed.lane.flips.clear()
            if placed.gap:
                placed.gap.flips.clear()
        found += [(at, placed.order, i - 0.5, (at, "gap", None, False), placed) for i, at, placed in gaps]
        events: list[Event] = []
        for at, _, _, (_, kind, value, late), placed in sorted(found, key=lambda each: each[:3]):
            events += self.tell(placed, at, kind, value, late)
        return events

    def tell(self, placed: Placed, at: int, kind: str, value: float | None, late: bool) -> list[Event]:
        rule, slot = placed.rule, self.slots[(placed.rule.key, placed.subject)]
        before = slot.top()
        if kind in ("on", "off"):
            slot.held[placed.level] += 1 if kind == "on" else -1
        after = slot.top()

        def event(name: str, level: int, when: int) -> list[Event]:
            return [(name, rule.key, placed.subject, level, when, slot.onset, placed.channel, late, value)]

        if kind == "gap":
            if after >= 0 and at > slot.gap:
                slot.gap = at
                return event("no_data", after, at)
            return []
        if before < 0 <= after:
            slot.onset, slot.told = at, max(slot.told, at)
            return event("raised", after, at)
        if after < 0 <= before:
            return event("cleared", before, max(at, slot.onset))
        news = kind != "off" and (late or at - slot.told >= rule.remind_ms)
        if before >= 0 and after >= 0 and (before != after or news):
            slot.told = max(slot.told, at)
            return event("updated", after, at)
        return []
