from collections.abc import Collection
from typing import Any

import pytest

from quell_providers.model import Author
from quell_providers.rocketchat import permissions
from quell_providers.rocketchat.permissions import Membership, Preflight

NOW = 1_700_000_000.0
ME, OTHER = "mod1", "u1"

GRANTS = {
    "delete-message": {"admin", "owner", "moderator"},
    "delete-own-message": {"admin", "user"},
    "force-delete-message": {"admin", "owner"},
    "bypass-time-limit-edit-and-delete": {"bot", "app"},
    "post-readonly": {"admin", "owner", "moderator"},
}


def preflight(
    *global_roles: str,
    room: Membership | None = None,
    allow: bool = True,
    limit: float = 0,
    revoked: Collection[str] = (),
) -> Preflight:
    return Preflight(
        user_id=ME,
        username="moderator",
        roles=frozenset(global_roles or ("user",)),
        grants={name: frozenset(roles) for name, roles in GRANTS.items() if name not in revoked},
        rooms={"r": room or Membership()},
        allow_deleting=allow,
        time_limit=limit,
    )


def in_room(*roles: str, **more: Any) -> Membership:
    return Membership(roles=frozenset(roles), **more)


MODERATOR = in_room("moderator")
READ_ONLY = in_room(read_only=True)
OWN = {"author": ME}
OLD = {"minutes": 60.0}


@pytest.mark.parametrize(
    ("rights", "about", "cause"),
    [
        # A plain user deletes nothing but their own.
        (preflight(), {}, "other people's messages"),
        (preflight(), OWN, ""),
        (preflight(revoked=["delete-own-message"]), OWN, "not even your own"),
        # Roles count where they are held: in the workspace or in the room.
        (preflight(room=MODERATOR), {}, ""),
        (preflight("user", "admin"), {}, ""),
        (preflight("user", "moderator"), {}, ""),
        # Deleting switched off stops everybody but those who may force it.
        (preflight(room=MODERATOR, allow=False), {}, "switched off"),
        (preflight(allow=False), OWN, "switched off"),
        (preflight(room=in_room("owner"), allow=False), {}, ""),
        # The time limit stops moderators too, unless they may force it or hold the bypass, in the room or everywhere.
        (preflight(room=MODERATOR, limit=10), OLD, "older than 10 minutes"),
        (preflight(room=MODERATOR, limit=1), OLD, "older than 1 minute,"),
        (preflight(limit=10), {**OWN, **OLD}, "older than 10 minutes"),
        (preflight(room=in_room("owner"), limit=10), OLD, ""),
        (preflight(room=in_room("moderator", "bot"), limit=10), OLD, ""),
        (preflight("user", "bot", room=MODERATOR, limit=10), OLD, ""),
        (preflight(limit=10), OLD, "other people's messages"),
        # Half a minute is rounded up, as the server does: 10 min 29 s passes, 10 min 30 s does not.
        (preflight(room=MODERATOR, limit=10), {"minutes": 10 + 29 / 60}, ""),
        (preflight(room=MODERATOR, limit=10), {"minutes": 10.5}, "older than 10 minutes"),
        # A message that seems to come from the future, because the clocks differ.
        (preflight(room=MODERATOR, limit=10), {"minutes": -3.0}, ""),
        # Read-only rooms: moderators may write, others need to be unmuted.
        (preflight(room=READ_ONLY), OWN, "read-only"),
        (preflight(room=in_room("moderator", read_only=True)), {}, ""),
        (preflight(room=in_room(read_only=True, unmuted=frozenset({"moderator"}))), OWN, ""),
        (preflight(room=in_room(read_only=True, unmuted=frozenset({"lena"}))), OWN, "read-only"),
        # With a time limit the server never gets to read-only.
        (preflight(room=READ_ONLY, limit=10), OWN, ""),
    ],
)
def test_rules(rights: Preflight, about: dict[str, Any], cause: str) -> None:
    sent_at = NOW - 60 * about.get("minutes", 1.0)
    forecast = permissions.judge(rights, "r", Author(about.get("author", OTHER), ""), sent_at, NOW)
    assert forecast.verdict == ("refused" if cause else "allowed")
    assert cause in forecast.cause
    assert bool(forecast.remedy) is bool(cause)


def test_a_room_we_are_not_in_is_unknown() -> None:
    forecast = permissions.judge(preflight("admin"), "elsewhere", Author(OTHER, OTHER), NOW, NOW)
    assert (forecast.verdict, forecast.remedy) == ("unknown", "Join the room.")


@pytest.mark.parametrize(
    ("rights", "names"),
    [
        (preflight(), ("delete-message",)),
        (preflight(allow=False), ("Message_AllowDeleting", "force-delete-message")),
        (
            preflight(room=MODERATOR, limit=10),
            ("bypass-time-limit-edit-and-delete", "Message_AllowDeleting_BlockDeleteInMinutes"),
        ),
    ],
)
def test_remedies_name_the_permission_or_setting(rights: Preflight, names: tuple[str, ...]) -> None:
    remedy = permissions.judge(rights, "r", Author(OTHER, OTHER), NOW - 3600, NOW).remedy
    assert all(name in remedy for name in names)


def test_a_permission_the_server_does_not_list_is_held_by_nobody() -> None:
    rights = preflight("admin", revoked=["force-delete-message", "delete-message", "delete-own-message"])
    assert permissions.judge(rights, "r", Author(OTHER, OTHER), NOW, NOW).verdict == "refused"
