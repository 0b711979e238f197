"""What is really so: which messages exist, who deleted which, and every call that the services received.

This is for tests and for training; nothing of it can be asked for through either service.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from quell_providers.sandbox.score import Label, Score, score
from quell_providers.sandbox.world import Post, Service, World

MOST_CALLS = 20_000
"""Calls that are remembered; older ones are forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request that a service received, over HTTP or over a socket."""

    service: Service
    route: str
    """REST route, operation, or a socket and what was asked of it: `chat.delete`, `DeleteMessage`,
    `messaging/DELETE_MESSAGE`, `websocket/login`."""
    status: int
    """HTTP status or error code of the answer, 101 for an upgrade; 0: no answer was sent."""
    at: float
    """Unix seconds, by the sandbox's clock."""
    caller: str = ""
    """Username, name of the access key, or user id of the chat token that the call bears; empty: none that is known."""
    room_id: str = ""
    message_id: str = ""
    fault: str = ""
    """Kind of the fault that decided the outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """One message that was deleted."""

    message_id: str
    room_id: str
    by: str
    """Username, name of the access key, or user id of the chat token."""
    at: float
    """Unix seconds, by the clock of the service."""
    reason: str | None


class Truth:
    """Answers questions about a sandbox.

    Rooms may be named by id or by name everywhere.

    Args:
        world: What exists.
        name_of: Tells the name of whoever a deletion was made by, from the id in the world.
    """

    def __init__(self, world: World, name_of: Callable[[str], str] = str) -> None:
        self._world = world
        self._name_of = name_of
        self._calls: deque[Call] = deque(maxlen=MOST_CALLS)
        self._labels: dict[str, Label] = {}

    def exists(self, message_id: str) -> bool:
        """Whether there is such a message that was not deleted."""
        post = self._world.find_post(message_id)
        return post is not None and post.deleted_at is None

    def messages(
        self, *, service: Service | None = None, room: str = "", author: str = "", deleted: bool | None = None
    ) -> list[Post]:
        """Messages, each room's oldest first; `author` is a username, and `deleted` picks either kind."""
        return [
            post
            for post in self._posts(service, room)
            if author in ("", post.author.username) and deleted in (None, post.deleted_at is not None)
        ]

    def deletions(
        self, *, service: Service | None = None, room: str = "", by: str = "", message: str = ""
    ) -> list[Deletion]:
        """Messages that were deleted, the one deleted first in front."""
        found = [
            Deletion(
                message_id=post.id,
                room_id=post.place.id,
                by=self._name_of(post.deleted_by or ""),
                at=post.deleted_at,
                reason=post.deletion_reason,
            )
            for post in self._posts(service, room)
            if post.deleted_at is not None and message in ("", post.id)
        ]
        return sorted((each for each in found if by in ("", each.by)), key=lambda each: each.at)

    def calls(
        self,
        *,
        service: Service | None = None,
        route: str = "*",
        caller: str = "",
        room: str = "",
        message: str = "",
        status: int | None = None,
    ) -> list[Call]:
        """The newest `MOST_CALLS` calls that match, in the order of their answers; `route` is a pattern (`*`, `?`)."""
        rooms = self.room_ids(room) if room else ()
        return [
            call
            for call in self._calls
            if service in (None, call.service)
            and fnmatchcase(call.route, route)
            and caller in ("", call.caller)
            and (not room or call.room_id in rooms)
            and message in ("", call.message_id)
            and status in (None, call.status)
        ]

    def score(self) -> Score:
        """How a training shift went so far; all zero in scenarios without known answers."""
        posts = ((self._world.find_post(post_id), label) for post_id, label in self._labels.items())
        return score([(post, label) for post, label in posts if post is not None])

    def room_ids(self, room: str) -> set[str]:
        """Ids of the rooms that have this id or name."""
        return {place.id for place in self._world.places.values() if room in (place.id, place.name)}

    def room_names(self) -> Iterator[str]:
        """Ids and names of all rooms."""
        for place in self._world.places.values():
            yield from (place.id, place.name)

    def now(self) -> float:
        """The right time, however wrong the clock of a service is."""
        return self._world.clock.now()

    def record(self, call: Call) -> None:
        """Remember a call."""
        self._calls.append(call)

    def label(self, post: Post, label: Label) -> None:
        """Remember the right answer to a message."""
        self._labels[post.id] = label

    def _posts(self, service: Service | None, room: str) -> Iterator[Post]:
        for place in (*self._world.places.values(), *self._world.removed):
            if service in (None, place.service) and room in ("", place.id, place.name):
                yield from self._world.posts_in(place.id)
