"""The account's one realtime connection: opened when the first room is followed, and again whenever it breaks."""

import asyncio
import random
import ssl
from collections import Counter
from collections.abc import Callable, Mapping

from msgspec import Raw

from quell_providers.model import LinkState, StateChanged
from quell_providers.refusal import TRANSIENT, Refusal, RefusalKind, RefusedError
from quell_providers.rocketchat import refusals
from quell_providers.rocketchat.account import MY_MESSAGES, AccountStream, Watchers
from quell_providers.rocketchat.catchup import CatchUp
from quell_providers.rocketchat.credentials import Credentials
from quell_providers.rocketchat.ddp import SILENCE, DdpConnection
from quell_providers.rocketchat.directory import Directory
from quell_providers.rocketchat.hidden import Hidden
from quell_providers.rocketchat.memory import Memories
from quell_providers.rocketchat.pacing import Pacing
from quell_providers.rocketchat.rest import Rest
from quell_providers.rocketchat.server import Server
from quell_providers.rocketchat.settings import RocketChatSettings
from quell_providers.rocketchat.stream import Followers, RoomStream
from quell_providers.secret import Secret

_HANDSHAKE = 20.0  # seconds
_LONGEST_PAUSE = 30.0
_ACCOUNT = ""
"""Where the account's own riser stands among those of rooms."""
_RIGHTS = ("permissions-changed", "roles-change", "public-settings-changed")


def backoff(attempt: int) -> float:
    """Seconds to wait before reconnecting: longer each time, and never the same for all clients of a server."""
    return min(2.0 ** min(attempt, 10), _LONGEST_PAUSE) * random.uniform(0.5, 1.0)


