"""Silence watch on planted events, held against "no sign for so many days": recall against alarms.

Elders differ in how often they are seen and when; some go to their children for a few days, which nobody writes down.
An event is a day on which an elder can no longer give a sign; recalled is one that is asked about within 36 hours.
"""

from dataclasses import dataclass

import numpy as np

from yinling.engines.signals.silence import HOUR_MS, concerns, learn

DAYS, LEARNT_DAYS, ELDERS_PER_WORKER = 120, 60, 60
BEGIN = 1_767_542_400_000  # Monday, 5 January 2026, 00:00 in the city
WITHIN_H, FOUND_H = 36, 120
ROUNDS = (8, 12, 16, 20)  # hours at which somebody looks


@dataclass(frozen=True)
class Signs:
    """Signs of life: whose and when (epoch ms), in order; per elder the hour of her event, -1 none."""

    elder: np.ndarray
    at: np.ndarray
    event_at: np.ndarray


@dataclass(frozen=True)
class Point:
    """One setting of one method."""

    method: str
    setting: float
    recall: float
    alarms_per_1000_days: float  # those that were no event
    median_hours: float


def some_signs(elders: int, seed: int) -> Signs:
    """Four months of meals, doors, calls and visits; one elder in ten has an event in the second half."""
    dice = np.random.default_rng(seed)
    a_day = np.clip(dice.lognormal(0.7, 0.8, elders), 0.3, 12)
    shape = dice.dirichlet(np.full(24, 0.6) + 6 * _daylight(), elders)
    days = dice.poisson(a_day[:, None], (elders, DAYS))
    days[_away(dice, elders)] = 0
    who, day = np.nonzero(days)
    who, day = np.repeat(who, days[who, day]), np.repeat(day, days[who, day])
    spread = np.cumsum(shape, axis=1)
    hour = (dice.random(len(who))[:, None] > spread[who]).sum(axis=1)
    at = BEGIN + ((day * 24 + hour) * HOUR_MS) + dice.integers(0, HOUR_MS, len(who))
    bunched = np.flatnonzero(dice.random(len(who)) < 0.4)  # one sign brings another: out of the door and back
    who, at = (
        np.concatenate([who, who[bunched]]),
        np.concatenate([at, at[bunched] + dice.integers(1, HOUR_MS // 2, len(bunched))]),
    )
    event_at = np.where(
        dice.random(elders) < 0.1,
        BEGIN + dice.integers((LEARNT_DAYS + 2) * 24, (DAYS - 8) * 24, elders) * HOUR_MS,
        -1,
    )
    mute = (event_at[who] >= 0) & (at >= event_at[who]) & (at < event_at[who] + FOUND_H * HOUR_MS)
    order = np.argsort(at[~mute], kind="stable")
    return Signs(who[~mute][order], at[~mute][order], event_at)


def compare(elders: int, seed: int) -> list[Point]:
    """Both methods over their settings."""
    signs = some_signs(elders, seed)
    points = [_fixed(signs, elders, days) for days in (0.5, 1, 1.5, 2, 3, 4, 5, 7)]
    return points + [_watched(signs, elders, least) for least in (2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 10)]


def recall_at(points: list[Point], method: str, alarms: float) -> float:
    """Recall of a method at so many alarms per 1,000 elder-days, between its settings."""
    own = sorted((point.alarms_per_1000_days, point.recall) for point in points if point.method == method)
    return float(np.interp(alarms, [alarm for alarm, _ in own], [recall for _, recall in own]))


def _fixed(signs: Signs, elders: int, days: float) -> Point:
    def asks(now: int, last: np.ndarray, known: np.ndarray) -> np.ndarray:
        return np.flatnonzero((now - last >= days * 24 * HOUR_MS) & ~known)

    return _walk(signs, elders, "fixed days", days, asks)


def _watched(signs: Signs, elders: int, least: float) -> Point:
    """Rhythms are learnt from the first half; at most three concerns for a worker on one round."""
    begin = np.full(elders, BEGIN)
    rhythms = learn(signs.elder, signs.at, elders, begin, BEGIN + LEARNT_DAYS * 24 * HOUR_MS)
    everybody = np.arange(elders)

    def asks(now: int, last: np.ndarray, known: np.ndarray) -> np.ndarray:
        scores = rhythms.scores(everybody, last, np.full(elders, now))
        return concerns(scores, everybody // ELDERS_PER_WORKER, known, least, 3)

    return _walk(signs, elders, "silence watch", least, asks)


def _walk(signs: Signs, elders: int, method: str, setting: float, asks: object) -> Point:
    """Look at everybody four times a day. Who is asked and is well answers, and the answer is a sign of life."""
    assert callable(asks)
    last, known = np.full(elders, BEGIN), np.zeros(elders, bool)
    asked_in, false, done = np.full(elders, -1), 0, 0
    for day in range(DAYS):
        for hour in ROUNDS:
            now = BEGIN + (day * 24 + hour) * HOUR_MS
            until = int(np.searchsorted(signs.at, now))
            fresh = signs.elder[done:until]
            last[fresh], known[fresh], done = signs.at[done:until], False, until
            if day < LEARNT_DAYS:
                continue
            asked = asks(now, last, known)
            known[asked] = True
            gone = (
                (signs.event_at[asked] >= 0)
                & (signs.event_at[asked] <= now)
                & (now < signs.event_at[asked] + FOUND_H * HOUR_MS)
            )
            asked_in[asked[gone]] = (now - signs.event_at[asked[gone]]) // HOUR_MS
            false += int((~gone).sum())
            last[asked[~gone]], known[asked[~gone]] = now, False
    events = signs.event_at >= 0
    recalled = asked_in[events & (asked_in >= 0) & (asked_in <= WITHIN_H)]
    rate = false / (elders * (DAYS - LEARNT_DAYS)) * 1000
    return Point(
        method,
        setting,
        len(recalled) / max(int(events.sum()), 1),
        rate,
        float(np.median(recalled)) if len(recalled) else 0.0,
    )


def _daylight() -> np.ndarray:
    hour = np.arange(24)
    return np.where((hour >= 6) & (hour <= 21), 1.0, 0.03)


def _away(dice: np.random.Generator, elders: int) -> np.ndarray:
    """Two or three days with the children, once in four months for one elder in three: nobody writes it down."""
    away = np.zeros((elders, DAYS), bool)
    for elder in np.flatnonzero(dice.random(elders) < 0.33):
        first = dice.integers(0, DAYS)
        away[elder, first : first + dice.integers(2, 4)] = True
    return away
