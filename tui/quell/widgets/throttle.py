"""Drawing something expensive often enough, and no more often than that."""

import asyncio
from collections.abc import Callable

from textual.dom import DOMNode


class Throttle:
    """Calls at once after a rest, and otherwise once at the end of the interval, however often it is asked to.

    Args:
        node: In whose turn the later calls are made, as long as it is there.
        seconds: The interval.
        action: What to call.
    """

    def __init__(self, node: DOMNode, seconds: float, action: Callable[[], object]) -> None:
        self._node = node
        self._seconds = seconds
        self._action = action
        self._resting = False
        self._asked = False

    def __call__(self) -> None:
        """Ask for a call."""
        if self._resting:
            self._asked = True
            return
        self._resting = True
        self._action()
        # A timer of Textual's has a task to itself, which costs more than many of the calls.
        asyncio.get_running_loop().call_later(self._seconds, self._rested)

    def _rested(self) -> None:
        self._resting = False
        if self._asked:
            self._asked = False
            self._node.call_later(self)
