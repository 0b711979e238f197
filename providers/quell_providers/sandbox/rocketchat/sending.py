"""Writing and changing messages: `chat.postMessage`, `chat.sendMessage`, `chat.update`."""

from quell_providers.sandbox.rocketchat import membership
from quell_providers.sandbox.rocketchat.documents import message
from quell_providers.sandbox.rocketchat.errors import AnswerError, MeteorError, failure
from quell_providers.sandbox.rocketchat.places import is_member, room_type
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.rules import check_editable
from quell_providers.sandbox.rocketchat.shapes import Shape, one_of
from quell_providers.sandbox.rocketchat.values import (
    Check,
    blank_as_null,
    boolean,
    either,
    flag,
    listing,
    mapping,
    nullable,
    text,
)
from quell_providers.sandbox.rocketchat.versions import Feature, Version
from quell_providers.sandbox.rocketchat.wire import Document, milliseconds
from quell_providers.sandbox.world import Person, Place, Post

_SEND_LIMIT = (5, 1.0)
_SHOWN_AS_SENT = ("alias", "emoji", "avatar", "tshow", "customFields", "blocks")


def routes(version: Version) -> tuple[Route, ...]:
    """The routes as this version has them."""
    limit = _SEND_LIMIT if version.has(Feature.TYPED_ROUTES) else None
    return (
        Route("POST", "/api/v1/chat.postMessage", _post, _POST),
        Route("POST", "/api/v1/chat.sendMessage", _send, _SEND, limit=limit, unlimited_for="send-many-messages"),
        Route("POST", "/api/v1/chat.update", _update, _UPDATE if version.has(Feature.TYPED_ROUTES) else _TEXT_UPDATE),
    )


def check_writable(call: Call, place: Place) -> None:
    """Raise unless the caller may write in the room.

    Raises:
        AnswerError: Muted, or the room is read-only.
        MeteorError: The room is archived, or not there for the caller.
    """
    person, permissions = call.person, call.workspace.permissions
    if not permissions.can_access(person, place) or place.archived:
        raise MeteorError("error-not-allowed", "Not allowed")
    if person.username in place.muted:
        raise failure("You_have_been_muted")
    may_write = permissions.has(person, "post-readonly", place) or person.username in place.unmuted
    if place.read_only and not may_write:
        raise failure("You can't send messages because the room is readonly.")


def _post(call: Call) -> Document:
    """`POST chat.postMessage` to a room by `roomId`, or by `channel`: a name, `#name`, `@username` or an id."""
    params = call.params
    targets = params.get("roomId", params.get("channel"))
    sent: Post | None = None
    channel = ""
    for target in targets if isinstance(targets, list) else [targets]:
        place = _target(call, str(target))
        sent, channel = _write(call, place, {**params, "msg": params.get("text")}), str(target)
    if sent is None:
        raise failure("unknown-error")
    return {
        "ts": milliseconds(call.workspace.world.clock.now()),
        "channel": channel,
        "message": message(call.workspace, sent),
    }


def _target(call: Call, name: str) -> Place:
    """The room that a post goes to; the sender joins a public one, and a direct room opens where there is none."""
    workspace = call.workspace
    if "roomId" in call.params:
        place = workspace.place(name)
    elif name.startswith("@"):
        place = _direct_room(call, workspace.accounts.named(name[1:]))
    else:
        place = workspace.place_named(name.removeprefix("#")) or workspace.place(name)
    if place is None or not workspace.permissions.can_access(call.person, place):
        raise MeteorError("invalid-channel")
    if room_type(place) == "c" and not is_member(place, call.person):
        membership.join(workspace, place, call.person)
    return place


def _direct_room(call: Call, partner: Person | None) -> Place | None:
    return membership.direct_room(call.workspace, [call.person, partner]) if partner is not None else None


def _send(call: Call) -> Document:
    """`POST chat.sendMessage` with `{message: {rid, msg, _id, tmid, …}}`."""
    given = call.params["message"]
    assert isinstance(given, dict)
    if given.get("t"):
        raise failure("Cannot send system messages using 'chat.sendMessage'")
    place = call.workspace.place(given.get("rid"))
    if place is None:
        raise MeteorError("error-invalid-room", "Invalid room")
    return {"message": message(call.workspace, _write(call, place, given))}


