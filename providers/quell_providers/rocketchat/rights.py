"""What this account may delete: fetched once, kept for some minutes, and asked for each message."""

import asyncio
import time
from collections.abc import Callable, Sequence

import msgspec

from quell_providers.model import Message
from quell_providers.provider import Forecast
from quell_providers.refusal import Refusal, RefusedError
from quell_providers.rocketchat import permissions, public_settings, refusals, rooms, translate, wire
from quell_providers.rocketchat.permissions import ALLOW_DELETING, TIME_LIMIT, Preflight
from quell_providers.rocketchat.rest import Rest
from quell_providers.rocketchat.server import BYPASS_BY_ROOM_ROLE, READ_ONLY_BY_DELETER, Server

_KEPT = 180.0
"""Seconds that an answer counts; each of its calls has a small rate limit of its own."""
_FAILURE_KEPT = 15.0


class Rights:
    """Forecasts deletions from the server's permissions, roles and settings.

    Args:
        rest: Where to ask for them.
        server: Whose version decides about some of the rules.
        as_author: Deletions are made in the name of each message's author.
        now: Seconds by a clock that is never set, to tell how old an answer is.
    """

    def __init__(
        self, rest: Rest, server: Server, *, as_author: bool = False, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._rest = rest
        self._server = server
        self._judge = permissions.judge_as_author if as_author else permissions.judge
        self._now = now
        self._lock = asyncio.Lock()
        self._known: Preflight | Refusal | None = None
        self._until = 0.0

    async def forecast(self, messages: Sequence[Message]) -> tuple[Forecast, ...]:
        """What the server would answer to the deletion of each of these messages now."""
        known = await self._current()
        if isinstance(known, Refusal):
            cause = f"The server's rules could not be asked for. {known.cause or known.detail}"
            return (Forecast(verdict="unknown", cause=cause, remedy=known.remedy),) * len(messages)
        now = self._rest.server_time()
        return tuple(self._judge(known, each.room_id, each.author, each.sent_at, now) for each in messages)

    async def holds(self, permission: str) -> bool:
        """Whether a role that the account has in the whole workspace holds this permission; `False` if unknown."""
        known = await self._current()
        return isinstance(known, Preflight) and not known.roles.isdisjoint(known.grants.get(permission, ()))

    def forget(self) -> None:
        """What was known may no longer be so."""
        self._known = None

    async def explain(self, refusal: Refusal, message_id: str) -> Refusal:
        """The same refusal with its true cause, where the rules tell it; the server's answer fits several."""
        try:
            answer = await self._rest.get("chat.getMessage", wire.OneMessage, {"msgId": message_id})
            message = translate.message(wire.read(answer.message, wire.Message))
        except (RefusedError, wire.MalformedError):
            return refusal
        (forecast,) = await self.forecast([message])
        if forecast.verdict != "refused":
            self.forget()  # the server just proved to think otherwise
            return refusal
        return msgspec.structs.replace(refusal, cause=forecast.cause, remedy=forecast.remedy)

    async def _current(self) -> Preflight | Refusal:
        async with self._lock:
            if self._known is None or self._now() >= self._until:
                try:
                    self._known = await self._fetch()
                    self._until = self._now() + _KEPT
                except RefusedError as error:
                    self._known = error.refusal
                    self._until = self._now() + (error.refusal.retry_after or _FAILURE_KEPT)
            return self._known

    async def _fetch(self) -> Preflight:
        version = await self._server.version()
        me, granted, settings, listed = await asyncio.gather(
            self._rest.get("me", wire.Me),
            self._rest.get("permissions.listAll", wire.Changes),
            public_settings.fetch(self._rest, version, {ALLOW_DELETING, TIME_LIMIT}),
            rooms.fetch(self._rest),
        )
        allow, limit = settings.get(ALLOW_DELETING), settings.get(TIME_LIMIT)
        if not isinstance(allow, bool) or not isinstance(limit, (int, float)) or not 0 <= limit < 1e9:
            raise RefusedError(refusals.unavailable("", "The server did not tell its settings for deleting messages."))
        grants = rooms.read_each(granted.update, wire.Permission)
        return Preflight(
            user_id=me.id,
            username=me.username or "",
            roles=frozenset(me.roles),
            grants={entry.id: frozenset(entry.roles or ()) for entry in grants},
            rooms={entry.room.id: entry.membership() for entry in listed},
            allow_deleting=allow,
            time_limit=limit,
            bypass_by_room_role=version >= BYPASS_BY_ROOM_ROLE,
            read_only_by_author=version < READ_ONLY_BY_DELETER,
        )
