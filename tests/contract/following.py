"""Reads a room's live events in the background and waits for them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from quell_providers.model import Deleted, Edited, Event, LinkState, Message, Posted, StateChanged
from quell_providers.provider import Provider

PATIENCE = 10.0
"""Seconds after which an event that was waited for counts as missing."""


class Follower:
    """What one room's stream has told so far."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.ended = False
        self._more = asyncio.Event()

    def states(self) -> list[LinkState]:
        """The states the link went through."""
        return [event.state for event in self.events if isinstance(event, StateChanged)]

    def messages(self) -> dict[str, Message]:
        """The newest form of each message by id, as a timeline merges them; deleted ones are left out."""
        merged: dict[str, Message] = {}
        for event in self.events:
            if isinstance(event, Posted | Edited):
                merged[event.message.id] = event.message
            elif isinstance(event, Deleted):
                merged.pop(event.message_id, None)
        return merged

    def deleted(self) -> dict[str, Deleted]:
        """The deletions told of, by message id."""
        return {event.message_id: event for event in self.events if isinstance(event, Deleted)}

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until a condition holds, looking again at each event."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not condition():
                    self._more.clear()
                    await self._more.wait()
        except TimeoutError:
            raise AssertionError(f"still not so after {self.events}") from None

    async def told(self, *message_ids: str) -> None:
        """Wait until all of these messages were told of, and stand."""
        await self.until(lambda: self.messages().keys() >= set(message_ids))

    async def gone(self, message_id: str) -> None:
        """Wait until a message's deletion was told of."""
        await self.until(lambda: message_id in self.deleted())

    async def live(self, times: int = 1) -> None:
        """Wait until the link stands, for the given time."""
        await self.until(lambda: self.states().count("live") >= times)

    async def read(self, provider: Provider, room_id: str) -> None:
        """Follow a room until its stream ends or this is cancelled."""
        events = provider.follow(room_id)
        try:
            async for event in events:
                self.events.append(event)
                self._more.set()
            self.ended = True
            self._more.set()
        finally:
            await events.aclose()


@asynccontextmanager
async def following(provider: Provider, room_id: str) -> AsyncIterator[Follower]:
    """Follow a room in the background."""
    follower = Follower()
    reader = asyncio.create_task(follower.read(provider, room_id))
    try:
        yield follower
    finally:
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)
