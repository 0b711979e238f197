"""Rocket.Chat behind Quell's contract."""

from collections.abc import AsyncGenerator, Mapping, Sequence

import httpx

from quell_providers.model import Author, Event, Message, Room, RoomsEvent, Unread
from quell_providers.provider import Accepted, Capabilities, Forecast, HistoryPage, Identity, Provider
from quell_providers.refusal import Refusal, RefusalKind, RefusedError
from quell_providers.rocketchat import history, network, refusals, rooms, translate, wire
from quell_providers.rocketchat.abilities import abilities
from quell_providers.rocketchat.credentials import Credentials, TokenCredentials
from quell_providers.rocketchat.directory import Directory
from quell_providers.rocketchat.memory import Memories
from quell_providers.rocketchat.pacing import Pacing
from quell_providers.rocketchat.password import PasswordCredentials
from quell_providers.rocketchat.realtime import Realtime
from quell_providers.rocketchat.rest import Rest
from quell_providers.rocketchat.rights import Rights
from quell_providers.rocketchat.server import Server
from quell_providers.rocketchat.settings import RocketChatSettings
from quell_providers.rocketchat.trail import Trail

_ROLES = {"c": "channels.roles", "p": "groups.roles"}
"""Routes by the type of a room; a direct room has no roles."""


