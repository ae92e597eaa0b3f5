"""Bench `sync`: 500 telephones after a day off line (40 visits, 20 photographs each) come near at once; the web server
is killed with -9 on the way and started again. Everything within five minutes, nothing lost, nothing twice.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from queue import Empty, Queue

from yinling.benches._homes import Place, a_home, run_in
from yinling.benches.report import Report, Result
from yinling.benches.sync_phones import Phone

SIZES = {False: (500, 40, 20), True: (25, 40, 20)}
BAR_S, KILLS, LINES = 300, 3, 24


def run(quick: bool) -> Report:
    """Prepare, hand out the lists, let the day pass, then measure the evening."""
    phones, visits, photos = SIZES[quick]
    with a_home() as place:
        web = Web(place)
        cookies = json.loads(run_in(place, "yinling.benches.sync_city", "prepare", str(phones), str(visits)))["cookies"]
        web.start()
        try:
            held = [Phone(number, cookie, web.port) for number, cookie in enumerate(cookies)]
            _each(held, Phone.morning)
            _each(held, lambda phone: phone.day(photos))
            sizes = [len(entry["box"]) for phone in held for entry in phone.queue if "box" in entry]
            began = time.perf_counter()
            killing = threading.Thread(target=web.keep_killing)
            killing.start()
            _each(held, Phone.evening)
            seconds = time.perf_counter() - began
            web.is_over.set()
            killing.join()
        finally:
            web.stop()
        there = json.loads(run_in(place, "yinling.benches.sync_city", "count"))
    report = Report(
        "sync",
        {"phones": phones, "visits each": visits, "photos each": photos, "photo bytes": sum(sizes) // len(sizes)},
    )
    report.results.extend(_results(held, there, seconds, web, quick))
    return report


def _results(held: list[Phone], there: dict[str, int], seconds: float, web: "Web", quick: bool) -> list[Result]:
    sent = sum(len(phone.acknowledged) for phone in held)
    visits = sum(len(phone.visits) for phone in held)
    lost = sent - there["commands"]
    twice = there["visits_in_all"] - visits
    missing = visits - there["visits"]
    size = max(phone.list_bytes for phone in held)
    return [
        Result("until nothing waits", round(seconds, 1), "s", f"<= {BAR_S}", None if quick else seconds <= BAR_S),
        Result("commands acknowledged", sent, "commands", "", None),
        Result("acknowledged and not there", lost, "commands", "0", lost == 0),
        Result("visits not made", missing, "visits", "0", missing == 0),
        Result("visits twice", twice, "visits", "0", twice == 0),
        Result("photographs kept", there["photos"], "photos", "", None),
        Result("refused", there["refused"], "commands", "0", there["refused"] == 0),
        Result("web server killed with -9", web.kills, "times", ">= 1", web.kills >= 1),
        Result("requests sent again", sum(phone.tries for phone in held), "requests", "", None),
        Result("a week's list, not squeezed", size, "bytes", "<= 100000", size <= 100_000),
    ]  # fmt: skip


def _each(held: list[Phone], do: object) -> None:
    """All phones, LINES at a time."""
    waiting: Queue[Phone] = Queue()
    for phone in held:
        waiting.put(phone)
    faults: list[BaseException] = []

    def work() -> None:
        with suppress(Empty):
            while not faults:
                phone = waiting.get_nowait()
                try:
                    do(phone)  # type: ignore[operator]
                except BaseException as fault:  # noqa: BLE001  told by the main thread
                    faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(LINES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


class Web:
    """The web server and the runner (which seals) over one home."""

    def __init__(self, place: Place) -> None:
        self.place, self.kills, self.is_over = place, 0, threading.Event()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start both, wait until pages are answered."""
        self.running = [self._popen("yinling.config.commands", "runner"), self._web()]
        self._until_up()

    def _web(self) -> "subprocess.Popen[bytes]":
        return self._popen(
            "granian", "--interface", "wsgi", "yinling.config.wsgi:application", "--no-ws", "--port", str(self.port),
            "--workers", "2", "--blocking-threads", "4", "--log-level", "warning",
        )  # fmt: skip

    def _popen(self, *words: str) -> "subprocess.Popen[bytes]":
        kept = {key: value for key, value in os.environ.items() if key != "YINLING_DATABASE"}
        kept |= {"DJANGO_SETTINGS_MODULE": "yinling.config.settings", "YINLING_LOG": "ERROR", **self.place}
        return subprocess.Popen(
            [sys.executable, "-m", *words], env=kept, start_new_session=True, stdout=subprocess.DEVNULL
        )

    def _until_up(self) -> None:
        for _try in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.1)
        raise TimeoutError("the web server does not answer")

    def keep_killing(self) -> None:
        """kill -9 of the whole web server, some seconds after it is up; then it is started again."""
        pause = 3.0
        while self.kills < KILLS and not self.is_over.wait(pause):
            self._end(self.running[1], signal.SIGKILL)
            self.kills, pause = self.kills + 1, pause * 4
            self.running[1] = self._web()
            self._until_up()

    def stop(self) -> None:
        """End both."""
        self.is_over.set()
        for process in self.running:
            self._end(process, signal.SIGKILL)

    def _end(self, process: "subprocess.Popen[bytes]", how: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        process.wait()


if __name__ == "__main__":
    print(run("--quick" in sys.argv).as_json())
