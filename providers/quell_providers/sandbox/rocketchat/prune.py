"""Emptying a room: `rooms.cleanHistory`."""

from quell_providers.sandbox.rocketchat import announce, membership
from quell_providers.sandbox.rocketchat.errors import MeteorError
from quell_providers.sandbox.rocketchat.reading import existing_room
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.shapes import Shape
from quell_providers.sandbox.rocketchat.values import boolean, listing, number, text
from quell_providers.sandbox.rocketchat.wire import Document, instant, milliseconds, parse_time
from quell_providers.sandbox.world import Place, Post

_REMOVED_FILE: Document = {"type": "removed-file", "color": "#FD745E", "text": "_File removed by prune_"}
_FILE_BATCH = 1000


def _clean(call: Call) -> Document:
    """`POST rooms.cleanHistory`: flags that are left out are off, so that threads, pinned messages and whole
    discussions go too. What goes leaves no placeholder, whatever the settings say.
    """
    place = existing_room(call)
    if place.archived:
        raise MeteorError("error-room-archived", f"The channel, {place.name}, is archived")
    if not call.workspace.permissions.can_access(call.person, place):
        raise MeteorError("error-not-allowed", "User does not have access to the room")
    if not call.workspace.permissions.has(call.person, "clean-channel-history", place):
        raise MeteorError("error-not-allowed", "Not allowed")
    posts = _chosen(call, place)
    if call.params.get("filesOnly"):
        return {"_id": place.id, "count": _remove_files(call, place, posts)}
    if not call.params.get("ignoreDiscussion"):
        _close_discussions(call, posts)
    for post in posts:
        call.workspace.rows.prune(post)
        call.workspace.unread.forget(post)
        call.workspace.world.delete(post, by=call.person.id)
    if posts:
        announce.room_changed(call.workspace, place)
        limited = {"ids": [post.id for post in posts]} if call.params.get("limit") else {}
        announce.deleted_in_bulk(call.workspace, place, {**_criteria(call), **limited})
    return {"_id": place.id, "count": len(posts)}


def _chosen(call: Call, place: Place) -> list[Post]:
    """What the criteria fit, the oldest first: in time, by the users, and none of what is spared."""
    params, rows = call.params, call.workspace.rows
    oldest, latest = (milliseconds(_time(params[name])) for name in ("oldest", "latest"))
    inclusive, users = bool(params.get("inclusive")), _users(call)

    def is_meant(post: Post) -> bool:
        sent = milliseconds(post.sent_at)
        return (
            (oldest <= sent <= latest if inclusive else oldest < sent < latest)
            and post.deleted_at is None
            and (not users or post.author.username in users)
            and not (params.get("excludePinned") and post.pinned)
            and not (params.get("ignoreDiscussion") and post.discussion_id is not None)
            and not (params.get("ignoreThreads") and (post.thread_id is not None or rows.replies(post)))
            and not (params.get("filesOnly") and not post.files)
        )

    found = [post for post in reversed(rows.visible(place)) if is_meant(post)]
    limit = params.get("limit")
    return found[:limit] if isinstance(limit, int) and limit > 0 else found


def _remove_files(call: Call, place: Place, posts: list[Post]) -> int:
    """Put a note where each file was; messages and their other attachments stay."""
    note = {key: value for key, value in _REMOVED_FILE.items() if key != "type"}
    for post in posts:
        post.attachments = (*post.attachments, *[note] * len(post.files))
        post.files = ()
    for start in range(0, len(posts), _FILE_BATCH):
        ids = [post.id for post in posts[start : start + _FILE_BATCH]]
        replaced = {"ids": ids, "filesOnly": True, "replaceFileAttachmentsWith": _REMOVED_FILE}
        announce.deleted_in_bulk(call.workspace, place, {**_criteria(call), **replaced})
    return len(posts)


def _close_discussions(call: Call, posts: list[Post]) -> None:
    for post in posts:
        discussion = call.workspace.place(post.discussion_id)
        if discussion is not None:
            membership.close_room(call.workspace, discussion)


def _criteria(call: Call) -> Document:
    """What `deleteMessageBulk` tells, for clients to find the messages by."""
    params = call.params
    inclusive = bool(params.get("inclusive"))
    return {
        "excludePinned": bool(params.get("excludePinned")),
        "ignoreDiscussion": bool(params.get("ignoreDiscussion")),
        "ts": {
            "$gte" if inclusive else "$gt": instant(_time(params["oldest"])),
            "$lte" if inclusive else "$lt": instant(_time(params["latest"])),
        },
        "users": _users(call),
    }


def _users(call: Call) -> list[str]:
    users = call.params.get("users")
    return [str(name) for name in users if name] if isinstance(users, list) else []


def _time(value: object) -> float:
    try:
        return parse_time(str(value))
    except ValueError:
        raise MeteorError("error-invalid-date", "Invalid date") from None


ROUTES = (
    Route(
        "POST",
        "/api/v1/rooms.cleanHistory",
        _clean,
        Shape(
            {
                "roomId": text,
                "latest": text,
                "oldest": text,
                "inclusive": boolean,
                "excludePinned": boolean,
                "filesOnly": boolean,
                "users": listing(text),
                "limit": number,
                "ignoreDiscussion": boolean,
                "ignoreThreads": boolean,
            },
            ("roomId", "latest", "oldest"),
        ),
    ),
)
