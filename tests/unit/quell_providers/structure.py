"""Documents that are nearly right: any field replaced by any JSON value, or gone; and the smallest one that fails."""

import copy
import json
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any, NamedTuple

import pytest

GONE = object()
"""In place of a value: the field is not there."""


def _nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


VALUES: tuple[Any, ...] = (
    *(GONE, None, True, False, 0, -1, 1.5, 2**53, 2**64, -(2**70), 1e308, 10**400),
    *("", "x", "false", "\ud800", "\udfff\x00", "\u202e", "9" * 400, "x" * 5000),
    *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2022-02-30T00:00:00Z", "2016-12-31T23:59:60Z"),
    *([], [None], [[]], _nested(200), {}, {"": None}, {"_id": 5}, {"$date": None}, {"$date": 1e300}, {"$date": "x"}),
)
"""What a field may turn into."""


class Change(NamedTuple):
    """One field that is not what it was."""

    path: tuple[str | int, ...]
    value: Any


def changes(document: Any, values: Iterable[Any] = VALUES) -> Iterator[Change]:
    """Every change of one field, also of the whole document."""
    chosen = tuple(values)
    for path in _paths(document):
        yield from (Change(path, value) for value in chosen if path or value is not GONE)


def variants(document: Any, values: Iterable[Any] = VALUES) -> Iterator[Any]:
    """The document with each change of one field."""
    return (changed(document, change) for change in changes(document, values))


def pairs(document: Any, count: int, seed: int) -> Iterator[Any]:
    """The document with two changes at once, so many times; which ones is decided by the seed."""
    random, possible = Random(seed), list(changes(document))
    for _ in range(count):
        once = changed(document, random.choice(possible))
        twice = list(_paths(once))
        yield changed(once, Change(random.choice(twice), random.choice(VALUES[1:])))


def changed(document: Any, change: Change) -> Any:
    """A copy with one change."""
    if not change.path:
        return copy.deepcopy(change.value)
    result = copy.deepcopy(document)
    holder = result
    for step in change.path[:-1]:
        holder = holder[step]
    if change.value is GONE:
        del holder[change.path[-1]]
    else:
        holder[change.path[-1]] = copy.deepcopy(change.value)
    return result


def encoded(document: Any) -> bytes:
    """The JSON of a document, half characters and all."""
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")


def smallest(document: Any, fails: Callable[[Any], bool]) -> Any:
    """The document with everything taken away that it does not need to fail."""
    while True:
        for path in _paths(document):
            smaller = next((each for each in _smaller(document, path) if fails(each)), None)
            if smaller is not None:
                document = smaller
                break
        else:
            return document


def hold(cases: Iterable[Any], act: Callable[[Any], None]) -> int:
    """See that nothing is raised for any of the cases; else fail with the smallest one. Returns how many there were."""

    def problem(case: Any) -> str:
        try:
            act(case)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
            return f"{type(error).__name__}: {error}"
        return ""

    count = 0
    for case in cases:
        count += 1
        if problem(case):
            found = smallest(case, lambda each: bool(problem(each)))
            pytest.fail(f"{problem(found)}\nthe smallest document with which that happens: {found!a}")
    return count


def _paths(document: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value, the whole document first."""
    yield path
    if isinstance(document, dict):
        for key, value in document.items():
            yield from _paths(value, (*path, key))
    elif isinstance(document, list) and len(path) < 20:
        for index, value in enumerate(document):
            yield from _paths(value, (*path, index))


def _smaller(document: Any, path: tuple[str | int, ...]) -> Iterator[Any]:
    """The document with what is at a path gone, or as small as its kind can be."""
    value = document
    for step in path:
        value = value[step]
    if path:
        yield changed(document, Change(path, GONE))
    if value and isinstance(value, str | list | dict):
        yield changed(document, Change(path, type(value)()))
