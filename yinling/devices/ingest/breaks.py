"""When devices could not be heard: the process was gone, the disk refused, the broker was away.

A break is said in the state file before the first reading after it reaches the journal. Whoever judges silence reads
the file after the reading, so nobody is called silent who could not be heard.
"""

import time
from dataclasses import dataclass

from yinling.devices.ingest.state import State


@dataclass
class Breaks:
    """Seconds since 1970. `heard_since` is 0 during a break, `broke_at` when the last one began (0 unknown)."""

    heard_since: float = 0.0
    broke_at: float = 0.0
    _noted_at: float = 0.0

    @classmethod
    def after(cls, before: State | None) -> "Breaks":
        """Of a process that starts: the break began when the one before was last well."""
        if before is None:
            return cls()
        return cls(0.0, before.at if before.heard_since else before.broke_at)

    def note(self, *, is_heard: bool, door_since: float = 0.0) -> None:
        """Say how it stands. `door_since`: since when the door is open, which may have been shut for a moment only."""
        now = time.time()
        if self.heard_since and (not is_heard or door_since > self.heard_since):
            self.heard_since, self.broke_at = 0.0, self._noted_at
        if is_heard and not self.heard_since:
            self.heard_since = now
        self._noted_at = now
