"""What a request may hold, checked and refused in the words of the server's JSON schema validator.

The server converts scalars where the schema wants another kind, stops at the first problem, and checks in this
order: which alternatives there are, what must be there, what must not, and each value.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from quell_providers.sandbox.rocketchat.values import Check, InvalidError
from quell_providers.sandbox.rocketchat.wire import Document

Reader = Callable[[object], Document]
"""Returns the parameters of a request; raises `InvalidError`."""

Choice = Callable[[Mapping[str, object]], None]
"""Raises `InvalidError` unless the keys that are there belong together."""


@dataclass(frozen=True)
class Shape:
    """An object of known keys and no others."""

    properties: Mapping[str, Check]
    required: tuple[str, ...] = ()
    choice: Choice | None = None
    open: bool = False
    """Whether it may hold other keys as well, which are kept as they are."""

    def __call__(self, data: object) -> Document:
        """Check and convert. Raises `InvalidError`."""
        if not isinstance(data, dict):
            raise InvalidError("must be object")
        if self.choice is not None:
            self.choice(data)
        _require(data, self.required)
        if not self.open and not data.keys() <= self.properties.keys():
            raise InvalidError("must NOT have additional properties")
        others: Document = {key: value for key, value in data.items() if key not in self.properties}
        return others | {key: check(data[key]) for key, check in self.properties.items() if key in data}


def one_of(*shapes: Reader) -> Reader:
    """A reader for requests that exactly one shape fits."""

    def read(data: object) -> Document:
        problems: list[str] = []
        fitting: list[Document] = []
        for shape in shapes:
            try:
                fitting.append(shape(data))
            except InvalidError as problem:
                problems.append(str(problem))
        if len(fitting) == 1:
            return fitting[0]
        raise InvalidError(*problems, "must match exactly one schema in oneOf")

    return read


def any_of(*shapes: Reader) -> Reader:
    """A reader for requests that at least one shape fits; the first that does decides."""

    def read(data: object) -> Document:
        problems: list[str] = []
        for shape in shapes:
            try:
                return shape(data)
            except InvalidError as problem:
                problems.append(str(problem))
        raise InvalidError(*problems, "must match a schema in anyOf")

    return read


def exactly_one(*sets: tuple[str, ...]) -> Choice:
    """The keys of exactly one set must be there."""

    def choose(data: Mapping[str, object]) -> None:
        problems = _missing(data, sets)
        if len(sets) - len(problems) != 1:
            raise InvalidError(*problems, "must match exactly one schema in oneOf")

    return choose


def at_least_one(*sets: tuple[str, ...]) -> Choice:
    """The keys of at least one set must be there."""

    def choose(data: Mapping[str, object]) -> None:
        problems = _missing(data, sets)
        if len(problems) == len(sets):
            raise InvalidError(*problems, "must match a schema in anyOf")

    return choose


def anything(data: object) -> Document:
    """A reader for requests that the server does not check."""
    return dict(data) if isinstance(data, dict) else {}


def _require(data: Mapping[str, object], keys: tuple[str, ...]) -> None:
    for key in keys:
        if key not in data:
            raise InvalidError(f"must have required property '{key}'")


def _missing(data: Mapping[str, object], sets: tuple[tuple[str, ...], ...]) -> list[str]:
    problems: list[str] = []
    for keys in sets:
        try:
            _require(data, keys)
        except InvalidError as problem:
            problems.append(str(problem))
    return problems