class RocketChatProvider(Provider):
    """One account on one Rocket.Chat server.

    Deletions are made in the account's own name, unless it is configured otherwise: the server's `asUser` would
    measure them by the author's rights and time limit, and so refuse what a moderator may do.

    Args:
        settings: Which server, and who we are to it.
        transport: In place of the network for REST calls, for tests.
        pacing: When streams may be subscribed to, for servers with other limits than usual.
    """

    def __init__(
        self,
        settings: RocketChatSettings,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        pacing: Pacing | None = None,
    ) -> None:
        tls = network.tls_context(settings)
        credentials = self._credentials(settings)
        self.capabilities: Capabilities = abilities(settings)
        self.endpoint_host = settings.endpoint_host
        self._as_author = settings.delete_as_author
        self._rest = Rest(settings, credentials, tls, transport)
        self._directory = Directory()
        self._memories = Memories()
        server = Server(self._rest)
        self._rights = Rights(self._rest, server, as_author=settings.delete_as_author)
        self._trail = Trail(self._rest, self._rights) if settings.report_reason else None
        self._realtime = Realtime(
            settings,
            credentials,
            tls,
            self._rest,
            self._directory,
            self._memories,
            server=server,
            on_rights=self._rights.forget,
            pacing=pacing,
        )

    def _credentials(self, settings: RocketChatSettings) -> Credentials:
        if settings.token is not None:
            return TokenCredentials(settings.user_id or "", settings.token)
        assert settings.password is not None  # the settings see to it
        return PasswordCredentials(settings.user or "", settings.password, settings.base_url, lambda: self.ask_code)

    async def login(self) -> Identity:
        """Ask who the token belongs to (`me`), after logging in where there is none yet."""
        me = await self._rest.get("me", wire.Me)
        return Identity(id=me.id, name=me.name or me.username or me.id, roles=tuple(me.roles))

    async def renewed(self) -> bool:
        """Whether the token or password is another one by now. The server, which may lock it, is not asked."""
        return await self._rest.renewed()

    async def rooms(self) -> tuple[Room, ...]:
        """The rooms the account is in: channels, groups, direct rooms and discussions."""
        self._directory.fill(await rooms.fetch(self._rest))
        return self._directory.rooms()

    async def find_rooms(self, reference: str) -> tuple[Room, ...]:
        """By id or name among the rooms the account is in, and only then among the public ones."""
        found = await super().find_rooms(reference)
        if found:
            return found
        try:
            public = await self.public_rooms()
        except RefusedError as error:
            if error.refusal.kind is not RefusalKind.PERMISSION:
                raise
            return ()
        return tuple(room for room in public if reference in (room.id, room.name))

    async def public_rooms(self) -> tuple[Room, ...]:
        """Public channels the account is not in, but may read (`channels.list`)."""
        return self._directory.add_public(await rooms.fetch_public(self._rest))

    async def staff(self, room_id: str) -> tuple[Author, ...]:
        """Owners, moderators and leaders of a channel or group (`channels.roles`, `groups.roles`)."""
        room = self._directory.find(room_id)
        if room is None or room.t not in _ROLES:
            return ()
        answer = await self._rest.get(_ROLES[room.t], wire.RoleHolders, {"roomId": room_id})
        return tuple(translate.author(holder.u) for holder in rooms.read_each(answer.roles, wire.RoleHolder))

    async def watch_rooms(self) -> AsyncGenerator[RoomsEvent, None]:
        """How the list of rooms changes; unread messages only of rooms that nobody follows."""
        watcher = self._realtime.watch()
        try:
            while (event := await watcher.get()) is not None:
                if isinstance(event, Refusal):
                    raise RefusedError(event)
                if not isinstance(event, Unread) or not self._realtime.is_followed(event.room_id):
                    yield event
        finally:
            self._realtime.unwatch(watcher)

    async def history(self, room_id: str, *, limit: int = 100, before: str | None = None) -> HistoryPage:
        """Messages older than the time `before`, thread replies and system messages included; at most 100."""
        if self._directory.find(room_id) is None:
            await self.rooms()
        room = self._directory.find(room_id)
        if room is None or room.t not in history.ROUTES:
            raise RefusedError(refusals.no_such_room(room_id))
        try:
            return await history.fetch(self._rest, room, limit, before, self._memories[room_id])
        except RefusedError as error:
            if error.refusal.kind is RefusalKind.PERMISSION:
                return HistoryPage(messages=(), missing=error.refusal)
            raise

    async def follow(self, room_id: str) -> AsyncGenerator[Event, None]:
        """Live events of a room the account may read."""
        follower = self._realtime.follow(room_id)
        try:
            while (event := await follower.get()) is not None:
                yield event
        finally:
            await self._realtime.leave(room_id, follower)

    async def forecast(self, messages: Sequence[Message]) -> tuple[Forecast, ...]:
        """Work out the server's own rules for each message; the rules are asked for every few minutes at most."""
        return await self._rights.forecast(messages)

    async def delete(self, room_id: str, message_id: str, reason: str | None) -> Accepted:
        """Delete one message (`chat.delete`). The server takes no reason with it; one is left as a report if asked."""
        if self._trail is not None and reason:
            await self._trail.begin(message_id, reason)
        try:
            answer = await self._rest.post("chat.delete", self._deletion(room_id, message_id))
        except RefusedError as error:
            if error.refusal.code != refusals.NOT_ALLOWED:
                raise
            refusal = error.refusal
        else:
            if self._trail is not None and reason:
                self._trail.finish(message_id, reason)
            return Accepted(quota=answer.quota)
        raise RefusedError(await self._rights.explain(refusal, message_id))

    async def exists(self, room_id: str, message_id: str) -> bool | None:
        """Look the message up (`chat.getMessage`), which answers 400 without a word where there is none to be seen."""
        if self._directory.find(room_id) is None:
            await self.rooms()
        try:
            answer = await self._rest.get("chat.getMessage", wire.OneMessage, {"msgId": message_id})
            message = translate.message(wire.read(answer.message, wire.Message))
        except RefusedError as error:
            if error.refusal.code != refusals.WORDLESS:
                raise
            return False if self._directory.find(room_id) is not None else None
        except wire.MalformedError:
            return None
        return not message.deleted

    def unreadable(self) -> Mapping[str, int]:
        """By room id: how many live events could not be understood."""
        return self._realtime.unreadable()

    async def aclose(self) -> None:
        """End every stream and close every connection."""
        await self._realtime.aclose()
        if self._trail is not None:
            await self._trail.aclose()
        await self._rest.aclose()

    def _deletion(self, room_id: str, message_id: str) -> dict[str, object]:
        body: dict[str, object] = {"roomId": room_id, "msgId": message_id}
        return body | {"asUser": True} if self._as_author else body
