"""Rules and devices read anew beside the judging: a million devices take half a minute, and smoke does not wait."""

import threading
import time
from collections.abc import Callable

from django.db import connection

from yinling.supervision.watching.following import Watched
from yinling.supervision.watching.waiting import until_done

REST = 2.0  # times as long as the last reading took: judging comes first
Read = Callable[[], Watched]


class AtOnce:
    """Reads when asked."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._found: Watched | None = None

    @property
    def may_be_asked(self) -> bool:
        """Whether a new reading may begin."""
        return True

    def ask(self) -> None:
        """Begin."""
        self._found = until_done(self._read, lambda why: None)

    def result(self) -> Watched | None:
        """What was read, once; None before that."""
        found, self._found = self._found, None
        return found


class Beside(AtOnce):
    """Reads in a thread with a connection of its own."""

    def __init__(self, read: Read) -> None:
        super().__init__(read)
        self._thread: threading.Thread | None = None
        self._rests_until = 0.0

    @property
    def may_be_asked(self) -> bool:
        return self._thread is None and time.monotonic() > self._rests_until

    def ask(self) -> None:
        self._thread = threading.Thread(target=self._run, name="rereading", daemon=True)
        self._thread.start()

    def result(self) -> Watched | None:
        if self._thread is None or self._thread.is_alive():
            return None
        self._thread = None
        return super().result()

    def _run(self) -> None:
        began = time.monotonic()
        try:
            super().ask()
        finally:
            connection.close()
            self._rests_until = time.monotonic() + REST * (time.monotonic() - began)
