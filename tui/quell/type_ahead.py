"""Keys that are typed faster than they are acted on: each goes where the ones before it lead.

Textual gives a key to whatever has the focus when the key is read. What the key before it does travels from widget to
widget meanwhile, and may move the focus, open a dialog or close one. So keys wait here for one another.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from textual.app import App, ScreenStackError
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen

from quell.screens.decision import DecisionScreen, Typed

LOOK = 0.01
"""Seconds after which it is looked whether all that a key sets off is done, unless another key asks for it sooner."""


class TypeAhead:
    """Hands on keys and pasted texts one by one.

    Args:
        app: Whose keys they are. In its event loop and in its turn everything here is called.
        hand_on: What Textual does with a key or a pasted text.
    """

    def __init__(self, app: App[None], hand_on: Callable[[Typed], Awaitable[None]]) -> None:
        self._app = app
        self._hand_on = hand_on
        self._waiting: deque[Typed] = deque()
        self._settled = True
        """Whether all is known to be done that the last key set off: the next one waits for nothing else."""
        self._look: asyncio.TimerHandle | None = None
        self._drawn: Screen[object] | None = None
        """The screen that the last frame was of."""
        self._drawn_at = 0.0
        """When it began to be, in seconds of the clock of Textual's messages."""

    async def take(self, typed: Typed) -> None:
        """Hand it on, now or when its turn comes."""
        going_on = bool(self._waiting)
        self._waiting.append(typed)
        if not going_on:
            await self._go_on()

    def drawing(self, screen: Screen[object]) -> None:
        """The screen on top is about to be seen."""
        if screen is not self._drawn:
            self._drawn, self._drawn_at = screen, Message().time

    def is_seen(self, screen: Screen[object]) -> bool:
        """Whether the last frame was of this screen."""
        return screen is self._drawn

    async def _go_on(self) -> None:
        while self._waiting and (self._settled or self._all_done()):
            typed, screen = self._waiting.popleft(), self._app.screen
            seen = self.is_seen(screen) and typed.time >= self._drawn_at
            if seen or not isinstance(screen, DecisionScreen) or screen.takes_unseen(typed):
                self._settled = False
                await self._hand_on(typed)
        loop = asyncio.get_running_loop()
        if self._waiting:
            # Through the loop, so that others have their turn before this is asked again.
            loop.call_soon(self._app.call_later, self._go_on)
        elif self._look is None:
            self._look = loop.call_later(LOOK, self._look_on)

    def _look_on(self) -> None:
        self._look = None
        try:
            self._settled = not self._waiting and self._all_done()
        except ScreenStackError:  # the console is leaving
            return
        if not self._settled:
            self._look = asyncio.get_running_loop().call_later(LOOK, self._look_on)

    def _all_done(self) -> bool:
        """Whether nothing is under way to or from where keys go now. New screens mount before they are told of that."""
        target = self._app.focused or self._app.screen
        return not any(map(_is_busy, target.ancestors_with_self))


def _is_busy(node: MessagePump) -> bool:
    """Whether anything waits for its turn at a node. The next message is out of the queue while one is at work."""
    return node.message_queue_size > 0 or node._pending_message is not None
