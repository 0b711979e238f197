"""What Rocket.Chat's database would hold of each post: threads, and what a deletion left behind."""

import hashlib
from collections import Counter, defaultdict
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
        self._posts: defaultdict[str, list[Post]] = defaultdict(list)
        self._shown: Counter[str] = Counter()
        self._changed: dict[str, float] = {}

    def load(self) -> None:
        """Take in what was posted and deleted so far; what deletions left stays as it was already known."""
        self._replies.clear()
        self._posts.clear()
        self._shown.clear()
        posts = [post for place in self._world.places_of("rocketchat") for post in self._world.posts_in(place.id)]
        for post in posts:
            self.add(post)
        for post in posts:
            self.touch(post)
            if post.id in self._fates:
                self._shown[post.place.id] -= self._fates[post.id] is not Fate.PLACEHOLDER
            elif post.deleted_at is not None:
                self.delete(post)

    def add(self, post: Post) -> None:
        """Take in a new message."""
        self._posts[post.place.id].append(post)
        self._shown[post.place.id] += 1
        if post.thread_id is not None:
            self._replies[post.thread_id].append(post)

    def touch(self, post: Post) -> None:
        """Take in that a message is new, or not what it was."""
        changed = max(post.sent_at, post.edited_at or 0.0, post.deleted_at or 0.0)
        self._changed[post.place.id] = max(changed, self.changed_at(post.place))

    def touch_place(self, place: Place) -> None:
        """Take in that a room or who is in it is not what it was."""
        self._changed[place.id] = self._world.clock.now()

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
        self._settle(post, fate)
        return fate

    def prune(self, post: Post) -> None:
        """Let a row be gone whatever the settings say (`rooms.cleanHistory`)."""
        self._settle(post, Fate.REMOVED)

    def _settle(self, post: Post, fate: Fate) -> None:
        was_shown = self.is_shown(post)
        self._fates[post.id] = fate
        self._shown[post.place.id] -= was_shown and fate is not Fate.PLACEHOLDER

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
            for post in self._posts[place.id]:
                if wanted in file_ids(post) and self._exists(post):
                    return post
        return None

    def is_shown(self, post: Post) -> bool:
        """Whether a room shows the message, be it as a placeholder."""
        return self._fates.get(post.id) not in (Fate.REMOVED, Fate.HIDDEN)

    def visible(self, place: Place) -> list[Post]:
        """Messages that a room shows, placeholders too, newest first."""
        shown = [post for post in self._posts[place.id] if self.is_shown(post)]
        return sorted(shown, key=lambda post: milliseconds(post.sent_at))[::-1]

    def count(self, place: Place) -> int:
        """How many messages a room shows, placeholders too."""
        return self._shown[place.id]

    def last(self, place: Place) -> Post | None:
        """The newest message that somebody wrote and nobody deleted."""
        posts = reversed(self._posts[place.id])
        return next((post for post in posts if not post.system and post.deleted_at is None), None)

    def removed(self, place: Place) -> list[Post]:
        """Messages whose row is gone, newest first."""
        posts = self._posts[place.id]
        return [post for post in reversed(posts) if self._fates.get(post.id) is Fate.REMOVED]

    def replies(self, post: Post) -> list[Post]:
        """Every reply in the thread that the message starts, deleted ones too, oldest first."""
        return self._replies.get(post.id, [])

    def followers(self, reply: Post) -> list[str]:
        """Ids of those who follow the thread that a reply is in: who began it, and who answered."""
        parent = self.find(reply.thread_id) if reply.thread_id is not None else None
        answered = [post.author.id for post in self._replies.get(reply.thread_id or "", ())]
        return list(dict.fromkeys(([parent.author.id] if parent else []) + answered))

    def reply_count(self, post: Post) -> int:
        """`tcount`: replies that were not deleted."""
        return sum(reply.deleted_at is None for reply in self.replies(post))

    def updated_at(self, post: Post) -> float:
        """`_updatedAt`, Unix seconds: when the message, its thread or its existence last changed."""
        replies = [reply.deleted_at or reply.sent_at for reply in self.replies(post)]
        return max(post.sent_at, post.edited_at or 0.0, post.deleted_at or 0.0, *replies)

    def _exists(self, post: Post) -> bool:
        return (
            post.place.service == "rocketchat"
            and post.place.id in self._world.places
            and self._fates.get(post.id) is not Fate.REMOVED
        )


def file_ids(post: Post) -> list[str]:
    """The ids of a message's files, in order."""
    return [_digest(f"{post.id}/{number}")[:24] for number in range(len(post.files))]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
