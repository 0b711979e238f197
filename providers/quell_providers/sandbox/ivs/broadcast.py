"""Turns what happens in the world into frames: one copy to everybody in the room, one to the chat logs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from quell_providers.sandbox.ivs import frames, names
from quell_providers.sandbox.ivs.audience import Audience
from quell_providers.sandbox.ivs.chatlog import ChatLogs
from quell_providers.sandbox.ivs.rooms import Rooms
from quell_providers.sandbox.world import Happening, Person, Place, Post, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client's request adds to the frame that it causes."""

    operation_id: str = ""
    """Id of the message or event."""
    request_id: str = ""
    """What a socket's client calls its request; empty on the control plane."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    sender_attributes: Mapping[str, str] = field(default_factory=dict)


class Broadcast:
    """Listens to the world on behalf of every IVS room.

    Whatever is already in the world is recorded as if it had been broadcast when it happened.
    """

    def __init__(self, world: World, rooms: Rooms, audience: Audience, chat_logs: ChatLogs) -> None:
        self._world = world
        self._rooms = rooms
        self._audience = audience
        self._chat_logs = chat_logs
        self._request: Request | None = None
        for place in world.places_of("ivs"):
            for post in world.posts_in(place.id):
                self._record_past(post)
        self._deafen: Callable[[], None] | None = world.listen(self._hear)

    def close(self) -> None:
        """Listen no more."""
        if self._deafen:
            self._deafen()
            self._deafen = None

    def write(self, place: Place, author: Person, text: str, request: Request) -> None:
        """Post a message that a client sent."""
        self._request = request
        try:
            self._world.post(place, author, text, post_id=request.operation_id or None)
        finally:
            self._request = None

    def delete(self, place: Place, message_id: str, *, by: str, reason: str | None, request_id: str = "") -> str:
        """Send a delete event, and return its id.

        The service does not look whether the room ever had such a message: the event is sent all the same.
        """
        operation_id = self._world.new_id("ivs")
        post = self._world.find_post(message_id)
        if post is None or post.place is not place:
            at = self._world.clock.now()
            self._publish(place, frames.deletion(operation_id, message_id, reason, at=at, request_id=request_id), at)
            return operation_id
        self._request = Request(operation_id=operation_id, request_id=request_id)
        try:
            self._world.delete(post, by=by, reason=reason)
        finally:
            self._request = None
        return operation_id

    def disconnect(self, place: Place, user_id: str, *, reason: str | None, request_id: str = "") -> None:
        """Tell the room that a user is sent out, then close all the user's connections to it."""
        at = self._world.clock.now()
        event_id = self._world.new_id("ivs")
        self._publish(place, frames.disconnection(event_id, user_id, reason, at=at, request_id=request_id), at)
        self._audience.send_out(place, user_id)

    def event(self, place: Place, name: str, attributes: Mapping[str, str]) -> str:
        """Send an application's own event, and return its id."""
        at = self._world.clock.now()
        event_id = self._world.new_id("ivs")
        self._publish(place, frames.event(event_id, name, attributes, at=at), at)
        return event_id

    def _hear(self, happening: Happening) -> None:
        post = happening.post
        if post.place.service != "ivs" or not self._rooms.exists(post.place):
            return
        if happening.kind == "posted":
            self._publish(post.place, self._message(post, self._request), post.sent_at)
        elif happening.kind == "deleted":
            request = self._request or Request(operation_id=self._world.new_id("ivs"))
            at = self._world.clock.now()
            frame = frames.deletion(
                request.operation_id, post.id, post.deletion_reason, at=at, request_id=request.request_id
            )
            self._publish(post.place, frame, at)

    def _message(self, post: Post, request: Request | None) -> frames.Frame:
        if request is not None:
            return frames.message(
                post,
                request_id=request.request_id,
                attributes=request.attributes,
                sender_attributes=request.sender_attributes,
            )
        attributes, sender_attributes = frames.introduction(post.author)
        return frames.message(post, request_id="", attributes=attributes, sender_attributes=sender_attributes)

    def _publish(self, place: Place, frame: frames.Frame, at: float) -> None:
        outgoing = frames.outgoing(frame, place.id)
        for group in self._rooms.log_groups(place):
            self._chat_logs.record(group, names.log_stream(place), str(frame["Type"]), outgoing.payload, at)
        self._audience.tell(place, outgoing)

    def _record_past(self, post: Post) -> None:
        groups, stream = self._rooms.log_groups(post.place), names.log_stream(post.place)
        past = [(self._message(post, None), post.sent_at)]
        if post.deleted_at is not None:
            event_id = self._world.new_id("ivs")
            frame = frames.deletion(event_id, post.id, post.deletion_reason, at=post.deleted_at)
            past.append((frame, post.deleted_at))
        for group in groups:
            for frame, at in past:
                payload = frames.outgoing(frame, post.place.id).payload
                self._chat_logs.record_past(group, stream, str(frame["Type"]), payload, at)
