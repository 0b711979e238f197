"""Faults as words: `rocketchat:route=chat.delete:status=503:probability=0.2`.

A spec is a list of parts with colons between them, in any order: at most one service, exactly one thing that goes
wrong, and conditions.
"""

from collections.abc import Callable
from typing import Any

from quell_providers.sandbox.faults import KINDS, SERVICES, Fault, near

EXAMPLES = (
    "rocketchat:route=chat.delete:status=503:probability=0.2",
    "ivs:drop:after=100",
    "ivs:route=DeleteMessage:lost-answer:times=3",
    "route=websocket:duplicate",
)

_CONDITIONS: dict[str, Callable[[str], Any]] = {
    "route": str,
    "room": str,
    "probability": float,
    "after": int,
    "times": int,
    "body": str,
}
_VALUES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "status": ("status", int),
    "refuse-upgrade": ("status", int),
    "delay": ("seconds", float),
    "skew": ("seconds", float),
    "oversized": ("size", int),
}
"""Kinds that may have a value (`delay=2`): which field of the fault it is."""
_MUST_HAVE_VALUES = ("status", "delay", "skew")


def parse_fault(spec: str) -> Fault:
    """The fault that a spec means. Raises ValueError that says what is wrong with it, and what may have been meant."""
    fields: dict[str, Any] = {}
    for part in spec.split(":"):
        name, equals, value = (text.strip() for text in part.partition("="))
        for field, parsed in _read(name, value if equals else None).items():
            if field in fields:
                raise ValueError(f"{part.strip()!r} is one {field} too many in {spec!r}")
            fields[field] = parsed
    if "kind" not in fields:
        raise ValueError(f"{spec!r} does not say what goes wrong: {', '.join(KINDS)}")
    return Fault(**fields)


def format_fault(fault: Fault) -> str:
    """The spec of a fault."""
    parts: list[str] = [fault.service] if fault.service else []
    value = _VALUES.get(fault.kind)
    parts.append(f"{fault.kind}={_number(getattr(fault, value[0]))}" if value else fault.kind)
    default = Fault(fault.kind)
    for name in _CONDITIONS:
        if getattr(fault, name) != getattr(default, name):
            parts.append(f"{name}={_number(getattr(fault, name))}")
    return ":".join(parts)


def _read(name: str, value: str | None) -> dict[str, Any]:
    """The fields that one part sets."""
    if name in SERVICES and value is None:
        return {"service": name}
    if name in KINDS:
        return {"kind": name} | _value_of(name, value)
    if name in _CONDITIONS:
        if not value:
            raise ValueError(f"{name} needs a value, as in {name}=…")
        return {name: _parsed(name, value, _CONDITIONS[name])}
    raise ValueError(f"{name!r} is no part of a fault{near(name, (*SERVICES, *KINDS, *_CONDITIONS)) or _known()}")


def _value_of(kind: str, value: str | None) -> dict[str, Any]:
    if value is None:
        if kind in _MUST_HAVE_VALUES:
            raise ValueError(f"{kind} needs a value, as in {kind}={503 if kind == 'status' else 2}")
        return {}
    if kind not in _VALUES:
        raise ValueError(f"{kind} takes no value")
    field, parse = _VALUES[kind]
    return {field: _parsed(kind, value, parse)}


def _parsed(name: str, value: str, parse: Callable[[str], Any]) -> object:
    try:
        return parse(value)
    except ValueError:
        wanted = "a whole number" if parse is int else "a number"
        raise ValueError(f"{name}={value} is not {wanted}") from None


def _known() -> str:
    return f"; there are {', '.join((*SERVICES, *KINDS, *_CONDITIONS))}"


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
