"""Rules for the members of a request, as service models state them; lengths count characters."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from quell_providers.sandbox.ivs import errors

Rule = Callable[[object], str | None]
"""Tells what is wrong with a value, or `None`."""

ATTRIBUTES_BYTES = 1024
"""What the keys and values of an attribute map may add up to."""


class Field(NamedTuple):
    """One member of a request."""

    rule: Rule
    required: bool = False

    def problem(self, value: object) -> str | None:
        """What is wrong with the value given, `None` standing for none given."""
        if value is None:
            return "Value is required" if self.required else None
        return self.rule(value)


Fields = Mapping[str, Field]


def check(body: Mapping[str, object], fields: Fields) -> None:
    """Raise ValidationException naming every member of the body that breaks its rule; unknown ones are ignored."""
    found = problems(body, fields)
    if found:
        raise errors.invalid(found)


def problems(body: Mapping[str, object], fields: Fields) -> dict[str, str]:
    """What is wrong with the members of a body, by name."""
    found = ((name, field.problem(body.get(name))) for name, field in fields.items())
    return {name: problem for name, problem in found if problem}


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


def one_of(*choices: str) -> Rule:
    """One of some words."""

    def rule(value: object) -> str | None:
        return None if value in choices else f"Value must be one of {', '.join(choices)}"

    return rule


def list_of(item: Rule, *, most: int) -> Rule:
    """A list whose items all keep to one rule."""

    def rule(value: object) -> str | None:
        if not isinstance(value, list):
            return "Value must be a list"
        if len(value) > most:
            return f"Value must have at most {most} items"
        return next((problem for problem in map(item, value) if problem), None)

    return rule


def map_of(key: Rule, item: Rule, *, most: int) -> Rule:
    """A map whose keys and values keep to a rule each."""

    def rule(value: object) -> str | None:
        if not isinstance(value, dict):
            return "Value must be a map"
        if len(value) > most:
            return f"Value must have at most {most} entries"
        return next((wrong for name, held in value.items() if (wrong := key(name) or item(held))), None)

    return rule


def structure(fields: Fields) -> Rule:
    """An object with members of its own."""

    def rule(value: object) -> str | None:
        if not isinstance(value, dict):
            return "Value must be an object"
        return "; ".join(f"{name}: {problem}" for name, problem in problems(value, fields).items()) or None

    return rule


def union(kinds: Fields) -> Rule:
    """An object with exactly one of some members."""
    members = structure(kinds)

    def rule(value: object) -> str | None:
        if not isinstance(value, dict) or len([kind for kind in kinds if value.get(kind) is not None]) != 1:
            return f"Value must have exactly one of {', '.join(kinds)}"
        return members(value)

    return rule


def attributes(value: object) -> str | None:
    """A map from string to string, of at most `ATTRIBUTES_BYTES`."""
    if not is_string_map(value):
        return "Value must be a map of strings"
    return None if attributes_fit(value) else f"Value must have at most {ATTRIBUTES_BYTES} bytes"


def is_string_map(value: object) -> bool:
    """Whether a value is a map from string to string."""
    return isinstance(value, dict) and all(isinstance(item, str) for item in (*value, *value.values()))


def attributes_fit(value: object) -> bool:
    """Whether a map of strings is small enough to be an attribute map."""
    if not isinstance(value, dict):
        return False
    return sum(len(key.encode()) + len(item.encode()) for key, item in value.items()) <= ATTRIBUTES_BYTES
