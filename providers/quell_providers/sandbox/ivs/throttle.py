"""How often something may be done."""

from quell_providers.sandbox.clock import Clock


class TokenBucket:
    """Allows `per_second` calls in the long run, and `burst` at once; without it, one second's worth."""

    def __init__(self, per_second: float, clock: Clock, burst: float | None = None) -> None:
        self.per_second = per_second
        self._size = max(1.0, per_second if burst is None else burst)
        self._level = self._size
        self._clock = clock
        self._filled_at = clock.now()

    def take(self) -> bool:
        """Use one call up; false when there is none left."""
        now = self._clock.now()
        gained = max(0.0, now - self._filled_at) * self.per_second
        self._level = min(self._size, self._level + gained)
        self._filled_at = now
        if self._level < 1:
            return False
        self._level -= 1
        return True
