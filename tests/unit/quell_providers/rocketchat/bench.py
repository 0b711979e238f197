"""A realtime client between stand-ins for both of its servers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from quell_providers.model import Event, StateChanged
from quell_providers.rocketchat.credentials import Credentials
from quell_providers.rocketchat.directory import Directory
from quell_providers.rocketchat.memory import Memories
from quell_providers.rocketchat.network import tls_context
from quell_providers.rocketchat.pacing import Pacing
from quell_providers.rocketchat.realtime import Realtime
from quell_providers.rocketchat.stream import Followers
from tests.unit.quell_providers.rocketchat.fakes import (
    ROOM_ID,
    DdpServer,
    RestServer,
    credentials,
    rest_client,
    settings,
    until,
)


def synced(*updated: dict[str, Any], deleted: tuple[str, ...] = ()) -> dict[str, Any]:
    gone = [{"_id": message_id, "_deletedAt": "2023-11-14T22:14:00.000Z"} for message_id in deleted]
    return {"success": True, "result": {"updated": list(updated), "deleted": gone}}


class Ear:
    """A follower that keeps everything it was told."""

    def __init__(self, followers: Followers) -> None:
        self.queue = followers
        self.events: list[Event] = []
        self.ended = False

    def listen(self) -> list[Event]:
        while not self.queue.empty():
            event = self.queue.get_nowait()
            if event is None:
                self.ended = True
            else:
                self.events.append(event)
        return self.events

    def states(self) -> list[str]:
        return [event.state for event in self.listen() if isinstance(event, StateChanged)]

    def last_state(self) -> StateChanged:
        return [event for event in self.listen() if isinstance(event, StateChanged)][-1]

    def content(self) -> list[Event]:
        return [event for event in self.listen() if not isinstance(event, StateChanged)]

    async def live(self, times: int = 1) -> None:
        await until(lambda: self.states().count("live") == times)


class Bench:
    """A realtime client, between both stand-ins."""

    def __init__(self, ddp: DdpServer, client: Realtime, rest: RestServer, directory: Directory) -> None:
        self.ddp, self.client, self.rest, self.directory = ddp, client, rest, directory

    def follow(self, room_id: str = ROOM_ID) -> Ear:
        return Ear(self.client.follow(room_id))


@asynccontextmanager
async def bench(
    who: Credentials | None = None, silence: float = 30.0, pacing: Pacing | None = None
) -> AsyncIterator[Bench]:
    server = RestServer()
    server.set("chat.syncMessages", synced())
    rest = rest_client(server, who=who)
    async with DdpServer() as ddp:
        chosen = settings(ddp.url)
        directory = Directory()
        client = Realtime(
            chosen,
            who or credentials(),
            tls_context(chosen),
            rest,
            directory,
            Memories(),
            pause=lambda attempt: 0.01,
            pacing=pacing,
            silence=silence,
        )
        yield Bench(ddp, client, server, directory)
        await client.aclose()
    await rest.aclose()
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("rocketchat")]
