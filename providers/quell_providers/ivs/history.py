"""What was said before: a room's chat log in CloudWatch Logs, where it keeps one.

Amazon IVS Chat itself can not tell what was said. A room with a logging configuration records every message and event,
about ten seconds late.
"""

import logging
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from quell_providers.ivs.answers import RoomSummary, read_answer
from quell_providers.ivs.calls import Calls, Closable
from quell_providers.ivs.control import ControlPlane
from quell_providers.ivs.refusals import refuse
from quell_providers.ivs.wire import MalformedError, decode_record
from quell_providers.model import Deleted, Message, Posted
from quell_providers.newest import newest_of
from quell_providers.provider import HistoryPage
from quell_providers.refusal import Refusal, RefusalKind, RefusedError

logger = logging.getLogger(__name__)

_MOST_EVENTS = 10_000
"""What one GetLogEvents gives at most."""
_EMPTY_PAGES = 20
"""After so many pages without an event the log counts as ended, whatever its tokens say."""
_MARKS = 50_000
"""Deletions remembered at most, in all rooms together."""
_ABSENT = frozenset({RefusalKind.NOT_FOUND, RefusalKind.PERMISSION})
"""Refusals that mean: there is no history to read here."""


class LogsClient(Closable, Protocol):
    """The operation of boto3's `logs` client that is used here."""

    def get_log_events(self, **request: Any) -> Mapping[str, Any]:
        """One page of a log stream."""
        ...


class _DeletionMarks:
    """Which messages are known to be deleted, and why.

    A log is read backwards, so a deletion is met before the message it is about, often pages before.
    """

    def __init__(self) -> None:
        self._reasons: dict[str, str | None] = {}

    def note(self, deletion: Deleted) -> None:
        """Remember a deletion; of too many the oldest are forgotten."""
        self._reasons[deletion.message_id] = deletion.reason or self._reasons.get(deletion.message_id)
        self._reasons = newest_of(self._reasons, _MARKS)

    def mark(self, message: Message) -> Message:
        """The message, marked deleted when it is."""
        if message.id not in self._reasons:
            return message
        return msgspec.structs.replace(message, deleted=True, deletion_reason=self._reasons[message.id])


