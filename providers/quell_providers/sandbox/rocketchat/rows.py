"""What Rocket.Chat's database would hold of each post: threads, and what a deletion left behind."""

import hashlib
from collections import defaultdict
from enum import Enum

from quell_providers.sandbox.rocketchat.wire import milliseconds
from quell_providers.sandbox.world import Place, Post, World


class Fate(Enum):
    """What a deletion left of a message."""

    REMOVED = "the row is gone"
    HIDDEN = "the row is kept, but shown to nobody"
    PLACEHOLDER = "the row is kept as a message of type rm without text"


class Rows:
    """The messages of every room as the database holds them.

    The settings as they stand when a message is deleted decide what is left of it, so that is remembered here.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._fates: dict[str, Fate] = {}
        self._replies: defaultdict[str, list[Post]] = defaultdict(list)
        self._changed: dict[str, float] = {}

    def load(self) -> None:
        """Take in what was posted and deleted so far; what deletions left stays as it was already known."""
        self._replies.clear()
        posts = [post for place in self._world.places_of("rocketchat") for post in self._world.posts_in(place.id)]
        for post in posts:
            self.add(post)
        for post in posts:
            self.touch(post)
            if post.deleted_at is not None and post.id not in self._fates:
                self.delete(post)

    def add(self, post: Post) -> None:
        """Take in a new message."""
        if post.thread_id is not None:
            self._replies[post.thread_id].append(post)

    def touch(self, post: Post) -> None:
        """Take in that a message is new, or not what it was."""
        changed = max(post.sent_at, post.edited_at or 0.0, post.deleted_at or 0.0)
        self._changed[post.place.id] = max(changed, self.changed_at(post.place))

    def changed_at(self, place: Place) -> float:
        """When anything in the room last changed, Unix seconds."""
        return self._changed.get(place.id, place.created_at)

    def delete(self, post: Post) -> Fate:
        """Carry a deletion out. A message that starts a thread always leaves a placeholder."""
        settings = self._world.settings
        if settings["Message_ShowDeletedStatus"] or self.reply_count(post) > 0:
            fate = Fate.PLACEHOLDER
        else:
            fate = Fate.HIDDEN if settings["Message_KeepHistory"] else Fate.REMOVED
        self._fates[post.id] = fate
        return fate

    def fate(self, post: Post) -> Fate | None:
        """What is left of the message; `None`: it was not deleted."""
        return self._fates.get(post.id)

    def find(self, message_id: str) -> Post | None:
        """The message whose row exists, hidden ones too."""
        post = self._world.find_post(message_id)
        return post if post is not None and self._exists(post) else None

    def find_by_file(self, wanted: str) -> Post | None:
        """The message that a file belongs to."""
        for place in self._world.places_of("rocketchat"):
            for post in self._world.posts_in(place.id):
                if wanted in file_ids(post) and self._exists(post):
                    return post
        return None

    def visible(self, place: Place) -> list[Post]:
        """Messages that a room shows, placeholders too, newest first."""
        gone = (Fate.REMOVED, Fate.HIDDEN)
        shown = [post for post in self._world.posts_in(place.id) if self._fates.get(post.id) not in gone]
        return sorted(shown, key=lambda post: milliseconds(post.sent_at))[::-1]

    def removed(self, place: Place) -> list[Post]:
        """Messages whose row is gone, newest first."""
        posts = self._world.posts_in(place.id)
        return [post for post in reversed(posts) if self._fates.get(post.id) is Fate.REMOVED]

    def replies(self, post: Post) -> list[Post]:
        """Every reply in the thread that the message starts, deleted ones too, oldest first."""
        return self._replies.get(post.id, [])

    def reply_count(self, post: Post) -> int:
        """`tcount`: replies that were not deleted."""
        return sum(reply.deleted_at is None for reply in self.replies(post))

    def updated_at(self, post: Post) -> float:
        """`_updatedAt`, Unix seconds: when the message, its thread or its existence last changed."""
        replies = [reply.deleted_at or reply.sent_at for reply in self.replies(post)]
        return max(post.sent_at, post.edited_at or 0.0, post.deleted_at or 0.0, *replies)

    def _exists(self, post: Post) -> bool:
        return post.place.service == "rocketchat" and self._fates.get(post.id) is not Fate.REMOVED


def file_ids(post: Post) -> list[str]:
    """The ids of a message's files, in order."""
    return [_digest(f"{post.id}/{number}")[:24] for number in range(len(post.files))]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
