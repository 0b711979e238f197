"""What a request may hold, checked and refused in the words of the server's JSON schema validator.

The server converts scalars where the schema wants another kind, stops at the first problem, and checks in this
order: what must be there, what must not, and each value.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from quell_providers.sandbox.rocketchat.wire import Document

Check = Callable[[object], object]
"""Returns the value in the wanted kind; raises `InvalidError`."""

Reader = Callable[[object], Document]
"""Returns the parameters of a request; raises `InvalidError`."""


class InvalidError(Exception):
    """The request does not fit. Its text is the validator's, several problems on lines of their own."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n ".join(problems))


@dataclass(frozen=True)
class Shape:
    """An object of known keys and no others."""

    properties: Mapping[str, Check]
    required: tuple[str, ...] = ()

    def __call__(self, data: object) -> Document:
        """Check and convert. Raises `InvalidError`."""
        if not isinstance(data, dict):
            raise InvalidError("must be object")
        for key in self.required:
            if key not in data:
                raise InvalidError(f"must have required property '{key}'")
        if not data.keys() <= self.properties.keys():
            raise InvalidError("must NOT have additional properties")
        return {key: check(data[key]) for key, check in self.properties.items() if key in data}


def one_of(*shapes: Shape) -> Reader:
    """A reader for requests of which exactly one shape fits; shapes that need different keys never fit both."""

    def read(data: object) -> Document:
        problems = []
        for shape in shapes:
            try:
                return shape(data)
            except InvalidError as problem:
                problems.append(str(problem))
        raise InvalidError(*problems, "must match exactly one schema in oneOf")

    return read


def anything(data: object) -> Document:
    """A reader for requests that the server does not check."""
    return dict(data) if isinstance(data, dict) else {}


def text(value: object) -> str:
    """A string; numbers, booleans and null become one."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return ""
    if isinstance(value, str | int | float):
        return str(value)
    raise InvalidError("must be string")


def filled(value: object) -> str:
    """A string that is not empty."""
    string = text(value)
    if not string:
        raise InvalidError("must NOT have fewer than 1 characters")
    return string


def number(value: object) -> int:
    """A number, as text too."""
    try:
        return int(float(text(value)))
    except (ValueError, OverflowError):
        raise InvalidError("must be number") from None


def switch(value: object) -> bool:
    """`true` or `false` as text, the form of GET parameters."""
    if value not in ("true", "false"):
        raise InvalidError("must be equal to one of the allowed values")
    return value == "true"


def flag(value: object) -> bool | None:
    """A boolean or null, or what converts to one."""
    if value is None or value == "":
        return None
    if isinstance(value, str | int | float) and value in (True, "true"):
        return True
    if isinstance(value, str | int | float) and value in (False, "false"):
        return False
    raise InvalidError("must be boolean")
