"""What clients are told of messages."""

import asyncio

from quell_providers.sandbox.rocketchat import streams
from quell_providers.sandbox.rocketchat.announce import room_changed, subscription_changed
from quell_providers.sandbox.rocketchat.documents import message
from quell_providers.sandbox.rocketchat.places import is_member, room_type
from quell_providers.sandbox.rocketchat.rows import Fate
from quell_providers.sandbox.rocketchat.wire import Document
from quell_providers.sandbox.rocketchat.workspace import Workspace
from quell_providers.sandbox.world import Happening, Place, Post


class Events:
    """Keeps a workspace in step with the world and tells every socket that wants to know."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._hub = workspace.hub
        self._stirred: dict[str, Place] = {}

    def observe(self, happening: Happening) -> None:
        """Take one change of the world in, and tell of it."""
        post = happening.post
        if post.place.service != "rocketchat":
            return
        self._workspace.rows.touch(post)
        match happening.kind:
            case "posted":
                self._posted(post)
            case "edited":
                self._changed(post)
            case "deleted":
                self._deleted(post)

    def _posted(self, post: Post) -> None:
        self._workspace.rows.add(post)
        self._workspace.unread.add(post, self._workspace.rows.followers(post))
        self._changed(post)
        parent = self._parent(post)
        if parent is not None:
            self._changed(parent)
        self._stir(post.place)

    def _deleted(self, post: Post) -> None:
        """A row that is gone or hidden is told of by its id, a placeholder as a changed message, never both."""
        rows = self._workspace.rows
        if rows.fate(post) is Fate.REMOVED:
            return
        if rows.delete(post) is Fate.PLACEHOLDER:
            self._changed(post)
        else:
            self._hub.tell(streams.ROOM, f"{post.place.id}/deleteMessage", {"_id": post.id})
        parent = self._parent(post)
        if parent is not None and rows.reply_count(parent) == 0:
            self._changed(parent)
        room_changed(self._workspace, post.place)
        if self._workspace.unread.forget(post):
            self._subscriptions_changed(post.place)

    def _parent(self, post: Post) -> Post | None:
        """The message that starts the thread of this one."""
        return self._workspace.rows.find(post.thread_id) if post.thread_id is not None else None

    def _changed(self, post: Post) -> None:
        """A new message and a changed one look the same; hidden and removed ones are not told of."""
        if self._workspace.rows.fate(post) in (Fate.HIDDEN, Fate.REMOVED):
            return
        document = message(self._workspace, post)
        self._hub.tell(streams.MESSAGES, post.place.id, document)
        self._tell_of_my_messages(post.place, document)

    def _tell_of_my_messages(self, place: Place, document: Document) -> None:
        for listener in self._hub.listening(streams.MESSAGES, streams.MY_MESSAGES):
            person = listener.person
            if person is not None and self._workspace.permissions.can_access(person, place):
                about: Document = {
                    "roomParticipant": is_member(place, person),
                    "roomType": room_type(place),
                    "roomName": place.name,
                }
                self._hub.tell_these([listener], streams.MESSAGES, streams.MY_MESSAGES, document, about)

    def _stir(self, place: Place) -> None:
        """Members hear of a room and of their side of it, once for all that happens in one turn of the event loop."""
        if self._hub.is_heard:
            if not self._stirred:
                asyncio.get_running_loop().call_soon(self._tell_of_stirred)
            self._stirred[place.id] = place

    def _tell_of_stirred(self) -> None:
        for place in self._stirred.values():
            room_changed(self._workspace, place)
            self._subscriptions_changed(place)
        self._stirred.clear()

    def _subscriptions_changed(self, place: Place) -> None:
        """Every member's unread count may be another."""
        for member in place.members:
            subscription_changed(self._workspace, member, place)
