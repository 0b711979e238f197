"""CloudWatch Logs' GetLogEvents (service model `logs`), as far as chat logs need it."""

import re
from typing import Any

from quell_providers.sandbox.ivs import errors, names
from quell_providers.sandbox.ivs.broadcast import Broadcast
from quell_providers.sandbox.ivs.chatlog import END, ChatLog, Page, Record
from quell_providers.sandbox.ivs.keys import GET_LOGS, AccessKey
from quell_providers.sandbox.world import World

TARGET = "Logs_20140328.GetLogEvents"
"""The `X-Amz-Target` header of the one operation there is."""

_MOST_EVENTS = 10_000
_FOREVER = 10**14
"""A time (Unix ms) after every record."""
_TOKEN = re.compile(r"([bf])/([0-9]{1,30})")


class Logs:
    """Reads the chat logs of all rooms."""

    def __init__(self, world: World, broadcast: Broadcast) -> None:
        self._world = world
        self._broadcast = broadcast

    def get_log_events(self, key: AccessKey, body: dict[str, Any]) -> dict[str, Any]:
        """A page of one stream, oldest event first.

        Without a token it is the newest page, or the oldest one with `startFromHead`. A token that leads nowhere is
        returned as it came, which is how a client knows that it reached the end.
        """
        group, stream = _required(body, "logGroupName"), _required(body, "logStreamName")
        key.require(GET_LOGS, names.log_stream_arn(group, stream), {})
        log = self._find(group, stream)
        limit = body.get("limit", _MOST_EVENTS)
        if not isinstance(limit, int) or not 1 <= limit <= _MOST_EVENTS:
            raise errors.bad_parameter(f"'limit' must be between 1 and {_MOST_EVENTS}.")
        page = _page(log, body, limit)
        return {
            "events": [_event(record) for record in page.records],
            "nextBackwardToken": f"b/{page.start}",
            "nextForwardToken": f"f/{page.end}",
        }

    def _find(self, group: str, stream: str) -> ChatLog:
        places = [place for place in self._world.places_of("ivs") if place.log_group == group]
        if not places:
            raise errors.log_not_found("log group")
        for place in places:
            log = self._broadcast.log_of(place)
            if names.log_stream(place) == stream and len(log):  # IVS makes the stream with its first event
                return log
        raise errors.log_not_found("log stream")


def _page(log: ChatLog, body: dict[str, Any], limit: int) -> Page:
    since, until = body.get("startTime", 0), body.get("endTime", _FOREVER)
    token = body.get("nextToken")
    if token is None:
        if body.get("startFromHead"):
            return log.after(0, limit, since=since, until=until)
        return log.before(END, limit, since=since, until=until)
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        raise errors.bad_parameter("The specified nextToken is invalid.")
    turn = log.before if parts[1] == "b" else log.after
    return turn(int(parts[2]), limit, since=since, until=until)


def _required(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise errors.bad_parameter(f"'{name}' is required.")
    return value


def _event(record: Record) -> dict[str, Any]:
    return {"timestamp": record.timestamp, "message": record.text, "ingestionTime": record.timestamp}
