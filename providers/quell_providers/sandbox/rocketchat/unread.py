"""How many messages each person has not read yet, and which threads have news for them."""

import zlib
from collections import Counter, defaultdict

from quell_providers.sandbox.world import Person, Place, Post, World

_SEEDED_BELOW = 8


class Unread:
    """Unread messages by person and room: a small number that the ids decide, and everything posted since."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        """Unread messages by room and person."""
        self._replies: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        """Threads by their unread replies, by person and room."""
        self._read_at: dict[tuple[str, str], float] = {}

    def load(self) -> None:
        """Decide for each member how much of what is there was read."""
        for place in self._world.places_of("rocketchat"):
            posts = [post for post in self._world.posts_in(place.id) if _counts(post)]
            for member in place.members:
                by_others = sum(post.author is not member for post in posts)
                seeded = zlib.crc32(f"{member.id} {place.id}".encode()) % _SEEDED_BELOW
                self._counts[place.id][member.id] = min(seeded, by_others)

    def add(self, post: Post, followers: list[str]) -> None:
        """Take in a new message; nobody's own messages are unread.

        Args:
            post: The message.
            followers: Person ids of those who follow its thread, if it answers in one.
        """
        if _counts(post):
            counts, before = self._counts[post.place.id], self.of(post.author, post.place)
            counts.update([member.id for member in post.place.members])
            counts[post.author.id] = before
        if post.thread_id is not None:
            for follower in followers:
                if follower != post.author.id:
                    self._replies[follower, post.place.id][post.id] = post.thread_id

    def forget(self, post: Post) -> bool:
        """Take in that a message is gone. Returns whether that changed anybody's unread threads."""
        changed = False
        for (_, place_id), replies in self._replies.items():
            if place_id == post.place.id and replies.pop(post.id, None) is not None:
                changed = True
        return changed

    def read(self, person: Person, place: Place, at: float, *, threads: bool) -> None:
        """Take in that somebody has read a room up to a time, and with `threads` every thread in it."""
        self._counts[place.id][person.id] = 0
        self._read_at[person.id, place.id] = at
        if threads:
            self._replies.pop((person.id, place.id), None)

    def of(self, person: Person, place: Place) -> int:
        """`unread` of the person's subscription."""
        return self._counts[place.id][person.id]

    def threads(self, person: Person, place: Place) -> list[str]:
        """`tunread`: ids of messages whose thread has unread replies."""
        return list(dict.fromkeys(self._replies.get((person.id, place.id), {}).values()))

    def read_at(self, person: Person, place: Place) -> float | None:
        """`ls`: when the person last read the room, if that happened since the start."""
        return self._read_at.get((person.id, place.id))


def _counts(post: Post) -> bool:
    """System messages and replies in threads do not make a room unread."""
    return not post.system and post.thread_id is None
