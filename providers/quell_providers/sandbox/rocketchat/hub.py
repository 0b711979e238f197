"""Tells the open sockets of what happened."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from quell_providers.sandbox.outbox import Outgoing
from quell_providers.sandbox.rocketchat import frames
from quell_providers.sandbox.world import Person


class Listener(Protocol):
    """A socket, as the hub sees it."""

    person: Person | None

    def pass_on(self, stream: str, event: str, frame: Outgoing) -> None:
        """Send the frame of an event, once for each subscription to it."""

    def forget(self, stream: str, event: str) -> None:
        """Drop the subscriptions to an event without a word."""


class Hub:
    """Who listens to what."""

    def __init__(self) -> None:
        self._audiences: defaultdict[tuple[str, str], dict[Listener, None]] = defaultdict(dict)
        self._is_silent = False

    @property
    def is_heard(self) -> bool:
        """Whether anybody listens to anything."""
        return bool(self._audiences)

    def add(self, listener: Listener, stream: str, event: str) -> None:
        """Let a socket listen to an event."""
        self._audiences[stream, event][listener] = None

    def remove(self, listener: Listener, stream: str, event: str) -> None:
        """Let a socket no longer listen to an event."""
        audience = self._audiences.get((stream, event), {})
        audience.pop(listener, None)
        if not audience:
            self._audiences.pop((stream, event), None)

    def listening(self, stream: str, event: str) -> list[Listener]:
        """The sockets that listen to an event."""
        return list(self._audiences.get((stream, event), ()))

    def tell(self, stream: str, event: str, *args: object) -> None:
        """Tell everybody who listens; the frame is encoded once for all of them."""
        self.tell_these(self.listening(stream, event), stream, event, *args)

    def tell_these(self, listeners: list[Listener], stream: str, event: str, *args: object) -> None:
        """Tell only some of those who listen."""
        if listeners and not self._is_silent:
            frame = frames.telling(stream, event, args)
            for listener in listeners:
                listener.pass_on(stream, event, frame)

    def forget(self, person: Person, stream: str, event: str) -> None:
        """Drop one person's subscriptions to an event without a word."""
        for listener in self.listening(stream, event):
            if listener.person is person:
                listener.forget(stream, event)

    @contextmanager
    def silence(self) -> Iterator[None]:
        """Tell nobody of what happens meanwhile."""
        self._is_silent = True
        try:
            yield
        finally:
            self._is_silent = False
