"""How many messages each person has not read yet."""

import zlib
from collections import Counter

from quell_providers.sandbox.world import Person, Place, Post, World

_SEEDED_BELOW = 8


class Unread:
    """Unread messages by person and room: a small number that the ids decide, and everything posted since."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._counts: Counter[tuple[str, str]] = Counter()

    def load(self) -> None:
        """Decide for each member how much of what is there was read."""
        for place in self._world.places_of("rocketchat"):
            posts = [post for post in self._world.posts_in(place.id) if _counts(post)]
            for member in place.members:
                by_others = sum(post.author is not member for post in posts)
                seeded = zlib.crc32(f"{member.id} {place.id}".encode()) % _SEEDED_BELOW
                self._counts[member.id, place.id] = min(seeded, by_others)

    def add(self, post: Post) -> None:
        """Take in a new message; nobody's own messages are unread."""
        if _counts(post):
            for member in post.place.members:
                if member is not post.author:
                    self._counts[member.id, post.place.id] += 1

    def of(self, person: Person, place: Place) -> int:
        """`unread` of the person's subscription."""
        return self._counts[person.id, place.id]


def _counts(post: Post) -> bool:
    """System messages and replies in threads do not make a room unread."""
    return not post.system and post.thread_id is None
