"""Silence watch: from the signs of life that the platform already sees to unusual silence, elder by elder.

Each elder has a rhythm of her own: how many signs come in an hour of a weekday or a weekend, leaning on everybody's
rhythm while little is known. A silence is measured not in hours but in signs that should have come (a night weighs
little), and that in turn by how bunched her signs are: five doors in ten minutes are one sign of life. What is left is
nearly exponential, so a score of 7 is a silence that comes once in about e**7 = 1,100 silences.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yinling.engines.signals.columns import Bools, Floats, Index, Int64, starts_of_runs

HOUR_MS = 3_600_000
HOURS, PHASES = 168, 48  # of a week; of a weekday and a day of the weekend
PRIOR_HOURS = 72.0  # everybody's rhythm counts as this much of her own
PRIOR_SILENCES = 12.0  # and everybody's bunching as so many of her own silences
EPOCH_HOUR = 72  # 1 January 1970 was a Thursday


@dataclass(frozen=True)
class Rhythms:
    """By elder (e rows). `spent` are the signs due from Monday 00:00 to each hour of the week, shape (e, 169).

    bunching: how much longer than a steady rhythm's her silences are; 1 is steady.
    """

    spent: Floats
    bunching: Floats
    utc_offset: int

    def due(self, elder: Index, since: Int64, until: Int64) -> Floats:
        """Signs that should have come between two times (epoch ms), by her rhythm."""
        return self._total(elder, until) - self._total(elder, since)

    def scores(self, elder: Index, since: Int64, until: Int64) -> Floats:
        """How unusual each silence is; 0 is none at all."""
        return np.maximum(self.due(elder, since, until), 0.0) / self.bunching[elder]

    def _total(self, elder: Index, at: Int64) -> Floats:
        hours = at / HOUR_MS + self.utc_offset / 60 + EPOCH_HOUR
        week, hour = np.divmod(hours, HOURS)
        whole = np.floor(hour).astype(np.intp)
        before, after = self.spent[elder, whole], self.spent[elder, whole + 1]
        return week * self.spent[elder, HOURS] + before + (hour - whole) * (after - before)


def learn(elder: Index, at: Int64, elders: int, begin: Int64, end: int, utc_offset: int = 480) -> Rhythms:
    """Rhythms from signs of life: whose (0 to elders - 1) and when (epoch ms).

    `begin` (e,): since when each elder has been watched. Signs before that, or from `end` on, are left out.
    """
    fit = (at >= begin[elder]) & (at < end)
    order = np.lexsort((at[fit], elder[fit]))
    elder, at = elder[fit][order], at[fit][order]
    phase = _phase_of_hour()[_hour_of_week(at, utc_offset)]
    counts = np.bincount(elder * PHASES + phase, minlength=elders * PHASES).reshape(elders, PHASES).astype(np.float64)
    weeks: Floats = np.maximum((end - begin) / (HOURS * HOUR_MS), 1e-3)
    hours = np.bincount(_phase_of_hour(), minlength=PHASES).astype(np.float64) * weeks[:, None]
    spent = _spent(counts, hours)
    return Rhythms(spent, _bunching(Rhythms(spent, np.ones(elders), utc_offset), elder, at, elders), utc_offset)


def _spent(counts: Floats, hours: Floats) -> Floats:
    """Signs due from the beginning of the week on. Her level first, then how her day differs from everybody's."""
    everybody = counts.sum(axis=0) / hours.sum(axis=0)
    mean = counts.sum() / hours.sum()
    level = (counts.sum(axis=1) + mean * PRIOR_HOURS) / (hours.sum(axis=1) + PRIOR_HOURS)
    usual = level[:, None] * (everybody / max(mean, 1e-12))
    weight = PRIOR_HOURS / PHASES * 4
    rate = (counts + usual * weight) / (hours + weight)
    by_hour = rate[:, _phase_of_hour()]
    return np.concatenate([np.zeros((len(rate), 1)), np.cumsum(by_hour, axis=1)], axis=1)


def _bunching(rhythms: Rhythms, elder: Index, at: Int64, elders: int) -> Floats:
    """Mean square over twice the mean of her silences, counted in signs due: 1 steady, more for bunches."""
    follows = np.flatnonzero(~starts_of_runs(elder))
    own = elder[follows]
    silence = rhythms.due(own, at[follows - 1], at[follows])
    many = np.bincount(own, minlength=elders)
    first, second = (np.bincount(own, weights=silence**power, minlength=elders) for power in (1, 2))
    usual_first, usual_second = first.sum() / max(many.sum(), 1), second.sum() / max(many.sum(), 1)
    square = second + PRIOR_SILENCES * usual_second
    mean = first + PRIOR_SILENCES * usual_first
    return np.maximum(square / np.maximum(2 * mean, 1e-12), 1e-6)


def concerns(scores: Floats, worker: NDArray[np.integer], known: Bools, least: float, budget: int) -> Index:
    """Whom to ask about: scores of at least `least`, not yet asked about (`known`), the `budget` highest per worker."""
    found = np.flatnonzero((scores >= least) & ~known)
    order = found[np.lexsort((found, -scores[found], worker[found]))]
    begins = starts_of_runs(worker[order])
    position = np.arange(len(order))
    rank = position - np.maximum.accumulate(np.where(begins, position, 0))
    return order[rank < budget]


def _hour_of_week(at: Int64, utc_offset: int) -> Int64:
    return (at // HOUR_MS + utc_offset // 60 + EPOCH_HOUR) % HOURS


def _phase_of_hour() -> Index:
    """By hour of the week, from Monday 00:00: hour of a weekday (0 to 23), of the weekend (24 to 47)."""
    hour = np.arange(HOURS)
    return np.where(hour < 120, hour % 24, 24 + hour % 24)
