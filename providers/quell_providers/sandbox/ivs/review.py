"""Message review handlers: functions that see a message before anybody else does (IVS Chat User Guide)."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from quell_providers.sandbox.ivs import fields
from quell_providers.sandbox.ivs.rooms import Room

Function = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Stands for a Lambda function. It is given `Content`, `MessageId`, `RoomArn`, `Attributes` and `Sender` (`UserId`,
`Ip`, `Attributes`). It answers with `ReviewResult` (`ALLOW` or `DENY`), `Content` and `Attributes`, which may hold a
`Reason` for `DENY`. Raise TimeoutError for a function that does not answer in time."""


class Verdict(NamedTuple):
    """What becomes of a message."""

    allowed: bool
    content: str
    """As it is delivered."""
    attributes: Mapping[str, str]
    """As they are delivered, or what the function adds to its no."""


class Reviews:
    """The functions that there are, by ARN; a handler's ARN without a function is one that fails."""

    def __init__(self) -> None:
        self.functions: dict[str, Function] = {}

    def judge(self, room: Room, message: Mapping[str, Any]) -> Verdict:
        """Let the room's handler see a message, if it has one; else the message is allowed as it is.

        Where the handler fails, times out or answers something else than a verdict, the room's fallback decides.
        """
        unchanged = Verdict(True, message["Content"], message["Attributes"])
        if not room.handler_uri:
            return unchanged
        answer = self._ask(room.handler_uri, message)
        verdict = _verdict(answer, unchanged) if answer is not None else None
        if verdict is not None:
            return verdict
        return unchanged if room.fallback == "ALLOW" else Verdict(False, "", {})

    def _ask(self, uri: str, message: Mapping[str, Any]) -> Mapping[str, Any] | None:
        function = self.functions.get(uri)
        if function is None:
            return None
        try:
            return function(message)
        except TimeoutError:
            return None


def _verdict(answer: Mapping[str, Any], unchanged: Verdict) -> Verdict | None:
    """What a function decided; `None` when that is no verdict."""
    content, attributes = answer.get("Content"), answer.get("Attributes", {})
    if not fields.is_string_map(attributes) or not fields.attributes_fit(attributes):
        return None
    if answer.get("ReviewResult") == "DENY":
        return Verdict(False, "", attributes)
    if answer.get("ReviewResult") != "ALLOW" or not isinstance(content, str) or not content:
        return None
    return Verdict(True, content, attributes if "Attributes" in answer else unchanged.attributes)
