"""On which line of a TOML document a key stands."""

import tomllib
from collections import Counter
from collections.abc import Iterator

KeyPath = tuple[str | int, ...]
"""Keys from the root inwards; a number is the position in an array of tables: `("reasons", 0, "text")`."""


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line, counted from 1, on which every key and table header of a valid TOML document begins."""
    lines: dict[KeyPath, int] = {}
    arrays: Counter[KeyPath] = Counter()
    table: KeyPath = ()
    for line, statement, content in _statements(text):
        keys, is_array = _innermost(content)
        if statement.lstrip().startswith("["):
            table = path = _resolve(keys, arrays)
            if is_array:
                arrays[path] += 1
                table = path = (*path, arrays[path] - 1)
        else:
            path = (*table, *keys)
        for length in range(1, len(path) + 1):
            lines.setdefault(path[:length], line)
    return lines


def line_of(path: KeyPath, lines: dict[KeyPath, int]) -> int | None:
    """The line of a key, or of the innermost of its parents that has one."""
    parents = (path[:length] for length in range(len(path), 0, -1))
    return next((lines[parent] for parent in parents if parent in lines), None)


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, object]]]:
    """Every statement with its first line and its content, parsed as if it stood alone.

    No part of a statement that spans lines is valid without its last line, so the shortest run of lines that parses
    is one statement.
    """
    first, pending = 1, ""
    for number, line in enumerate(text.split("\n"), start=1):
        pending += line + "\n"
        try:
            content = tomllib.loads(pending)
        except tomllib.TOMLDecodeError:
            continue
        if content:
            yield first, pending, content
        first, pending = number + 1, ""


def _innermost(content: dict[str, object]) -> tuple[tuple[str, ...], bool]:
    """The keys down to the first value that is not a table of one key, and whether that is an array of tables."""
    keys: list[str] = []
    value: object = content
    while isinstance(value, dict) and len(value) == 1:
        ((key, value),) = value.items()
        keys.append(key)
    return tuple(keys), value == [{}]


def _resolve(keys: tuple[str, ...], arrays: Counter[KeyPath]) -> KeyPath:
    """A header's keys as a path: a name of an array of tables on the way means its newest table."""
    path: KeyPath = ()
    for key in keys[:-1]:
        path = (*path, key)
        if path in arrays:
            path = (*path, arrays[path] - 1)
    return (*path, keys[-1])
