"""The control plane: listing rooms, minting chat tokens, deleting messages, finding where a room's log lies."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

import msgspec
from msgspec import Struct

from quell_providers.ivs.calls import Calls, Closable
from quell_providers.ivs.refusals import refuse
from quell_providers.refusal import RefusalKind
from quell_providers.secret import Secret

_SESSION_MINUTES = 180
"""The longest session there is: the fewest reconnects."""
_PAGE = 50

AnswerT = TypeVar("AnswerT", bound=Struct)


class ChatClient(Closable, Protocol):
    """The operations of boto3's `ivschat` client that are used here."""

    def list_rooms(self, **request: Any) -> Mapping[str, Any]:
        """One page of rooms."""
        ...

    def create_chat_token(self, **request: Any) -> Mapping[str, Any]:
        """A token for one connection."""
        ...

    def delete_message(self, **request: Any) -> Mapping[str, Any]:
        """Tell a room's clients to hide a message."""
        ...

    def get_logging_configuration(self, **request: Any) -> Mapping[str, Any]:
        """Where a logging configuration writes to."""
        ...


class RoomSummary(Struct, frozen=True, rename="camel"):
    """A room as ListRooms tells it."""

    arn: str
    id: str
    name: str = ""
    logging_configuration_identifiers: tuple[str, ...] = ()


class Ticket(Struct, frozen=True, kw_only=True):
    """The right to one messaging connection."""

    token: Secret
    issued_at: float
    """When it was made, by the service's clock."""


class LogDestination(Struct, frozen=True):
    """What one logging configuration of a room records to."""

    log_group: str | None
    """CloudWatch log group; `None` when it records to something that can not be read back here."""
    described: str
    """The destination for people, such as `S3 bucket chat-archive`."""


class ControlPlane:
    """The operations of Amazon IVS Chat that Quell needs. Every method raises `RefusedError`.

    Args:
        calls: The client.
        user_id: Under which name connections are made; other people in the room are not told.
    """

    def __init__(self, calls: Calls[ChatClient], user_id: str) -> None:
        self._calls = calls
        self._user_id = user_id
        self._destinations: dict[str, LogDestination] = {}

    async def probe(self) -> None:
        """ListRooms for a single room: the cheapest call that any credentials are checked for."""
        page = await self._calls.call(lambda client: client.list_rooms(maxResults=1), about="the rooms of this account")
        read_answer(page, _Rooms)

    async def list_rooms(self) -> list[RoomSummary]:
        """ListRooms over all pages, newest change first."""
        rooms: list[RoomSummary] = []
        request: dict[str, Any] = {"maxResults": _PAGE}
        while True:
            page = await self._calls.call(
                lambda client: client.list_rooms(**request), about="the rooms of this account"
            )
            rooms += read_answer(page, _Rooms).rooms
            token = page.get("nextToken")
            if not token:
                return rooms
            request["nextToken"] = token

    async def create_ticket(self, arn: str) -> Ticket:
        """CreateChatToken with no capability: it lets one connection view the room, and nothing else."""
        answer = await self._calls.call(
            lambda client: client.create_chat_token(
                roomIdentifier=arn, userId=self._user_id, sessionDurationInMinutes=_SESSION_MINUTES
            ),
            about=arn,
        )
        made = read_answer(answer, _Token)
        issued_at = made.session_expiration_time.timestamp() - _SESSION_MINUTES * 60
        return Ticket(token=Secret.of(made.token), issued_at=issued_at)

    async def delete_message(self, arn: str, message_id: str, reason: str | None) -> str:
        """DeleteMessage: the operation's id. The message is hidden by clients; it stays in the room's log."""
        request: dict[str, Any] = {"roomIdentifier": arn, "id": message_id}
        if reason:
            request["reason"] = reason
        answer = await self._calls.call(lambda client: client.delete_message(**request), about=arn)
        # Any proxy or login page can answer 200; only the service answers with an operation's id.
        return read_answer(answer, _Operation, RefusalKind.LOST).id

    async def log_destination(self, identifier: str) -> LogDestination:
        """GetLoggingConfiguration: where it writes to. Asked once for each."""
        if identifier not in self._destinations:
            answer = await self._calls.call(
                lambda client: client.get_logging_configuration(identifier=identifier), about=identifier
            )
            self._destinations[identifier] = _destination(answer.get("destinationConfiguration"))
        return self._destinations[identifier]


def read_answer(
    answer: Mapping[str, Any], shape: type[AnswerT], otherwise: RefusalKind = RefusalKind.UNAVAILABLE
) -> AnswerT:
    """An answer in the shape its operation promises. Raises `RefusedError` of the kind `otherwise` when it has not."""
    try:
        return msgspec.convert(answer, shape)
    except msgspec.ValidationError as error:
        raise refuse(
            otherwise,
            f"AWS answered something that is not understood: {error}",
            "Check the endpoint settings of this account; if they are right, a newer version of Quell may help.",
        ) from None


class _Rooms(Struct, frozen=True):
    rooms: list[RoomSummary]


class _Operation(Struct, frozen=True):
    id: str


class _Token(Struct, frozen=True, rename="camel"):
    token: str
    session_expiration_time: datetime


def _destination(configuration: object) -> LogDestination:
    kinds = configuration if isinstance(configuration, Mapping) else {}
    for kind, key, name in (
        ("cloudWatchLogs", "logGroupName", "CloudWatch log group"),
        ("s3", "bucketName", "S3 bucket"),
        ("firehose", "deliveryStreamName", "Firehose stream"),
    ):
        target = kinds.get(kind, {}).get(key)
        if target:
            return LogDestination(target if kind == "cloudWatchLogs" else None, f"{name} {target}")
    return LogDestination(None, "a destination of a kind unknown here")
