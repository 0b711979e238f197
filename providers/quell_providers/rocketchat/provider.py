"""Rocket.Chat behind Quell's contract."""

from collections.abc import AsyncGenerator, Sequence

import httpx

from quell_providers.model import Event, Message, Room
from quell_providers.provider import Accepted, Capabilities, Forecast, HistoryPage, Identity, Provider, Quota
from quell_providers.refusal import RefusalKind, RefusedError
from quell_providers.rocketchat import history, network, quota, refusals, rooms, wire
from quell_providers.rocketchat.credentials import Credentials
from quell_providers.rocketchat.realtime import Realtime
from quell_providers.rocketchat.rest import Rest
from quell_providers.rocketchat.rights import Rights
from quell_providers.rocketchat.settings import RocketChatSettings


class RocketChatProvider(Provider):
    """One account on one Rocket.Chat server.

    Deletions are made in the account's own name: the server's `asUser` would measure them by the author's rights and
    time limit, and so refuse what a moderator may do.

    Args:
        settings: Which server, and who we are to it.
        transport: In place of the network for REST calls, for tests.
    """

    capabilities = Capabilities(
        reason_limit=None,
        deletion_quota=Quota(shape="window", calls=quota.DEFAULT_CALLS, seconds=quota.DEFAULT_SECONDS),
        unlimited_without_quota=True,
        deletion_effect=(
            "Rocket.Chat removes the message for everybody; it can not be brought back. "
            "The workspace may keep a hidden copy, or show that a message was removed."
        ),
        unread_counts=True,
    )

    def __init__(self, settings: RocketChatSettings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        tls = network.tls_context(settings)
        credentials = Credentials(settings.user_id, settings.token)
        self._rest = Rest(settings, credentials, tls, transport)
        self._realtime = Realtime(settings, credentials, tls, self._rest)
        self._rights = Rights(self._rest)
        self._rooms: dict[str, wire.Room] = {}

    async def login(self) -> Identity:
        """Ask who the token belongs to (`me`)."""
        me = await self._rest.get("me", wire.Me)
        return Identity(id=me.id, name=me.name or me.username or me.id, roles=tuple(me.roles))

    async def rooms(self) -> tuple[Room, ...]:
        """The rooms the account is in: channels, groups, direct rooms and discussions."""
        listed = await rooms.fetch(self._rest)
        self._rooms = {entry.room.id: entry.room for entry in listed}
        return tuple(room for entry in listed if (room := entry.to_model()) is not None)

    async def history(self, room_id: str, *, limit: int = 100, before: str | None = None) -> HistoryPage:
        """Messages older than the time `before`, thread replies and system messages included; at most 100."""
        if room_id not in self._rooms:
            await self.rooms()
        room = self._rooms.get(room_id)
        if room is None or room.t not in history.ROUTES:
            raise RefusedError(refusals.no_such_room(room_id))
        try:
            return await history.fetch(self._rest, room, limit, before)
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
        """Delete one message (`chat.delete`); the server takes no reason."""
        try:
            answer = await self._rest.post("chat.delete", {"roomId": room_id, "msgId": message_id})
        except RefusedError as error:
            if error.refusal.code != refusals.NOT_ALLOWED:
                raise
            refusal = error.refusal
        else:
            return Accepted(quota=answer.quota)
        raise RefusedError(await self._rights.explain(refusal, message_id))

    async def aclose(self) -> None:
        """End every stream and close every connection."""
        await self._realtime.aclose()
        await self._rest.aclose()
