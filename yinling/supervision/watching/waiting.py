"""Going on when the database is locked, the disk is full or a file is not there: wait, say so, try again."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import Error, InterfaceError, OperationalError, connection

SHORTEST_S, LONGEST_S = 0.05, 2.0
DATABASE, DISK = "database", "disk"
T = TypeVar("T")


def until_done(act: Callable[[], T], waiting: Callable[[str], None]) -> T:
    """The result of `act`, tried again for as long as database or disk refuse. `waiting` hears each time for what.

    Everything tried must be harmless to repeat. Any other error is a bug and flies.
    """
    pause = SHORTEST_S
    while True:
        try:
            return act()
        except (OperationalError, InterfaceError):
            waiting(DATABASE)
            _drop_connection()
        except OSError:
            waiting(DISK)
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_S)


def _drop_connection() -> None:
    """A broken connection is opened anew at the next try."""
    try:
        connection.close()
    except Error:
        connection.connection = None
