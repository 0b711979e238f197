"""The state of the sandbox: people, rooms and posts of both services, and the truth of what happened to them.

The two emulated services read and change this one world; neither keeps messages of its own. Words here are the
sandbox's own on purpose (a *post* by a *person*), because nothing may be shared with the client side.
"""

import random
from collections import OrderedDict
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from typing import Literal

from quell_providers.sandbox.clock import Clock

Service = Literal["ivs", "rocketchat"]


@dataclass(slots=True, eq=False)
class Person:
    """Somebody who writes."""

    id: str
    username: str
    name: str
    roles: set[str] = field(default_factory=lambda: {"user"})
    """Workspace-wide roles (Rocket.Chat)."""
    email: str = ""
    active: bool = True
    """Whether the person may log in (Rocket.Chat)."""
    created_at: float = 0.0


@dataclass(slots=True, eq=False)
class Place:
    """A room of one service."""

    id: str
    service: Service
    name: str
    kind: str
    """`room` (IVS), `c`, `p`, `d` (Rocket.Chat) or `discussion` (a `p` with a parent)."""
    topic: str = ""
    members: list[Person] = field(default_factory=list)
    roles: dict[str, set[str]] = field(default_factory=dict)
    """Room-scoped roles by person id (Rocket.Chat): `owner`, `moderator`."""
    read_only: bool = False
    archived: bool = False
    encrypted: bool = False
    """Messages are shown as ciphertext only (Rocket.Chat)."""
    muted: set[str] = field(default_factory=set)
    """Usernames of those who may not write (Rocket.Chat)."""
    unmuted: set[str] = field(default_factory=set)
    """Usernames of those who may write although the room is read-only (Rocket.Chat)."""
    banned: list[Person] = field(default_factory=list)
    """Who was a member and may not come back (Rocket.Chat)."""
    parent_id: str | None = None
    log_group: str | None = None
    """CloudWatch log group that records this room (IVS); `None`: not logged."""
    tags: dict[str, str] = field(default_factory=dict)
    created_at: float = 0.0


@dataclass(slots=True, eq=False)
class Post:
    """One message, kept after its deletion."""

    id: str
    place: Place
    author: Person
    text: str
    sent_at: float
    edited_at: float | None = None
    thread_id: str | None = None
    system: str = ""
    files: tuple[str, ...] = ()
    attachments: tuple[dict[str, object], ...] = ()
    """Attachments that are no files: quotes, cards by bots (Rocket.Chat)."""
    pinned: bool = False
    discussion_id: str | None = None
    """The discussion that this message announces (Rocket.Chat)."""
    extras: dict[str, object] = field(default_factory=dict)
    """Further fields, shown as they were sent: `alias`, `emoji`, `tshow` (Rocket.Chat)."""
    deleted_at: float | None = None
    deleted_by: str | None = None
    """Person id (Rocket.Chat) or access key id (IVS) of whoever deleted it."""
    deletion_reason: str | None = None


@dataclass(slots=True, frozen=True)
class Happening:
    """Something that changed in the world."""

    kind: Literal["posted", "edited", "deleted"]
    post: Post


Listener = Callable[[Happening], None]

MOST_POSTS = 50_000
"""Posts of one room that are kept; older ones are forgotten, as if they had never been."""

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_ID_LENGTH: dict[Service, int] = {"ivs": 12, "rocketchat": 17}


class World:
    """Everything that exists in the sandbox.

    Args:
        seed: The same seed gives the same people, rooms, ids and talk.
        clock: Where times come from.
    """

    def __init__(self, seed: int, clock: Clock) -> None:
        self.clock = clock
        self.random = random.Random(seed)
        self.people: dict[str, Person] = {}
        self.places: dict[str, Place] = {}
        self.removed: list[Place] = []
        """Rooms that there were once."""
        self.settings: dict[str, object] = {
            "Message_AllowDeleting": True,
            "Message_AllowDeleting_BlockDeleteInMinutes": 0,
            "Message_ShowDeletedStatus": False,
            "Message_KeepHistory": False,
        }
        """Rocket.Chat's public settings that bear on deletion."""
        self._posts: dict[str, OrderedDict[str, Post]] = {}
        self._listeners: list[Listener] = []

    def with_clock(self, clock: Clock) -> "World":
        """The same world, whatever happens to it, told the time by another clock."""
        view = copy(self)
        view.clock = clock
        return view

    def new_id(self, service: Service) -> str:
        """A fresh id in the service's form: 12 or 17 letters and digits."""
        return "".join(self.random.choices(ALPHABET, k=_ID_LENGTH[service]))

    def add_person(self, person: Person) -> Person:
        """Let somebody exist."""
        self.people[person.id] = person
        return person

    def add_place(self, place: Place) -> Place:
        """Let a room exist."""
        self.places[place.id] = place
        self._posts[place.id] = OrderedDict()
        return place

    def remove_place(self, place: Place) -> None:
        """Let a room be gone; it is remembered in `removed`, and its posts are kept."""
        if self.places.pop(place.id, None):
            self.removed.append(place)

    def places_of(self, service: Service) -> list[Place]:
        """The rooms of one service, in the order they were added."""
        return [place for place in self.places.values() if place.service == service]

    def posts_in(self, place_id: str) -> list[Post]:
        """Every post of a room, deleted ones too, oldest first."""
        return list(self._posts[place_id].values())

    def find_post(self, post_id: str) -> Post | None:
        """A post by id, in whatever room, deleted or not."""
        return next((posts[post_id] for posts in self._posts.values() if post_id in posts), None)

    def post(
        self,
        place: Place,
        author: Person,
        text: str,
        *,
        post_id: str | None = None,
        at: float | None = None,
        thread_id: str | None = None,
        system: str = "",
        files: tuple[str, ...] = (),
        attachments: tuple[dict[str, object], ...] = (),
        discussion_id: str | None = None,
        extras: dict[str, object] | None = None,
    ) -> Post:
        """Write a message, with a fresh id unless one is given."""
        post = Post(
            id=post_id or self.new_id(place.service),
            place=place,
            author=author,
            text=text,
            sent_at=self.clock.now() if at is None else at,
            thread_id=thread_id,
            system=system,
            files=files,
            attachments=attachments,
            discussion_id=discussion_id,
            extras=extras or {},
        )
        posts = self._posts[place.id]
        posts[post.id] = post
        if len(posts) > MOST_POSTS:
            posts.popitem(last=False)
        self._tell(Happening("posted", post))
        return post

    def edit(self, post: Post, text: str) -> None:
        """Change a message's text."""
        post.text = text
        post.edited_at = self.clock.now()
        self._tell(Happening("edited", post))

    def delete(self, post: Post, *, by: str, reason: str | None = None) -> None:
        """Mark a message deleted; a second deletion changes nothing but is told again (IVS repeats the event)."""
        if post.deleted_at is None:
            post.deleted_at = self.clock.now()
            post.deleted_by = by
            post.deletion_reason = reason
        self._tell(Happening("deleted", post))

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Be told of everything that happens from now on. Returns a function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _tell(self, happening: Happening) -> None:
        for listener in tuple(self._listeners):
            listener(happening)
