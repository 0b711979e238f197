"""CloudWatch Logs' GetLogEvents and FilterLogEvents (service model `logs`), as far as chat logs need them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from quell_providers.sandbox.ivs import errors, names, pattern
from quell_providers.sandbox.ivs.chatlog import END, ChatLog, ChatLogs, Record, fitting, merged, position_of
from quell_providers.sandbox.ivs.configurations import Configurations
from quell_providers.sandbox.ivs.keys import FILTER_LOGS, GET_LOGS, AccessKey

Body = dict[str, Any]

_TARGET = "Logs_20140328."
"""What the `X-Amz-Target` header puts before the operation."""
_MOST_EVENTS = 10_000
_MOST_STREAMS = 100
_FOREVER = 10**14
"""A time (Unix ms) after every record."""
_BACKWARDS_SINCE = 1_704_067_200_000
"""FilterLogEvents goes backwards only where `startTime` is not before this (2024-01-01, Unix ms)."""
_TOKEN = re.compile(r"([bf])/([0-9]{1,30})")
_GROUP_ARN = re.compile(r"arn:aws:logs:[a-z0-9-]+:[0-9]+:log-group:([^:*]+)")


@dataclass(frozen=True, slots=True)
class _Where:
    """From which boundary a page goes which way."""

    backwards: bool
    boundary: int


class Logs:
    """Reads the chat logs of all rooms."""

    def __init__(self, chat_logs: ChatLogs, configurations: Configurations) -> None:
        self._chat_logs = chat_logs
        self._configurations = configurations
        self._operations: Mapping[str, Callable[[AccessKey, Body], Body]] = {
            _TARGET + "GetLogEvents": self.get_log_events,
            _TARGET + "FilterLogEvents": self.filter_log_events,
        }

    def answer(self, target: str, key: AccessKey, body: Body) -> Body:
        """The answer to a call with this `X-Amz-Target`. Raises AwsError for a refusal."""
        operation = self._operations.get(target)
        if operation is None:
            raise errors.unknown_operation()
        return operation(key, body)

    def get_log_events(self, key: AccessKey, body: Body) -> Body:
        """A page of one stream, oldest event first.

        Without a token it is the newest page, or the oldest one with `startFromHead`. A token that leads nowhere is
        returned as it came, which is how a client knows that it reached the end.
        """
        group, stream = _group(body), _required(body, "logStreamName")
        key.require(GET_LOGS, names.log_stream_arn(group, stream), {})
        self._require_group(group)
        log = self._chat_logs.find(group, stream)
        if log is None:
            raise errors.log_not_found("log stream")
        limit = _limit(body)
        since, until = position_of(_time(body, "startTime", 0)), position_of(_time(body, "endTime", _FOREVER))
        where = _where(body, backwards=not body.get("startFromHead"))
        if where.backwards:
            records = fitting(log.between(since, min(where.boundary, until))[::-1], limit)[::-1]
        else:
            records = fitting(log.between(max(where.boundary, since), until), limit)
        start, end = _bounds(log, records, where.boundary)
        return {
            "events": [_event(record) for record in records],
            "nextBackwardToken": f"b/{start}",
            "nextForwardToken": f"f/{end}",
        }

    def filter_log_events(self, key: AccessKey, body: Body) -> Body:
        """A page of what matches in some streams of a group, in order of time.

        A page is what matches among as many events as fit on one, so it may be empty though more follow. Only an
        answer without a token is the last one.
        """
        group = _group(body)
        key.require(FILTER_LOGS, names.log_stream_arn(group, ""), {})
        self._require_group(group)
        matches = _matcher(body)
        limit = _limit(body)
        since, until = _time(body, "startTime", 0), _time(body, "endTime", _FOREVER)
        where = _where(body, backwards=body.get("startFromHead") is False)
        if where.backwards and since < _BACKWARDS_SINCE:
            raise errors.bad_parameter("startFromHead=false requires a startTime on or after 2024-01-01.")
        start, end = position_of(since), position_of(until + 1)
        start, end = (start, min(end, where.boundary)) if where.backwards else (max(start, where.boundary), end)
        records = merged(self._streams(group, body), start, end, newest_first=where.backwards)
        read, found = _search(fitting(records, _MOST_EVENTS), matches, limit)
        answer: Body = {"events": [_filtered(record) for record in found], "searchedLogStreams": []}
        if read and (len(found) == limit or read[-1] is not records[-1]):
            last = read[-1].position
            answer["nextToken"] = f"b/{last}" if where.backwards else f"f/{last + 1}"
        return answer

    def _require_group(self, group: str) -> None:
        written_to = {configuration.log_group for configuration in self._configurations.list_all()}
        if group not in written_to and not self._chat_logs.has_group(group):
            raise errors.log_not_found("log group")

    def _streams(self, group: str, body: Body) -> list[ChatLog]:
        wanted, prefix = body.get("logStreamNames"), body.get("logStreamNamePrefix")
        streams = self._chat_logs.streams(group)
        if wanted is None:
            return [log for name, log in streams.items() if name.startswith(prefix or "")]
        if prefix is not None:
            raise errors.bad_parameter("logStreamNames and logStreamNamePrefix are mutually exclusive.")
        if not isinstance(wanted, list) or not 1 <= len(wanted) <= _MOST_STREAMS:
            raise errors.bad_parameter(f"'logStreamNames' must have between 1 and {_MOST_STREAMS} items.")
        if not all(name in streams for name in wanted):
            raise errors.log_not_found("log stream")
        return [streams[name] for name in dict.fromkeys(wanted)]


def _search(records: list[Record], matches: pattern.Matcher, limit: int) -> tuple[list[Record], list[Record]]:
    """The records looked at until the limit was reached, and those of them that match."""
    found: list[Record] = []
    for index, record in enumerate(records):
        if matches(record.text):
            found.append(record)
            if len(found) == limit:
                return records[: index + 1], found
    return records, found


def _bounds(log: ChatLog, records: list[Record], boundary: int) -> tuple[int, int]:
    """The boundaries before and after a page."""
    if records:
        return records[0].position, records[-1].position + 1
    nowhere = min(boundary, log.end)
    return nowhere, nowhere


def _where(body: Body, *, backwards: bool) -> _Where:
    token = body.get("nextToken")
    if token is None:
        return _Where(backwards, END if backwards else 0)
    parts = _TOKEN.fullmatch(token) if isinstance(token, str) else None
    if parts is None:
        raise errors.bad_parameter("The specified nextToken is invalid.")
    return _Where(parts[1] == "b", int(parts[2]))


def _matcher(body: Body) -> pattern.Matcher:
    text = body.get("filterPattern", "")
    if not isinstance(text, str) or len(text) > 1024:
        raise errors.bad_parameter("'filterPattern' must be a string of at most 1024 characters.")
    try:
        return pattern.parse(text)
    except pattern.PatternError:
        raise errors.bad_parameter("Invalid filter pattern") from None


def _group(body: Body) -> str:
    """The log group that a request names in one of two ways."""
    name, identifier = body.get("logGroupName"), body.get("logGroupIdentifier")
    if (name is None) == (identifier is None):
        raise errors.bad_parameter("Specify either logGroupName or logGroupIdentifier, and not both.")
    group = _required(body, "logGroupName" if identifier is None else "logGroupIdentifier")
    arn = _GROUP_ARN.fullmatch(group)
    return arn[1] if arn else group


def _required(body: Body, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise errors.bad_parameter(f"'{name}' is required.")
    return value


def _limit(body: Body) -> int:
    return _whole(body, "limit", _MOST_EVENTS, 1, _MOST_EVENTS)


def _time(body: Body, name: str, default: int) -> int:
    return _whole(body, name, default, 0, _FOREVER)


def _whole(body: Body, name: str, default: int, lowest: int, highest: int) -> int:
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
        raise errors.bad_parameter(f"'{name}' must be a whole number between {lowest} and {highest}.")
    return value


def _event(record: Record) -> Body:
    return {"timestamp": record.timestamp, "message": record.text, "ingestionTime": record.ingested_at}


def _filtered(record: Record) -> Body:
    return _event(record) | {"logStreamName": record.stream, "eventId": f"{record.position:056d}"}
