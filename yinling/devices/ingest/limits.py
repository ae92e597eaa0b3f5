"""How often one sender may ask: a bucket that fills at a steady rate."""

from dataclasses import dataclass, field

PER_S, BURST = 50.0, 200.0
MOST_BUCKETS = 100_000


@dataclass
class RateLimit:
    """Buckets by sender. Full ones are forgotten, so memory follows who is busy."""

    per_s: float = PER_S
    burst: float = BURST
    _held: dict[object, tuple[float, float]] = field(default_factory=dict)

    def wait_s(self, sender: object, now: float) -> float:
        """Take one from the sender's bucket: 0 when there was one, else the seconds until there is."""
        left, at = self._held.get(sender, (self.burst, now))
        left = min(self.burst, left + (now - at) * self.per_s)
        if left < 1:
            self._held[sender] = (left, now)
            return (1 - left) / self.per_s
        self._held[sender] = (left - 1, now)
        if len(self._held) > MOST_BUCKETS:
            self._held = {k: v for k, v in self._held.items() if now - v[1] < self.burst / self.per_s}
        return 0.0
