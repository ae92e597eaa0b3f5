"""How fresh the board is, and on a played day how well its alerts tell what happened."""

import time
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from yinling.kernel.actors import Actor
from yinling.supervision.permissions import Supervision
from yinling.supervision.watching import beats, presenting, truth

LATE_S = 30
KEPT_S = 5  # a board is redrawn every few seconds; the score is not counted anew for each of them


@dataclass(frozen=True)
class Freshness:
    """A sentence on what the board shows. `tone`: "" all is well, yellow behind, red nothing is judged."""

    words: str
    tone: str


def freshness() -> Freshness | None:
    """None where no readings are judged at all: then there is nothing to be behind with."""
    beat, at = beats.last_beat(), beats.now_ms()
    if beat is None:
        return None
    if beats.is_dead(beat, at):
        minutes = max((at - beat.at_ms) // 60_000, 1)
        text = _("Readings have not been judged for {minutes} minutes. What is shown may be over, or not yet seen.")
        return Freshness(text.format(minutes=minutes), "red")
    behind = round(beats.behind_s(beat, at))
    if behind > LATE_S:
        text = _("Readings are judged {seconds} s late.").format(seconds=behind)
        return Freshness(" ".join(filter(None, (text, presenting.waiting_words(beat)))), "yellow")
    return Freshness(_("Readings judged up to {seconds} s ago.").format(seconds=behind), "")


def score_for(by: Actor) -> truth.Score | None:
    """Of the day that is played, for whoever reads rules; None where no day was played."""
    file = beats.folder() / truth.FILE
    if not by.may(Supervision.RULES) or not file.exists():
        return None
    return _score(file.stat().st_mtime_ns, int(time.monotonic() // KEPT_S))


@lru_cache(maxsize=1)
def _score(_written: int, _tick: int) -> truth.Score | None:
    played, beat = truth.read_truth(beats.folder()), beats.last_beat()
    if played is None or beat is None:
        return None
    return truth.score(played, truth.alerts_of(played), beat.watermark_ms)
