"""Long work on the event loop, a slice at a time, so that no key waits for it."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from textual.dom import DOMNode
from textual.timer import Timer

from quell.pauses import REST, SLICE

DISPOSED = 10_000
"""References that are given back in one step."""


class Slices:
    """Runs an iterator to its end in slices, between which keys are handled and the screen is drawn.

    Args:
        node: Lends its timers.
        done: Called when the work is at its end; not when it was dropped.
    """

    def __init__(self, node: DOMNode, done: Callable[[], object]) -> None:
        self._node = node
        self._done = done
        self._work: Iterator[object] | None = None
        self._timer: Timer | None = None

    @property
    def busy(self) -> bool:
        """Whether there is work left."""
        return self._work is not None

    def start(self, work: Iterator[object], *, at_once: float = 0.0) -> None:
        """Do this from now on instead of what is left of the last work.

        Args:
            work: Each of its steps takes far less than a slice.
            at_once: Seconds to spend on it before returning.
        """
        self.drop()
        self._work = work
        if at_once:
            self._run(at_once)
        else:
            self._rest()

    def drop(self) -> None:
        """Do no more of the work."""
        self._work = None
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def finish(self) -> None:
        """Do all that is left of the work now."""
        if self._work is not None:
            self._run(float("inf"))

    def _run(self, seconds: float) -> None:
        work, self._timer = self._work, None
        if work is None:
            return
        end = time.perf_counter() + seconds
        for _ in work:
            if self._work is not work:
                return
            if time.perf_counter() > end:
                self._rest()
                return
        self._work = None
        self._done()

    def _rest(self) -> None:
        self._timer = self._node.set_timer(REST, lambda: self._run(SLICE))


class Disposal:
    """Empties lists a slice at a time: giving back a million references at once takes longer than a key may wait.

    Args:
        node: Lends its timers.
    """

    def __init__(self, node: DOMNode) -> None:
        self._lists: list[tuple[list[Any], int]] = []
        self._slices = Slices(node, lambda: None)

    def __call__(self, unneeded: list[Any], *, at_once: int = DISPOSED) -> None:
        """Empty this list; whoever calls has no use for it any more.

        Args:
            unneeded: The list.
            at_once: References that are given back in one step.
        """
        if len(unneeded) > at_once:
            self._lists.append((unneeded, at_once))
            if not self._slices.busy:
                self._slices.start(self._emptying())

    def _emptying(self) -> Iterator[None]:
        while self._lists:
            unneeded, at_once = self._lists[-1]
            if unneeded:
                del unneeded[-at_once:]
                yield
            else:
                self._lists.pop()
