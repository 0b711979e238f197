"""What the control plane answers, in the shapes that its operations promise."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from quell_providers.ivs.refusals import refuse
from quell_providers.refusal import RefusalKind, RefusedError
from quell_providers.secret import Secret

logger = logging.getLogger(__name__)

AnswerT = TypeVar("AnswerT", bound=Struct)


class ReviewHandler(Struct, frozen=True, rename="camel"):
    """The function that sees a room's messages before the room does."""

    uri: str = ""
    """ARN of a Lambda function; empty when there is none."""
    fallback_result: str = "ALLOW"
    """What becomes of a message when the review fails: `ALLOW` or `DENY`."""


class RoomSummary(Struct, frozen=True, rename="camel"):
    """A room as ListRooms and GetRoom tell it."""

    arn: str
    id: str
    name: str = ""
    message_review_handler: ReviewHandler | None = None
    logging_configuration_identifiers: tuple[str, ...] = ()
    tags: dict[str, str] = {}


class RoomPage(Struct, frozen=True, rename="camel"):
    """One answer of ListRooms."""

    rooms: list[Any]
    """Not read yet, so that one that can not be read hides no other; see `summaries`."""
    next_token: str | None = None

    def summaries(self) -> list[RoomSummary]:
        """The rooms that can be read; the others are logged and left out. Raises `RefusedError` where none can be."""
        found: list[RoomSummary] = []
        for room in self.rooms:
            try:
                found.append(read_answer(room, RoomSummary))
            except RefusedError as error:
                logger.warning("a room in the answer of ListRooms can not be read: %s", error)
                if room is self.rooms[-1] and not found:
                    raise
        return found


class Operation(Struct, frozen=True):
    """The answer of DeleteMessage."""

    id: str


class Token(Struct, frozen=True, rename="camel"):
    """The answer of CreateChatToken."""

    token: str
    session_expiration_time: datetime


class Ticket(Struct, frozen=True, kw_only=True):
    """The right to one messaging connection."""

    token: Secret
    issued_at: float
    """When it was made, by the service's clock."""
    lasts: float
    """Seconds from then on after which the service ends the connection."""


class LogDestination(Struct, frozen=True):
    """What one logging configuration of a room records to."""

    log_group: str | None
    """CloudWatch log group; `None` when it records to something that can not be read back here."""
    described: str
    """The destination for people, such as `S3 bucket chat-archive`."""


def read_answer(answer: object, shape: type[AnswerT], otherwise: RefusalKind = RefusalKind.UNAVAILABLE) -> AnswerT:
    """An answer in the shape its operation promises. Raises `RefusedError` of the kind `otherwise` when it has not."""
    try:
        return msgspec.convert(answer, shape)
    except msgspec.ValidationError as error:
        raise refuse(
            otherwise,
            f"AWS answered something that is not understood: {error}",
            "Check the endpoint settings of this account; if they are right, a newer version of Quell may help.",
        ) from None


def log_destination(answer: Mapping[str, Any]) -> LogDestination:
    """Where the logging configuration of a GetLoggingConfiguration answer writes to."""
    destination = answer.get("destinationConfiguration")
    kinds = destination if isinstance(destination, Mapping) else {}
    for kind, key, name in (
        ("cloudWatchLogs", "logGroupName", "CloudWatch log group"),
        ("s3", "bucketName", "S3 bucket"),
        ("firehose", "deliveryStreamName", "Firehose stream"),
    ):
        members = kinds.get(kind)
        target = members.get(key) if isinstance(members, Mapping) else None
        if isinstance(target, str) and target:
            return LogDestination(target if kind == "cloudWatchLogs" else None, f"{name} {target}")
    return LogDestination(None, "a destination of a kind unknown here")
