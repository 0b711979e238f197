"""Drawing something expensive often enough, and no more often than that."""

from collections.abc import Callable

from textual.dom import DOMNode
from textual.timer import Timer


class Throttle:
    """Calls at once after a rest, and otherwise once at the end of the interval, however often it is asked to.

    Args:
        node: Lends its timers.
        seconds: The interval.
        action: What to call.
    """

    def __init__(self, node: DOMNode, seconds: float, action: Callable[[], object]) -> None:
        self._node = node
        self._seconds = seconds
        self._action = action
        self._resting: Timer | None = None
        self._asked = False

    def __call__(self) -> None:
        """Ask for a call."""
        if self._resting is None:
            self._action()
            self._resting = self._node.set_timer(self._seconds, self._rested)
        else:
            self._asked = True

    def _rested(self) -> None:
        self._resting = None
        if self._asked:
            self._asked = False
            self()
