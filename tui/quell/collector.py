"""The garbage collector, kept from looking through a million messages while somebody types.

Messages hold no cycles, so there is nothing to find among them, but a full collection looks at each, for longer than a
frame may take.
What is frozen is passed over. Whatever garbage is frozen with it is found when nobody is at the keyboard.
"""

import gc
from collections.abc import Sized

YOUNG, OLDER = 1_000, 10
"""Objects that come into being before the collector looks through them, and how often until it looks once more at those
that stayed: ten thousand take it some milliseconds."""

NEVER = 1_000_000_000
"""All others it looks through only when it is told to."""

OLD = 12
"""How often those that stayed are looked through until all are that are not passed over."""

MANY = 20_000
"""Objects in one collection that take the collector a noticeable time, whenever it looks through the young ones."""

REST_SECONDS = 30.0
"""Without a key for so long, nobody waits for one."""

EVERY_SECONDS = 600.0
"""How often everything is looked through, at the most."""


def spare() -> None:
    """Pass over all that is there by now."""
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, NEVER)


def spare_if_many(made: Sized) -> None:
    """Pass over all that is there by now, if this collection that was just made would take long to look through."""
    if len(made) > MANY:
        spare()


class Housekeeping:
    """Has the collector look through what it otherwise never does, before there is much of it. Times are seconds of one
    clock.
    """

    def __init__(self, now: float) -> None:
        self._last_key = self._last_time = now
        self._held = -MANY

    def key(self, now: float) -> None:
        """A key was pressed."""
        self._last_key = now

    def tick(self, now: float, held: int) -> bool:
        """Do what is to be done by now. Returns whether everything was looked through.

        Args:
            now: Called about once a second.
            held: Messages of all rooms together.
        """
        if now - self._last_key >= REST_SECONDS and now - self._last_time >= EVERY_SECONDS:
            self._last_time = now
            gc.unfreeze()
            gc.collect()
            spare()
            return True
        if gc.get_threshold()[2] != NEVER:  # nothing was spared, so the collector looks after itself
            return False
        if held >= self._held + MANY:
            self._held = held
            spare()
        elif gc.get_count()[2] >= OLD:
            gc.collect()
        return False
