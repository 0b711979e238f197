"""What clients are told of what happens in the world."""

from collections.abc import Collection

from quell_providers.sandbox.rocketchat import streams
from quell_providers.sandbox.rocketchat.documents import message, subscription
from quell_providers.sandbox.rocketchat.places import is_member, room_type
from quell_providers.sandbox.rocketchat.rows import Fate
from quell_providers.sandbox.rocketchat.session import Session
from quell_providers.sandbox.rocketchat.wire import Document
from quell_providers.sandbox.rocketchat.workspace import Workspace
from quell_providers.sandbox.world import Happening, Place, Post


class Events:
    """Keeps the workspace in step with the world and tells every session that wants to know.

    Args:
        workspace: What to keep in step.
        sessions: The open sockets, as they are at any time.
    """

    def __init__(self, workspace: Workspace, sessions: Collection[Session]) -> None:
        self._workspace = workspace
        self._sessions = sessions

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
        self._workspace.unread.add(post)
        self._changed(post)
        parent = self._parent(post)
        if parent is not None:
            self._changed(parent)
        self._subscriptions_changed(post.place)

    def _deleted(self, post: Post) -> None:
        """A row that is gone or hidden is told of by its id, a placeholder as a changed message, never both."""
        rows = self._workspace.rows
        if rows.fate(post) is Fate.REMOVED:
            return
        if rows.delete(post) is Fate.PLACEHOLDER:
            self._changed(post)
        else:
            self._tell(streams.ROOM, f"{post.place.id}/deleteMessage", {"_id": post.id})
        parent = self._parent(post)
        if parent is not None and rows.reply_count(parent) == 0:
            self._changed(parent)

    def _parent(self, post: Post) -> Post | None:
        """The message that starts the thread of this one."""
        return self._workspace.rows.find(post.thread_id) if post.thread_id is not None else None

    def _changed(self, post: Post) -> None:
        """A new message and a changed one look the same; hidden and removed ones are not told of."""
        if self._workspace.rows.fate(post) in (Fate.HIDDEN, Fate.REMOVED):
            return
        document = message(self._workspace, post)
        self._tell(streams.MESSAGES, post.place.id, document)
        for session in self._sessions:
            if session.hears(streams.MESSAGES, streams.MY_MESSAGES):
                self._tell_of_my_messages(session, post.place, document)

    def _tell_of_my_messages(self, session: Session, place: Place, document: Document) -> None:
        person = session.person
        if person is None or not self._workspace.permissions.can_access(person, place):
            return
        about = {"roomParticipant": is_member(place, person), "roomType": room_type(place), "roomName": place.name}
        session.tell(streams.MESSAGES, streams.MY_MESSAGES, document, about)

    def _subscriptions_changed(self, place: Place) -> None:
        """Every member's unread count may be another."""
        for session in self._sessions:
            person = session.person
            if person is None or not is_member(place, person):
                continue
            event = f"{person.id}/subscriptions-changed"
            if session.hears(streams.USER, event):
                session.tell(streams.USER, event, "updated", subscription(self._workspace, person, place))

    def _tell(self, stream: str, event: str, *args: object) -> None:
        for session in self._sessions:
            session.tell(stream, event, *args)
