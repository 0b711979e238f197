"""Single values of a request, checked and converted as the server's JSON schema validator does."""

import re
from collections.abc import Callable
from datetime import datetime

Check = Callable[[object], object]
"""Returns the value in the wanted kind; raises `InvalidError`."""

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)?", re.ASCII)


class InvalidError(Exception):
    """The request does not fit. Its text is the validator's, several problems on lines of their own."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n ".join(problems))


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
    """A number, or what converts to one."""
    try:
        return int(_numeric(value))
    except (ValueError, OverflowError):
        raise InvalidError("must be number") from None


def integer(value: object) -> int:
    """A number without a fraction, or what converts to one."""
    try:
        exact = _numeric(value)
        if exact != int(exact):
            raise ValueError
    except (ValueError, OverflowError):
        raise InvalidError("must be integer") from None
    return int(exact)


def _numeric(value: object) -> float:
    """Text that is a number is one, null is 0, switches are 1 and 0. Raises `ValueError`."""
    if value is None:
        return 0.0
    if not isinstance(value, str | int | float):
        raise ValueError(f"{value!r} does not convert to a number")
    return float(value)


def switch(value: object) -> bool:
    """`true` or `false` as text, the form of GET parameters."""
    if value not in ("true", "false"):
        raise InvalidError("must be equal to one of the allowed values")
    return value == "true"


def boolean(value: object) -> bool:
    """A boolean, or what converts to one; null does, to false."""
    if value is None:
        return False
    if isinstance(value, str | int | float) and value in (True, "true"):
        return True
    if isinstance(value, str | int | float) and value in (False, "false"):
        return False
    raise InvalidError("must be boolean")


def flag(value: object) -> bool | None:
    """A boolean or null, or what converts to one."""
    return None if value is None or value == "" else boolean(value)


def mapping(value: object) -> dict[str, object]:
    """Any object."""
    if not isinstance(value, dict):
        raise InvalidError("must be object")
    return value


def date_time(value: object) -> str:
    """A time as ISO 8601 with an offset."""
    return _time(value, "date-time", needs_offset=True)


def iso_date_time(value: object) -> str:
    """A time as ISO 8601, with or without an offset."""
    return _time(value, "iso-date-time", needs_offset=False)


def choice(*allowed: str) -> Check:
    """One of these strings."""

    def check(value: object) -> str:
        string = text(value)
        if string not in allowed:
            raise InvalidError("must be equal to one of the allowed values")
        return string

    return check


def nullable(check: Check) -> Check:
    """The same, or null."""
    return lambda value: None if value is None else check(value)


def blank_as_null(check: Check) -> Check:
    """The same, or null; what is empty, zero or false is null unless it fits. Not for strings."""

    def relaxed(value: object) -> object:
        try:
            return None if value is None else check(value)
        except InvalidError:
            if isinstance(value, str | int | float) and value in ("", 0):
                return None
            raise

    return relaxed


def listing(check: Check) -> Check:
    """A list of such values."""

    def read(value: object) -> list[object]:
        if not isinstance(value, list):
            raise InvalidError("must be array")
        return [check(item) for item in value]

    return read


def query_list(check: Check) -> Check:
    """A list in a query, where a single value stands for a list of one."""
    read = listing(check)
    return lambda value: read(value if isinstance(value, list) else [value])


def either(*checks: Check) -> Check:
    """A value that exactly one check lets pass unchanged, or else the first that converts it."""

    def read(value: object) -> object:
        problems: list[str] = []
        for check in checks:
            try:
                return check(value)
            except InvalidError as problem:
                problems.append(str(problem))
        raise InvalidError(*problems, "must match exactly one schema in oneOf")

    return read


def _time(value: object, form: str, *, needs_offset: bool) -> str:
    string = text(value)
    match = _DATE_TIME.fullmatch(string)
    try:
        if match is None or (needs_offset and not match.group(2)):
            raise ValueError
        datetime.fromisoformat(string)
    except ValueError:
        raise InvalidError(f'must match format "{form}"') from None
    return string