class Realtime:
    """Follows any number of rooms, and the account itself, over one connection.

    Args:
        settings: Where the server is.
        credentials: Who listens.
        tls: What to trust.
        rest: For what is missed between two connections.
        directory: The account's rooms, which are kept fresh.
        memories: Of what was told of each room.
        on_rights: Called when what the account may do may have changed.
        pause: Seconds before a reconnect, by the number of failures since the last login.
        pacing: When streams may be subscribed to.
        silence: Seconds without a frame after which the server is asked for a sign of life.
    """

    def __init__(
        self,
        settings: RocketChatSettings,
        credentials: Credentials,
        tls: ssl.SSLContext,
        rest: Rest,
        directory: Directory,
        memories: Memories,
        *,
        server: Server | None = None,
        on_rights: Callable[[], None] = lambda: None,
        pause: Callable[[int], float] = backoff,
        pacing: Pacing | None = None,
        silence: float = SILENCE,
    ) -> None:
        self._settings = settings
        self._credentials = credentials
        self._tls = tls
        self._rest = rest
        self._memories = memories
        server = server or Server(rest)
        self._catch_up = CatchUp(rest, server)
        self._hidden = Hidden(rest, server, directory)
        self._account = AccountStream(credentials, rest, directory, self._removed_from, self._rights_changed)
        self._on_rights = on_rights
        self._pause = pause
        self._pacing = pacing or Pacing()
        self._silence = silence
        self._streams: dict[str, RoomStream] = {}
        self._unreadable: Counter[str] = Counter()
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
            stream = RoomStream(room_id, self._rest, self._catch_up, self._hidden, self._memories[room_id])
            self._streams[room_id] = stream
            if self._connection is not None:
                self._bring_up(stream, self._connection)
        self._wake()
        return stream.join()

    async def leave(self, room_id: str, follower: Followers) -> None:
        """Follow no longer; when the last follower leaves, the server is told to send no more."""
        stream = self._streams.get(room_id)
        if stream is None or not stream.leave(follower):
            return
        self._drop(stream)
        riser = self._risers.pop(room_id, None)
        if riser is not None:
            riser.cancel()
        if self._connection is not None:
            await self._connection.unsubscribe(stream.subscriptions)
        if riser is not None:
            await asyncio.wait([riser])

    def watch(self) -> Watchers:
        """Changes of the list of rooms, from now on; end it with `unwatch`."""
        watcher = self._account.watch()
        if self._closed:
            self._account.end()
        elif self._connection is not None:
            self._bring_up_account(self._connection)
        self._wake()
        return watcher

    def unwatch(self, watcher: Watchers) -> None:
        """Watch no longer."""
        self._account.unwatch(watcher)

    def is_followed(self, room_id: str) -> bool:
        """Somebody follows this room."""
        return room_id in self._streams

    def unreadable(self) -> Mapping[str, int]:
        """By room id: how many events could not be understood."""
        now = Counter({room_id: stream.unreadable for room_id, stream in self._streams.items()})
        return +(now + self._unreadable)

    async def aclose(self) -> None:
        """Close the connection and end every stream."""
        self._closed = True
        for stream in self._streams.values():
            stream.show("closed")
        self._account.end()
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])

    def _wake(self) -> None:
        if not self._closed and (self._keeper is None or self._keeper.done()):
            self._keeper = asyncio.create_task(self._keep(), name="rocketchat realtime")

    async def _keep(self) -> None:
        attempt = 0
        refusal: Refusal | None = None
        try:
            while self._streams or self._account.is_watched:
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
                pause = self._pause(attempt) if refusal.retry_after is None else refusal.retry_after
                attempt += 1
                self._show_all("reconnecting", refusal, pause)
                await asyncio.sleep(pause)
        finally:
            for stream in list(self._streams.values()):
                self._drop(stream)
                stream.end()
            self._account.end(refusal)

    async def _connect(self) -> DdpConnection:
        """A connection that is logged in; a login that ended is made anew, once."""
        for may_renew in (True, False):
            token = (await self._rest.unlock()).token
            try:
                return await self._open(token)
            except RefusedError as error:
                is_over = error.refusal.kind is RefusalKind.LOGIN
                if not (is_over and may_renew and self._credentials.forget(token)):
                    raise
        raise AssertionError("the second attempt returns or raises")

    async def _open(self, token: Secret) -> DdpConnection:
        connection = await DdpConnection.open(self._settings, self._tls, self._silence)
        try:
            async with asyncio.timeout(_HANDSHAKE):
                await connection.greet()
                await connection.login(token)
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
        self._pacing.begin_connection()
        self._hidden.forget()
        try:
            self._bring_up_account(connection)
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

    def _bring_up_account(self, connection: DdpConnection) -> None:
        earlier = self._risers.get(_ACCOUNT)
        rising = self._rise_account(connection, earlier)
        self._risers[_ACCOUNT] = asyncio.create_task(rising, name="rocketchat account")

    async def _rise(self, stream: RoomStream, connection: DdpConnection) -> None:
        try:
            await stream.bring_up(connection, self._pacing)
        except RefusedError as error:
            if error.refusal.kind in TRANSIENT:
                await connection.aclose()  # ended already, or as good as dead: the next one starts with every room
                return
            stream.show("refused", error.refusal)
            stream.end()
            self._drop(stream)
            await connection.unsubscribe(stream.subscriptions)

    async def _rise_account(self, connection: DdpConnection, earlier: asyncio.Task[None] | None) -> None:
        if earlier is not None:
            await asyncio.wait([earlier])
        try:
            await self._account.bring_up(connection)
        except RefusedError:
            await connection.aclose()

    def _dispatch(self, event_name: str, args: list[Raw]) -> None:
        room_id, _, topic = event_name.partition("/")
        if stream := self._streams.get(room_id):
            stream.receive(topic, args)
        elif event_name == MY_MESSAGES:
            self._account.receive_message(args)
        elif room_id == self._credentials.user_id:
            self._account.receive(topic, args)
        elif event_name in _RIGHTS:
            self._account.rights_changed()

    def _rights_changed(self) -> None:
        self._hidden.forget()
        self._on_rights()

    def _removed_from(self, room_id: str) -> None:
        """The account is no longer in a room: the server sends nothing of it any more, and does not say so."""
        stream = self._streams.get(room_id)
        if stream is None:
            return
        stream.show("refused", refusals.removed_from_room())
        stream.end()
        self._drop(stream)
        if riser := self._risers.get(room_id):
            riser.cancel()

    def _drop(self, stream: RoomStream) -> None:
        self._unreadable[stream.room_id] += stream.unreadable
        self._streams.pop(stream.room_id, None)

    def _show_all(self, state: LinkState, refusal: Refusal, retry_in: float | None = None) -> None:
        for stream in self._streams.values():
            stream.show(state, refusal, retry_in)
