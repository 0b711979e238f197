"""The control plane: listing rooms, minting chat tokens, deleting messages, finding where a room's log lies."""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

from quell_providers.ivs.answers import (
    LogDestination,
    Operation,
    RoomPage,
    RoomSummary,
    Ticket,
    Token,
    log_destination,
    read_answer,
)
from quell_providers.ivs.calls import Calls, Closable
from quell_providers.ivs.pace import Pace
from quell_providers.refusal import RefusalKind
from quell_providers.secret import Secret

_SESSION_MINUTES = 180
"""The longest session there is: the fewest reconnects."""
_PAGE = 50
_MOST_PAGES = 1000
"""After so many pages the list counts as ended, whatever its tokens say."""
_ROOM_CALLS, _LOGGING_CALLS = 5, 3
"""Calls a second of ListRooms and GetRoom, each, and of GetLoggingConfiguration (service quotas)."""
_ALL_ROOMS = "the rooms of this account"


class ChatClient(Closable, Protocol):
    """The operations of boto3's `ivschat` client that are used here."""

    def list_rooms(self, **request: Any) -> Mapping[str, Any]:
        """One page of rooms."""
        ...

    def get_room(self, **request: Any) -> Mapping[str, Any]:
        """One room."""
        ...

    def create_chat_token(self, **request: Any) -> Mapping[str, Any]:
        """A token for one connection."""
        ...

    def delete_message(self, **request: Any) -> Mapping[str, Any]:
        """Tell a room's clients to hide a message."""
        ...

    def disconnect_user(self, **request: Any) -> Mapping[str, Any]:
        """End a user's connections to a room."""
        ...

    def get_logging_configuration(self, **request: Any) -> Mapping[str, Any]:
        """Where a logging configuration writes to."""
        ...


class ControlPlane:
    """The operations of Amazon IVS Chat that Quell needs. Every method raises `RefusedError`.

    Args:
        calls: The client.
        user_id: Under which name connections are made; other people in the room are not told.
    """

    def __init__(self, calls: Calls[ChatClient], user_id: str) -> None:
        self._calls = calls
        self._user_id = user_id
        self._listing, self._getting, self._logging = Pace(_ROOM_CALLS), Pace(_ROOM_CALLS), Pace(_LOGGING_CALLS)
        self._destinations: dict[str, LogDestination] = {}
        self._locating = asyncio.Lock()

    async def probe(self) -> None:
        """ListRooms for a single room: the cheapest call that any credentials are checked for."""
        await self._room_page({"maxResults": 1})

    async def list_rooms(self, name: str = "") -> list[RoomSummary]:
        """ListRooms over all pages, newest change first.

        Args:
            name: Only the rooms with exactly this name; all when empty.
        """
        self._destinations.clear()
        rooms: list[RoomSummary] = []
        request: dict[str, Any] = {"maxResults": _PAGE} | ({"name": name} if name else {})
        for _ in range(_MOST_PAGES):
            page = await self._room_page(request)
            rooms += page.summaries()
            if not page.next_token:
                break
            request["nextToken"] = page.next_token
        return rooms

    async def get_room(self, arn: str) -> RoomSummary:
        """GetRoom: one room, which may be allowed where listing them is not."""
        await self._getting.turn()
        return read_answer(
            await self._calls.call(lambda client: client.get_room(identifier=arn), about=arn), RoomSummary
        )

    async def create_ticket(self, arn: str) -> Ticket:
        """CreateChatToken with no capability: it lets one connection view the room, and nothing else."""
        answer = await self._calls.call(
            lambda client: client.create_chat_token(
                roomIdentifier=arn, userId=self._user_id, sessionDurationInMinutes=_SESSION_MINUTES
            ),
            about=arn,
        )
        made = read_answer(answer, Token)
        lasts = _SESSION_MINUTES * 60.0
        return Ticket(
            token=Secret.of(made.token), issued_at=made.session_expiration_time.timestamp() - lasts, lasts=lasts
        )

    async def delete_message(self, arn: str, message_id: str, reason: str | None) -> str:
        """DeleteMessage: the operation's id. The message is hidden by clients; it stays in the room's log."""
        request = {"roomIdentifier": arn, "id": message_id} | _reason(reason)
        answer = await self._calls.call(lambda client: client.delete_message(**request), about=arn)
        # Any proxy or login page can answer 200; only the service answers with an operation's id.
        return read_answer(answer, Operation, RefusalKind.LOST).id

    async def disconnect_user(self, arn: str, user_id: str, reason: str | None) -> None:
        """DisconnectUser: ends all of a user's connections; it succeeds as well where there is none."""
        request = {"roomIdentifier": arn, "userId": user_id} | _reason(reason)
        await self._calls.call(lambda client: client.disconnect_user(**request), about=arn)

    async def log_destination(self, identifier: str) -> LogDestination:
        """GetLoggingConfiguration: where it writes to. Asked once for each, until the rooms are listed again."""
        async with self._locating:  # many rooms share one configuration, and are opened at the same time
            if identifier not in self._destinations:
                await self._logging.turn()
                answer = await self._calls.call(
                    lambda client: client.get_logging_configuration(identifier=identifier), about=identifier
                )
                self._destinations[identifier] = log_destination(answer)
            return self._destinations[identifier]

    async def _room_page(self, request: Mapping[str, Any]) -> RoomPage:
        await self._listing.turn()
        answer = await self._calls.call(lambda client: client.list_rooms(**request), about=_ALL_ROOMS)
        return read_answer(answer, RoomPage)


def _reason(reason: str | None) -> dict[str, str]:
    """A reason as an argument; an empty one is invalid and left out."""
    return {"reason": reason} if reason else {}