class History:
    """Reads rooms' chat logs. Every method raises `RefusedError`.

    Args:
        control: Finds where a room's log lies.
        logs: Reads it.
        unreadable: Counts the records of each room that can not be understood.
    """

    def __init__(self, control: ControlPlane, logs: Calls[LogsClient], unreadable: Counter[str]) -> None:
        self._control = control
        self._logs = logs
        self._unreadable = unreadable
        self._marks = _DeletionMarks()

    def note(self, deletion: Deleted) -> None:
        """Learn of a deletion in another way than from a log; a message read later is marked by it."""
        self._marks.note(deletion)

    async def page(self, room: RoomSummary, limit: int, before: str | None) -> HistoryPage:
        """Up to `limit` messages older than `before`, which is a GetLogEvents token, or the newest ones.

        A log that does not exist or may not be read is told in the page; only what may mend is raised.
        """
        try:
            return await self._page(room, limit, before)
        except RefusedError as error:
            if error.refusal.kind not in _ABSENT:
                raise
            return HistoryPage(messages=(), missing=error.refusal)

    async def since(
        self, room: RoomSummary, since: float, until: float | None = None
    ) -> AsyncIterator[Posted | Deleted]:
        """Everything recorded from a time on, and before another one (Unix seconds), oldest first."""
        request = await self._locate(room) | {
            "startFromHead": True,
            "startTime": int(since * 1000),
            "limit": _MOST_EVENTS,
        }
        if until is not None:
            request["endTime"] = int(until * 1000)
        empty = 0
        while empty < _EMPTY_PAGES:
            page = await self._read(request)
            events = self._events(page, room.id)
            following = page.next_forward_token
            del page  # it is several times as large as what it told, which may take a while to be told on
            for event in events:
                yield Posted(self._marks.mark(event.message)) if isinstance(event, Posted) else event
            if following in (None, request.get("nextToken")):
                return
            request["nextToken"] = following
            empty = 0 if events else empty + 1

    async def _page(self, room: RoomSummary, limit: int, before: str | None) -> HistoryPage:
        request = await self._locate(room) | {"startFromHead": False}
        if before is not None:
            request["nextToken"] = before
        messages: list[Message] = []
        older: str | None = before
        empty = 0
        while len(messages) < limit and empty < _EMPTY_PAGES:
            page = await self._read(request | {"limit": min(limit - len(messages), _MOST_EVENTS)})
            events = self._events(page, room.id)
            messages[:0] = [event.message for event in events if isinstance(event, Posted)]
            older = page.next_backward_token
            if older in (None, request.get("nextToken")):
                older = None
                break
            request["nextToken"] = older
            empty = 0 if events else empty + 1
        return HistoryPage(messages=tuple(map(self._marks.mark, messages)), older=older)

    async def _locate(self, room: RoomSummary) -> dict[str, Any]:
        """The log group and stream of a room, as arguments of GetLogEvents."""
        others: list[str] = []
        refusals: list[Refusal] = []
        for identifier in room.logging_configuration_identifiers:
            try:
                destination = await self._control.log_destination(identifier)
            except RefusedError as error:
                if error.refusal.kind not in _ABSENT:
                    raise
                refusals.append(error.refusal)
                continue
            if destination.log_group is not None:
                return {"logGroupName": destination.log_group, "logStreamName": f"aws/IVSChatLogs/1.0/room_{room.id}"}
            others.append(destination.described)
        raise RefusedError(refusals[0]) if refusals else _no_log(others)

    async def _read(self, request: Mapping[str, Any]) -> "_LogPage":
        about = f"log group {request['logGroupName']}"
        try:
            answer = await self._logs.call(lambda client: client.get_log_events(**request), about=about)
        except RefusedError as error:
            refusal = error.refusal
            if refusal.kind is not RefusalKind.NOT_FOUND:
                raise
            if "log stream" in refusal.detail:
                return _LogPage()  # the stream comes into being with the room's first message
            raise RefusedError(
                msgspec.structs.replace(
                    refusal,
                    cause=f"The room's chat log should be in {about}, and there is none of this name.",
                    remedy="Make the log group again, or attach another logging configuration (ivschat:UpdateRoom).",
                )
            ) from None
        return read_answer(answer, _LogPage)

    def _events(self, page: "_LogPage", room_id: str) -> list[Posted | Deleted]:
        """What a page of the log holds; its deletions are remembered."""
        events: list[Posted | Deleted] = []
        for record in page.events:
            try:
                event = decode_record(_text(record), room_id)
            except MalformedError as error:
                self._unreadable[room_id] += 1
                logger.warning("room %s: a log record that can not be read: %s", room_id, error)
                continue
            if isinstance(event, Deleted):
                self._marks.note(event)
            if event is not None:
                events.append(event)
        return events


def _no_log(others: list[str]) -> RefusedError:
    """A room records to these destinations, none of which can be read back."""
    cause = (
        f"This room's chat log goes to {', '.join(others)}, which can not be read from here."
        if others
        else "This room keeps no chat log, and Amazon IVS Chat can not tell what was said before."
    )
    remedy = "Attach a logging configuration with a CloudWatch Logs destination to the room (ivschat:UpdateRoom)."
    return refuse(RefusalKind.NOT_FOUND, cause, remedy)


def _text(record: object) -> str:
    """The text of a log event. Raises `MalformedError`."""
    text = record.get("message") if isinstance(record, Mapping) else None
    if not isinstance(text, str):
        raise MalformedError("a log event without a message")
    return text


class _LogPage(Struct, frozen=True, rename="camel"):
    events: list[Any] = []
    """Not read yet, so that one that can not be read hides no other."""
    next_forward_token: str | None = None
    next_backward_token: str | None = None
