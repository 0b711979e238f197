"""The account's one realtime connection: opened when the first room is followed, and again whenever it breaks."""

import asyncio
import random
import ssl
from collections.abc import Callable

from msgspec import Raw

from quell_providers.model import LinkState, StateChanged
from quell_providers.refusal import TRANSIENT, Refusal, RefusedError
from quell_providers.rocketchat import refusals
from quell_providers.rocketchat.credentials import Credentials
from quell_providers.rocketchat.ddp import SILENCE, DdpConnection
from quell_providers.rocketchat.rest import Rest
from quell_providers.rocketchat.settings import RocketChatSettings
from quell_providers.rocketchat.stream import Followers, RoomStream

_HANDSHAKE = 20.0  # seconds
_LONGEST_PAUSE = 30.0


def backoff(attempt: int) -> float:
    """Seconds to wait before reconnecting: longer each time, and never the same for all clients of a server."""
    return min(2.0 ** min(attempt, 10), _LONGEST_PAUSE) * random.uniform(0.5, 1.0)


class Realtime:
    """Follows any number of rooms over one connection.

    Args:
        settings: Where the server is.
        credentials: Who listens.
        tls: What to trust.
        rest: For what is missed between two connections.
        pause: Seconds before a reconnect, by the number of failures since the last login.
        silence: Seconds without a frame after which the server is asked for a sign of life.
    """

    def __init__(
        self,
        settings: RocketChatSettings,
        credentials: Credentials,
        tls: ssl.SSLContext,
        rest: Rest,
        *,
        pause: Callable[[int], float] = backoff,
        silence: float = SILENCE,
    ) -> None:
        self._settings = settings
        self._credentials = credentials
        self._tls = tls
        self._rest = rest
        self._pause = pause
        self._silence = silence
        self._streams: dict[str, RoomStream] = {}
        self._connection: DdpConnection | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._risers: dict[str, asyncio.Task[None]] = {}
        self._closed = False

    def follow(self, room_id: str) -> Followers:
        """Events of a room, from its present state on; end it with `leave`."""
        if self._closed:
            over = Followers()
            over.put_nowait(StateChanged(room_id, "closed"))
            over.put_nowait(None)
            return over
        stream = self._streams.get(room_id)
        if stream is None:
            stream = self._streams[room_id] = RoomStream(room_id, self._rest)
            if self._connection is not None:
                self._bring_up(stream, self._connection)
        if self._keeper is None or self._keeper.done():
            self._keeper = asyncio.create_task(self._keep(), name="rocketchat realtime")
        return stream.join()

    async def leave(self, room_id: str, follower: Followers) -> None:
        """Follow no longer; when the last follower leaves, the server is told to send no more."""
        stream = self._streams.get(room_id)
        if stream is None or not stream.leave(follower):
            return
        del self._streams[room_id]
        riser = self._risers.pop(room_id, None)
        if riser is not None:
            riser.cancel()
        if self._connection is not None:
            await self._connection.unsubscribe(stream.subscriptions)
        if riser is not None:
            await asyncio.wait([riser])

    async def aclose(self) -> None:
        """Close the connection and end every stream."""
        self._closed = True
        for stream in self._streams.values():
            stream.show("closed")
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])

    async def _keep(self) -> None:
        attempt = 0
        try:
            while self._streams:
                try:
                    connection = await self._connect()
                except RefusedError as error:
                    refusal = error.refusal
                else:
                    attempt = 0
                    refusal = await self._serve(connection)
                if refusal.kind not in TRANSIENT:
                    self._show_all("refused", refusal)
                    return
                pause = refusal.retry_after or self._pause(attempt)
                attempt += 1
                self._show_all("reconnecting", refusal, pause)
                await asyncio.sleep(pause)
        finally:
            for stream in self._streams.values():
                stream.end()
            self._streams.clear()

    async def _connect(self) -> DdpConnection:
        await self._credentials.unlock()
        connection = await DdpConnection.open(self._settings, self._tls, self._silence)
        try:
            async with asyncio.timeout(_HANDSHAKE):
                await connection.greet()
                await connection.login(self._credentials)
        except TimeoutError:
            await connection.aclose()
            raise RefusedError(refusals.unavailable("", "The server did not answer.")) from None
        except (RefusedError, asyncio.CancelledError):
            await connection.aclose()
            raise
        return connection

    async def _serve(self, connection: DdpConnection) -> Refusal:
        """Keep every room going until this connection ends. Returns why it did."""
        self._connection = connection
        try:
            for stream in self._streams.values():
                self._bring_up(stream, connection)
            return await connection.run(self._dispatch)
        finally:
            self._connection = None
            for riser in self._risers.values():
                riser.cancel()
            if self._risers:
                await asyncio.wait(self._risers.values())
            self._risers.clear()
            await connection.aclose()

    def _bring_up(self, stream: RoomStream, connection: DdpConnection) -> None:
        name = f"rocketchat room {stream.room_id}"
        self._risers[stream.room_id] = asyncio.create_task(self._rise(stream, connection), name=name)

    async def _rise(self, stream: RoomStream, connection: DdpConnection) -> None:
        try:
            await stream.bring_up(connection)
        except RefusedError as error:
            if error.refusal.kind in TRANSIENT:
                await connection.aclose()  # ended already, or as good as dead: the next one starts with every room
                return
            stream.show("refused", error.refusal)
            stream.end()
            self._streams.pop(stream.room_id, None)
            await connection.unsubscribe(stream.subscriptions)

    def _dispatch(self, event_name: str, args: list[Raw]) -> None:
        room_id, _, topic = event_name.partition("/")
        if stream := self._streams.get(room_id):
            stream.receive(topic, args)

    def _show_all(self, state: LinkState, refusal: Refusal, retry_in: float | None = None) -> None:
        for stream in self._streams.values():
            stream.show(state, refusal, retry_in)
