"""What goes wrong on demand: faults are put in, strike where they match, count their hits, and are taken out again.

The services ask `Faults.decide` wherever something can go wrong and carry out what it says; nothing here does any
input or output. What strikes depends on the seed and on the calls that matched, never on the time.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from random import Random
from typing import Literal, get_args

from quell_providers.sandbox.world import Service

Kind = Literal[
    "drop",
    "half-close",
    "refuse-upgrade",
    "delay",
    "status",
    "malformed",
    "oversized",
    "lost-answer",
    "revoke",
    "skew",
    "duplicate",
    "reorder",
]
"""What goes wrong:

- `drop`: the connection is cut, before a request is carried out or in place of a frame.
- `half-close`: the service ends its own side of the connection and says no more, but goes on listening.
- `refuse-upgrade`: a WebSocket is answered with `status`.
- `delay`: a request is carried out, or a frame sent, `seconds` later; what comes after a frame waits behind it.
- `status`: a request is not carried out but answered with `status` and a `body` that the API never sends.
- `malformed`, `oversized`: an answer or a frame is cut in half, or blown up to `size` bytes with blanks.
- `lost-answer`: a request is carried out, but the connection is cut instead of an answer.
- `revoke`: the credentials of a request or of a socket are good for nothing from here on.
- `skew`: the service's clock is wrong by `seconds`.
- `duplicate`, `reorder`: a frame is sent twice, or after the one that follows it.
"""
Body = Literal["html", "empty"]

KINDS: tuple[Kind, ...] = get_args(Kind)
SERVICES: tuple[Service, ...] = get_args(Service)
BODIES: tuple[Body, ...] = get_args(Body)
_MOST_SKEW_SECONDS = 10 * 365 * 86_400.0
_UNCONDITIONAL: frozenset[Kind] = frozenset({"skew"})
"""Kinds that hold from when they are added until they are removed."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is to go wrong. Raises ValueError for values that make no sense.

    Where several conditions are given, all must hold; a fault without any strikes everywhere, every time.
    """

    kind: Kind
    service: Service | None = None
    """`None`: both."""
    route: str = ""
    """Pattern (`*`, `?`) of REST routes (`chat.delete`), operations (`DeleteMessage`), sockets (`messaging` on IVS,
    `websocket` on Rocket.Chat) and of their frames (`messaging/EVENT`, `websocket/stream-room-messages`)."""
    room: str = ""
    """Id or name of a room."""
    probability: float = 1.0
    after: int = 0
    """So many matching calls or frames pass first."""
    times: int | None = None
    """Strikes until the fault is spent; `None`: never."""
    status: int = 503
    """HTTP status of `status` and `refuse-upgrade`."""
    body: Body = "html"
    """What stands in the answer of `status` and `refuse-upgrade`."""
    seconds: float = 1.0
    """Length of `delay`, by the sandbox's clock; of `skew`, where less than 0 means that the clock is slow."""
    size: int = 2 * 1024 * 1024
    """Bytes of an `oversized` answer or frame."""

    def __post_init__(self) -> None:
        _one_of("kind", self.kind, KINDS)
        if self.service is not None:
            _one_of("service", self.service, SERVICES)
        _one_of("body", self.body, BODIES)
        if not 0 < self.probability <= 1:
            raise ValueError(f"probability must be above 0 and at most 1, not {self.probability:g}")
        if self.after < 0 or (self.times is not None and self.times < 1):
            raise ValueError("after must be at least 0, and times at least 1")
        if not 400 <= self.status <= 599:
            raise ValueError(f"status must be an HTTP error, 400 to 599, not {self.status}")
        if self.kind == "delay" and not 0 <= self.seconds <= 3600:
            raise ValueError(f"delay must be 0 to 3600 seconds, not {self.seconds:g}")
        if self.kind == "skew" and not abs(self.seconds) <= _MOST_SKEW_SECONDS:
            raise ValueError(f"skew must be less than ten years, not {self.seconds:g} seconds")
        if not 1 <= self.size <= 256 * 1024 * 1024:
            raise ValueError(f"size must be 1 byte to 256 MiB, not {self.size}")
        if self.kind in _UNCONDITIONAL and (
            self.route or self.room or self.probability < 1 or self.after or self.times
        ):
            raise ValueError(f"{self.kind} takes no conditions but a service; it holds until it is removed")


