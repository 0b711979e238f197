"""Whether somebody may delete a message (`chat.delete`)."""

import math

from quell_providers.sandbox.rocketchat.errors import failure
from quell_providers.sandbox.rocketchat.permissions import Permissions
from quell_providers.sandbox.world import Person, Post, World


def may_delete(world: World, permissions: Permissions, person: Person, post: Post) -> bool:
    """The server's checks in the server's order.

    Raises:
        AnswerError: The room is read-only, the one refusal that names its cause.
    """
    place = post.place
    if not permissions.can_access(person, place):
        return False
    if permissions.has(person, "force-delete-message", place):
        return True
    if not world.settings["Message_AllowDeleting"] or not _is_entitled(permissions, person, post):
        return False
    limit = _block_minutes(world)
    if limit and not permissions.has(person, "bypass-time-limit-edit-and-delete", place):
        # The server answers from here: a room that is read-only too is not noticed.
        return _minutes_since(world, post) <= limit
    if place.read_only and not permissions.has(person, "post-readonly", place):
        raise failure("You can't delete messages because the room is readonly.")
    return True


def _is_entitled(permissions: Permissions, person: Person, post: Post) -> bool:
    if permissions.has(person, "delete-message", post.place):
        return True
    return person is post.author and permissions.has(person, "delete-own-message", post.place)


def _block_minutes(world: World) -> float:
    value = world.settings["Message_AllowDeleting_BlockDeleteInMinutes"]
    return float(value) if isinstance(value, int | float) else 0.0


def _minutes_since(world: World, post: Post) -> int:
    """Whole minutes, half of one rounded up: with a limit of 10, a message of 10 min 29 s still passes."""
    return math.floor((world.clock.now() - post.sent_at) / 60 + 0.5)