def _write(call: Call, place: Place, given: Document) -> Post:
    check_writable(call, place)
    words = str(given.get("msg") or "")
    attachments = given.get("attachments")
    cards = [card for card in attachments if isinstance(card, dict)] if isinstance(attachments, list) else []
    most = call.workspace.settings.number("Message_MaxAllowedSize")
    if any(len(str(part)) > most for part in (words, *(card.get("text") or "" for card in cards))):
        raise failure("error-message-size-exceeded")
    if "alias" in given and not call.workspace.permissions.has(call.person, "message-impersonate", place):
        raise MeteorError("error-not-authorized", "You are not authorized to impersonate")
    return call.workspace.world.post(
        place,
        call.person,
        words,
        thread_id=_thread(call, place, given.get("tmid")),
        attachments=tuple(cards),
        extras={key: given[key] for key in _SHOWN_AS_SENT if given.get(key) is not None},
        post_id=_fresh_id(call, given.get("_id")),
    )


def _thread(call: Call, place: Place, wanted: object) -> str | None:
    """The message that an answer belongs to. Raises `MeteorError` where it is in another room, or nowhere."""
    if not wanted:
        return None
    parent = call.workspace.rows.find(str(wanted))
    if parent is None or parent.place is not place:
        raise MeteorError("error-invalid-message", "Invalid message")
    return parent.thread_id or parent.id


def _fresh_id(call: Call, wanted: object) -> str | None:
    if wanted and call.workspace.world.find_post(str(wanted)) is not None:
        raise AnswerError(400, {"error": f'Message with the id "{wanted}" already exists'})
    return str(wanted) if wanted else None


def _update(call: Call) -> Document:
    """`POST chat.update` with `{roomId, msgId, text}`."""
    message_id = str(call.params["msgId"])
    post = call.workspace.rows.find(message_id)
    if post is None:
        raise failure(f'No message found with the id of "{message_id}".')
    if call.params["roomId"] != post.place.id:
        raise failure("The room id provided does not match where the message is from.")
    if "content" in call.params and not post.place.encrypted:
        raise failure("Only encrypted messages can have content updated.")
    check_editable(call.workspace, call.person, post)
    call.workspace.world.edit(post, str(call.params.get("text", post.text)))
    return {"message": message(call.workspace, post)}


_TARGETS = either(text, listing(text))
_CARDS = blank_as_null(listing(mapping))
_HEAD: dict[str, Check] = {
    "text": nullable(text),
    "alias": nullable(text),
    "emoji": nullable(text),
    "avatar": nullable(text),
    "attachments": _CARDS,
}
_TAIL: dict[str, Check] = {"customFields": blank_as_null(mapping), "parseUrls": boolean}
_POST = one_of(
    Shape({"roomId": _TARGETS, **_HEAD, "tmid": text, **_TAIL}, ("roomId",)),
    Shape({"channel": _TARGETS, **_HEAD, **_TAIL}, ("channel",)),
)
_MESSAGE = Shape(
    {
        "_id": nullable(text),
        "rid": text,
        "tmid": nullable(text),
        "msg": nullable(text),
        "alias": nullable(text),
        "emoji": nullable(text),
        "tshow": flag,
        "avatar": nullable(text),
        "attachments": _CARDS,
        "blocks": _CARDS,
        "customFields": blank_as_null(mapping),
    },
    open=True,
)
_SEND = Shape({"message": _MESSAGE, "previewUrls": blank_as_null(listing(text))}, ("message",))
_EDITED: dict[str, Check] = {"roomId": text, "msgId": text}
_TEXT_UPDATE = Shape(
    {**_EDITED, "text": text, "previewUrls": blank_as_null(listing(text)), "customFields": blank_as_null(mapping)},
    ("roomId", "msgId", "text"),
)
_UPDATE = one_of(
    _TEXT_UPDATE,
    Shape({**_EDITED, "content": mapping, "e2eMentions": blank_as_null(mapping)}, ("roomId", "msgId", "content")),
)
