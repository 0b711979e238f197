"""The garbage collector, kept from looking through a million messages while somebody types.

Messages hold no cycles, so there is nothing to find among them, but a full collection looks at each, for longer than a
frame may take.
What is frozen is passed over from then on. Garbage that is frozen with it stays, so what can be is collected before;
the few hundred objects that are garbage at any moment are little beside what made the freezing worth while.
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

MANY = 10_000
"""Objects in one collection that take the collector a noticeable time, whenever it looks through the young ones."""


def spare() -> None:
    """Pass over all that is there by now."""
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, NEVER)


def spare_if_many(made: Sized) -> None:
    """Pass over all that is there by now, if this collection that was just made would take long to look through."""
    if len(made) > MANY:
        spare()


class Housekeeping:
    """Has the collector look through what it otherwise never does, before there is much of it."""

    def __init__(self) -> None:
        self._held = -MANY

    def tick(self, held: int) -> None:
        """Do what is to be done by now; called about once a second.

        Args:
            held: Messages of all rooms together.
        """
        if gc.get_threshold()[2] != NEVER:  # nothing was spared, so the collector looks after itself
            return
        grown = held >= self._held + MANY
        if grown or gc.get_count()[2] >= OLD:
            gc.collect()
        if grown:
            self._held = held
            spare()
