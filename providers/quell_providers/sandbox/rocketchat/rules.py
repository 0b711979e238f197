"""Whether somebody may delete or change a message (`chat.delete`, `chat.update`)."""

import math

from quell_providers.sandbox.rocketchat.errors import MeteorError, failure
from quell_providers.sandbox.rocketchat.versions import Feature
from quell_providers.sandbox.rocketchat.workspace import Workspace
from quell_providers.sandbox.world import Person, Post

_BYPASS = "bypass-time-limit-edit-and-delete"


def check_deletable(workspace: Workspace, person: Person, post: Post) -> None:
    """Raise unless the person may delete the message: one and the same sentence for almost every cause.

    Raises:
        MeteorError: Not allowed, or prevented by a server app.
        AnswerError: The room is read-only, the one refusal that names its cause.
    """
    if not _may_delete(workspace, person, post):
        raise MeteorError("error-action-not-allowed", "Not allowed")
    if post.id in workspace.vetoed:
        raise MeteorError("error-app-prevented-deleting", "A Rocket.Chat App prevented the message deleting.")


def check_editable(workspace: Workspace, person: Person, post: Post) -> None:
    """Raise unless the person may change the message.

    Raises:
        MeteorError: Editing is off, the message is somebody else's, or it is too old.
    """
    permissions, settings = workspace.permissions, workspace.settings
    may_edit_all = permissions.has(person, "edit-message", post.place)
    is_own = settings.is_on("Message_AllowEditing") and post.author is person
    if post.system or not permissions.can_access(person, post.place) or not (may_edit_all or is_own):
        raise MeteorError("error-action-not-allowed", "Message editing not allowed")
    limit = settings.number("Message_AllowEditing_BlockEditInMinutes")
    if limit and not permissions.has(person, _BYPASS, post.place) and _minutes_since(workspace, post) > limit:
        raise MeteorError("error-message-editing-blocked", "Message editing is blocked")


def _may_delete(workspace: Workspace, person: Person, post: Post) -> bool:
    """The server's checks in the server's order."""
    place, permissions, settings = post.place, workspace.permissions, workspace.settings
    if workspace.version.has(Feature.DELETE_NEEDS_ACCESS) and not permissions.can_access(person, place):
        return False
    if permissions.has(person, "force-delete-message", place):
        return True
    if not settings.is_on("Message_AllowDeleting") or not _is_entitled(workspace, person, post):
        return False
    limit = settings.number("Message_AllowDeleting_BlockDeleteInMinutes")
    if limit and not permissions.has(person, _BYPASS, place):
        # The server answers from here: a room that is read-only too is not noticed.
        return _minutes_since(workspace, post) <= limit
    writer = post.author if workspace.version.has(Feature.READ_ONLY_BY_AUTHOR) else person
    may_write = permissions.has(person, "post-readonly", place) or writer.username in place.unmuted
    if place.read_only and not may_write:
        raise failure("You can't delete messages because the room is readonly.")
    return True


def _is_entitled(workspace: Workspace, person: Person, post: Post) -> bool:
    if workspace.permissions.has(person, "delete-message", post.place):
        return True
    return person is post.author and workspace.permissions.has(person, "delete-own-message", post.place)


def _minutes_since(workspace: Workspace, post: Post) -> int:
    """Whole minutes, half of one rounded up: with a limit of 10, a message of 10 min 29 s still passes."""
    return math.floor((workspace.world.clock.now() - post.sent_at) / 60 + 0.5)
