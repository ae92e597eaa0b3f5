"""Work of supervision that nobody waits for."""

from typing import Any

from yinling.kernel import jobs
from yinling.kernel.actors import System
from yinling.supervision.services import ask_again, name_noisy_rules, tell

WATCH = System("supervision")
NOISY = "supervision.noisy"


@jobs.kind("supervision.tell")
def tell_of_alert(progress: jobs.Progress) -> dict[str, Any]:
    """Tell those concerned of one alert."""
    asked = progress.arguments
    return {"told": tell(uid=asked["uid"], ask=asked["ask"], by=WATCH)}


@jobs.kind("supervision.ask")
def ask(progress: jobs.Progress) -> dict[str, Any]:
    """Ask again about what nobody has acknowledged; every minute."""
    return {"asked": ask_again(by=WATCH)}


@jobs.kind(NOISY)
def noisy(progress: jobs.Progress) -> dict[str, Any]:
    """Name noisy rules to their owners; every night."""
    return {"noisy": name_noisy_rules(by=WATCH)}
