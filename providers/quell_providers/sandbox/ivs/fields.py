"""The rules of request fields, as the service model states them; lengths count characters."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from quell_providers.sandbox.ivs import errors, names

Rule = Callable[[object], str | None]
"""Tells what is wrong with a value, or `None`."""

CAPABILITIES = frozenset({"SEND_MESSAGE", "DISCONNECT_USER", "DELETE_MESSAGE"})


class Field(NamedTuple):
    """One member of a request."""

    rule: Rule
    required: bool = False

    def problem(self, value: object) -> str | None:
        """What is wrong with the value given, `None` standing for none given."""
        if value is None:
            return "Value is required" if self.required else None
        return self.rule(value)


def check(body: Mapping[str, object], fields: Mapping[str, Field]) -> None:
    """Raise ValidationException naming every field of the body that breaks its rule; unknown fields are ignored."""
    found = ((name, field.problem(body.get(name))) for name, field in fields.items())
    problems = {name: problem for name, problem in found if problem}
    if problems:
        raise errors.invalid(problems)


def text(shortest: int, longest: int, pattern: re.Pattern[str] | None = None) -> Rule:
    """A string of so many characters that matches as a whole."""

    def rule(value: object) -> str | None:
        if not isinstance(value, str):
            return "Value must be a string"
        if not shortest <= len(value) <= longest:
            return f"Length must be between {shortest} and {longest}"
        if pattern is not None and not pattern.fullmatch(value):
            return f"Value must match {pattern.pattern}"
        return None

    return rule


def whole(lowest: int, highest: int) -> Rule:
    """A whole number in a range."""

    def rule(value: object) -> str | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return "Value must be a whole number"
        return None if lowest <= value <= highest else f"Value must be between {lowest} and {highest}"

    return rule


def capabilities(value: object) -> str | None:
    """A list of chat-token capabilities."""
    if isinstance(value, list) and all(item in CAPABILITIES for item in value):
        return None
    return f"Value must be a list of {', '.join(sorted(CAPABILITIES))}"


def attributes(value: object) -> str | None:
    """A map from string to string, of at most 1 KB."""
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        return "Value must be a map of strings"
    size = sum(len(key.encode()) + len(item.encode()) for key, item in value.items())
    return None if size <= 1024 else "Value must have at most 1024 bytes"


_ROOM = Field(text(1, 128, names.ROOM_ARN), required=True)
_TWELVE = re.compile("[a-zA-Z0-9]+")
MESSAGE_ID = text(12, 12, _TWELVE)
REASON = text(1, 256)

LIST_ROOMS = {
    "name": Field(text(0, 128, re.compile("[a-zA-Z0-9-_]*"))),
    "maxResults": Field(whole(1, 50)),
    "nextToken": Field(text(0, 1024)),
    "messageReviewHandlerUri": Field(text(0, 170)),
    "loggingConfigurationIdentifier": Field(text(1, 128, names.LOGGING_ARN)),
}
GET_ROOM = {"identifier": _ROOM}
GET_LOGGING_CONFIGURATION = {"identifier": Field(text(1, 128, names.LOGGING_ARN), required=True)}
CREATE_CHAT_TOKEN = {
    "roomIdentifier": _ROOM,
    "userId": Field(text(1, 128), required=True),
    "capabilities": Field(capabilities),
    "sessionDurationInMinutes": Field(whole(1, 180)),
    "attributes": Field(attributes),
}
DELETE_MESSAGE = {"roomIdentifier": _ROOM, "id": Field(MESSAGE_ID, required=True), "reason": Field(REASON)}
