"""Deleting a message: `chat.delete`."""

from quell_providers.sandbox.rocketchat.documents import user
from quell_providers.sandbox.rocketchat.errors import failure
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.rules import check_deletable
from quell_providers.sandbox.rocketchat.shapes import Shape, at_least_one
from quell_providers.sandbox.rocketchat.values import flag, text
from quell_providers.sandbox.rocketchat.versions import Feature, Version
from quell_providers.sandbox.rocketchat.wire import Document, milliseconds
from quell_providers.sandbox.world import Person, Post

# There is no key for a reason, in any version.
_KEYS = Shape(
    {"msgId": text, "roomId": text, "fileId": text, "asUser": flag},
    choice=at_least_one(("msgId", "roomId"), ("fileId",)),
)
_KEYS_WITHOUT_FILES = Shape({"msgId": text, "roomId": text, "asUser": flag}, ("msgId", "roomId"))


def routes(version: Version) -> tuple[Route, ...]:
    """The route as this version has it."""
    keys = _KEYS if version.has(Feature.DELETE_BY_FILE) else _KEYS_WITHOUT_FILES
    return (Route("POST", "/api/v1/chat.delete", _delete, keys),)


def _delete(call: Call) -> Document:
    """Delete for the caller, or with `asUser` by the author's own rights. No permission is ever refused with 403."""
    post = _named(call)
    if "roomId" in call.params and call.params["roomId"] != post.place.id:
        raise failure("The room id provided does not match where the message is from.")
    acting = _acting(call, post)
    workspace = call.workspace
    check_deletable(workspace, acting, post)
    workspace.world.delete(post, by=acting.id)
    return {
        "_id": post.id,
        "ts": str(milliseconds(workspace.world.clock.now())),
        "message": {"_id": post.id, "rid": post.place.id, "u": user(post.author)},
    }


def _named(call: Call) -> Post:
    """The message that the request means."""
    rows = call.workspace.rows
    if "fileId" in call.params:
        file_id = str(call.params["fileId"])
        post = rows.find_by_file(file_id)
        absent = f'No message found with the file id: "{file_id}".'
    else:
        message_id = str(call.params["msgId"])
        post = rows.find(message_id)
        absent = f'No message found with the id of "{message_id}".'
    if post is None:
        raise failure(absent)
    return post


def _acting(call: Call, post: Post) -> Person:
    """Whose rights decide."""
    if not call.params.get("asUser"):
        return call.person
    if post.author is not call.person and not call.workspace.permissions.has(
        call.person, "force-delete-message", post.place
    ):
        raise failure(
            'Unauthorized. You must have the permission "force-delete-message" to delete other\'s message as them.'
        )
    if post.author.id not in call.workspace.world.people:
        raise failure("User not found")
    return post.author
