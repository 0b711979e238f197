"""Turns what happens in the world into frames: one copy to everybody in the room, one to the chat log."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from quell_providers.sandbox.ivs import frames
from quell_providers.sandbox.ivs.chatlog import ChatLog
from quell_providers.sandbox.world import Happening, Person, Place, Post, World

Receiver = Callable[[str], None]
"""Takes one encoded frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client's request adds to the frame that it causes."""

    operation_id: str = ""
    """Id of the event, and of the answer to DeleteMessage."""
    request_id: str = ""
    """What a socket's client calls its request; empty on the control plane."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    sender_attributes: Mapping[str, str] = field(default_factory=dict)


class Broadcast:
    """Listens to the world on behalf of every IVS room.

    Whatever is already in the world is recorded as if it had been broadcast when it happened.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._receivers: dict[str, set[Receiver]] = defaultdict(set)
        self._logs: dict[str, ChatLog] = defaultdict(ChatLog)
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

    def log_of(self, place: Place) -> ChatLog:
        """What was logged of a room."""
        return self._logs[place.id]

    def join(self, place: Place, receiver: Receiver) -> Callable[[], None]:
        """Hand every frame of a room to a receiver. Returns a function that ends it."""
        self._receivers[place.id].add(receiver)
        return lambda: self._receivers[place.id].discard(receiver)

    def write(self, place: Place, author: Person, text: str, request: Request) -> None:
        """Post a message that a client sent."""
        self._request = request
        try:
            self._world.post(place, author, text)
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
            frame = frames.deletion(operation_id, message_id, reason, at=at, request_id=request_id)
            self._publish(place, frame, at)
            return operation_id
        self._request = Request(operation_id=operation_id, request_id=request_id)
        try:
            self._world.delete(post, by=by, reason=reason)
        finally:
            self._request = None
        return operation_id

    def _hear(self, happening: Happening) -> None:
        post = happening.post
        if post.place.service != "ivs":
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
        self._logs[place.id].append(frame, at)
        receivers = self._receivers[place.id]
        if receivers:
            encoded = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
            for receiver in tuple(receivers):
                receiver(encoded)

    def _record_past(self, post: Post) -> None:
        log = self._logs[post.place.id]
        log.append(self._message(post, None), post.sent_at)
        if post.deleted_at is not None:
            event_id = self._world.new_id("ivs")
            frame = frames.deletion(event_id, post.id, post.deletion_reason, at=post.deleted_at)
            log.append(frame, post.deleted_at)