class FaultHandle:
    """A fault that was added.

    Attributes:
        number: Which one it is, counted from 1.
        seen: Calls and frames that matched so far.
        hits: How many of them it struck.
    """

    def __init__(
        self, fault: Fault, number: int, rooms: Collection[str], rng: Random, remove: Callable[[], None]
    ) -> None:
        self.fault = fault
        self.number = number
        self.seen = 0
        self.hits = 0
        self.remove = remove
        """Take the fault out; more than once changes nothing."""
        self._rooms = rooms
        self._rng = rng

    def strikes(self, service: Service, route: str, room_id: str) -> bool:
        """Whether it strikes here and now; counts it."""
        fault = self.fault
        if not _covers(fault, service, route) or (fault.room and room_id not in self._rooms):
            return False
        if fault.times is not None and self.hits >= fault.times:
            return False
        self.seen += 1
        if self.seen <= fault.after or (fault.probability < 1 and self._rng.random() >= fault.probability):
            return False
        self.hits += 1
        return True


class Faults:
    """Every fault of a sandbox.

    Args:
        seed: Decides which calls a fault with a probability strikes.
        routes: Tells the routes of each service; a fault whose route is none of them is a mistake.
        rooms: Tells the ids of the rooms that have a name or id.
        room_names: Tells all names and ids that there are, for hints.
    """

    def __init__(
        self,
        seed: int = 0,
        *,
        routes: Callable[[], Mapping[Service, Collection[str]]] | None = None,
        rooms: Callable[[str], Collection[str]] | None = None,
        room_names: Callable[[], Iterable[str]] | None = None,
    ) -> None:
        self._seeds = Random(seed)
        self._routes = routes or dict
        self._rooms = rooms or (lambda name: {name})
        self._room_names = room_names or (lambda: ())
        self._by_kind: dict[Kind, list[FaultHandle]] = {}
        self._added = 0

    def __bool__(self) -> bool:
        return bool(self._by_kind)

    def add(self, fault: Fault) -> FaultHandle:
        """Let something go wrong from now on. Raises ValueError when no route or room is meant by the fault."""
        rooms = self._rooms(fault.room) if fault.room else ()
        if fault.room and not rooms:
            raise ValueError(f"no room is called {fault.room!r}{near(fault.room, self._room_names())}")
        self._check_route(fault)
        self._added += 1
        rng = Random(self._seeds.getrandbits(64))
        handle = FaultHandle(fault, self._added, frozenset(rooms), rng, lambda: self._remove(handle))
        self._by_kind.setdefault(fault.kind, []).append(handle)
        return handle

    def clear(self) -> None:
        """Take every fault out."""
        self._by_kind.clear()

    def active(self) -> list[FaultHandle]:
        """Every fault that is in, in the order in which they were added."""
        return sorted((handle for handles in self._by_kind.values() for handle in handles), key=lambda h: h.number)

    def decide(self, service: Service, kind: Kind, *, route: str = "", room_id: str = "") -> Fault | None:
        """The fault of this kind that strikes here and now, if any. The first one added goes first."""
        for handle in self._by_kind.get(kind, ()):
            if handle.strikes(service, route, room_id):
                return handle.fault
        return None

    def skew(self, service: Service) -> float:
        """Seconds by which a service's clock is wrong now."""
        handles = self._by_kind.get("skew", ())
        return sum(handle.fault.seconds for handle in handles if handle.fault.service in (None, service))

    def _remove(self, handle: FaultHandle) -> None:
        handles = self._by_kind.get(handle.fault.kind, [])
        if handle in handles:
            handles.remove(handle)
            if not handles:
                del self._by_kind[handle.fault.kind]

    def _check_route(self, fault: Fault) -> None:
        routes = self._routes()
        if not fault.route or not routes:
            return
        known = [route for service in routes if fault.service in (None, service) for route in routes[service]]
        pattern = fault.route.split("/")[0]
        if not any(fnmatchcase(route, pattern) for route in known):
            where = fault.service or "either service"
            raise ValueError(f"no route of {where} is called {fault.route!r}{near(pattern, known)}")


def near(wrong: str, right: Iterable[str]) -> str:
    """Words to add to a complaint about a name: what may have been meant."""
    close = get_close_matches(wrong, sorted(set(right)), n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(close)}?" if close else ""


def _covers(fault: Fault, service: Service, route: str) -> bool:
    """Whether a fault is meant for this service and route; one for a socket is meant for all its frames."""
    if fault.service not in (None, service):
        return False
    pattern = fault.route
    return not pattern or fnmatchcase(route, pattern) or fnmatchcase(route.split("/")[0], pattern)


def _one_of(what: str, value: str, known: Collection[str]) -> None:
    if value not in known:
        hint = near(value, known) or f"; there are {', '.join(known)}"
        raise ValueError(f"no {what} is called {value!r}{hint}")
