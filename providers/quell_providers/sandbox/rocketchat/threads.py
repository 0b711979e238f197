"""Threads: `chat.getThreadsList`, `chat.getThreadMessages`, `chat.syncThreadMessages`."""

from quell_providers.sandbox.rocketchat.documents import message
from quell_providers.sandbox.rocketchat.errors import MeteorError
from quell_providers.sandbox.rocketchat.paging import PAGE, page
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.shapes import Shape
from quell_providers.sandbox.rocketchat.values import choice, filled, iso_date_time, nullable, text
from quell_providers.sandbox.rocketchat.wire import Document, milliseconds, parse_time
from quell_providers.sandbox.world import Post


def _list(call: Call) -> Document:
    """`GET chat.getThreadsList`: messages that start a thread, the one with the newest answer first."""
    _check_enabled(call)
    workspace, params = call.workspace, call.params
    place = workspace.place(params["rid"])
    if place is None or not workspace.permissions.can_access(call.person, place):
        raise MeteorError("error-not-allowed", "Not Allowed")
    wanted = str(params.get("text") or "").lower()
    unread = workspace.unread.threads(call.person, place)
    found = [
        post
        for post in workspace.rows.visible(place)
        if workspace.rows.replies(post)
        and wanted in post.text.lower()
        and (params.get("type") != "unread" or post.id in unread)
        and (params.get("type") != "following" or call.person.id in _followers(call, post))
    ]
    found.sort(key=lambda post: max(reply.sent_at for reply in workspace.rows.replies(post)), reverse=True)
    return page(call, "threads", found, lambda post: message(workspace, post))


def _messages(call: Call) -> Document:
    """`GET chat.getThreadMessages`: the answers of one thread, oldest first."""
    replies = [reply for reply in _replies(call) if call.workspace.rows.is_shown(reply)]
    return page(call, "messages", replies, lambda post: message(call.workspace, post))


def _sync(call: Call) -> Document:
    """`GET chat.syncThreadMessages`: the answers that changed, and the ids of those that went."""
    since = milliseconds(parse_time(str(call.params["updatedSince"])))
    rows = call.workspace.rows
    changed = [reply for reply in _replies(call) if milliseconds(rows.updated_at(reply)) > since]
    update = [message(call.workspace, reply) for reply in changed if rows.is_shown(reply)]
    remove = [{"_id": reply.id} for reply in changed if reply in rows.removed(reply.place)]
    return {"messages": {"update": update, "remove": remove}}


def _replies(call: Call) -> list[Post]:
    _check_enabled(call)
    parent = call.workspace.rows.find(str(call.params["tmid"]))
    if parent is None:
        raise MeteorError("error-invalid-message", "Invalid Message")
    if not call.workspace.permissions.can_access(call.person, parent.place):
        raise MeteorError("error-not-allowed", "Not Allowed")
    return call.workspace.rows.replies(parent)


def _check_enabled(call: Call) -> None:
    if not call.workspace.settings.is_on("Threads_enabled"):
        raise MeteorError("error-not-allowed", "Threads Disabled")


def _followers(call: Call, post: Post) -> list[str]:
    answered = [reply.author.id for reply in call.workspace.rows.replies(post)]
    return [post.author.id, *answered]


_QUERY = {**PAGE, "query": nullable(text), "fields": nullable(text)}

ROUTES = (
    Route(
        "GET",
        "/api/v1/chat.getThreadsList",
        _list,
        Shape(
            {"rid": text, "type": nullable(choice("following", "unread")), "text": nullable(text), **_QUERY}, ("rid",)
        ),
    ),
    Route(
        "GET",
        "/api/v1/chat.getThreadMessages",
        _messages,
        Shape({"tmid": filled, "aroundId": nullable(filled), **PAGE}, ("tmid",)),
    ),
    Route(
        "GET",
        "/api/v1/chat.syncThreadMessages",
        _sync,
        Shape({"tmid": filled, "updatedSince": iso_date_time, **PAGE}, ("tmid", "updatedSince")),
    ),
)
