"""Access keys and what each may do."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from quell_providers.sandbox.ivs import errors, names
from quell_providers.sandbox.ivs.quotas import CALLS_PER_SECOND
from quell_providers.sandbox.world import ALPHABET

DELETE = "ivschat:DeleteMessage"
MINT = "ivschat:CreateChatToken"
GET_LOGS = "logs:GetLogEvents"
FILTER_LOGS = "logs:FilterLogEvents"
READ_LOGS = frozenset({GET_LOGS, FILTER_LOGS})
EVERYTHING = frozenset(f"ivschat:{operation}" for operation in CALLS_PER_SECOND) | READ_LOGS
CREW_ONLY = ("access", "crew")
"""The tag of rooms in which only an admin may delete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessKey:
    """Credentials of one IAM user, with the policy that applies to it."""

    user: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    permissions: frozenset[str]
    """IAM actions that the policy allows."""
    no_deletion_where: tuple[str, str] | None = None
    """Tag (key, value) of rooms for which the policy explicitly denies `ivschat:DeleteMessage`."""
    pending: bool = False
    """The account is not verified yet: messages and tokens are refused."""

    def require(self, action: str, resource: str, tags: Mapping[str, str]) -> None:
        """Raise AccessDeniedException unless the policy allows an action on a resource with these tags."""
        user = names.user_arn(self.user)
        if action not in self.permissions:
            reason = f"because no identity-based policy allows the {action} action"
            raise errors.access_denied(user, action, resource, because=reason)
        denied = self.no_deletion_where
        if action == DELETE and denied and denied in tags.items():
            reason = "with an explicit deny in an identity-based policy"
            raise errors.access_denied(user, action, resource, because=reason)


def issue_keys() -> dict[str, AccessKey]:
    """Fresh random keys by role name; nothing about them depends on the seed.

    `moderator` may do everything but delete in rooms tagged `CREW_ONLY`; `admin` everything; `viewer` may not delete;
    `listener` may not mint chat tokens; `nologs` may not read the chat log; `pending` is not verified.
    """
    return {
        "moderator": _issue("moderator", EVERYTHING, no_deletion_where=CREW_ONLY),
        "admin": _issue("admin", EVERYTHING),
        "viewer": _issue("viewer", EVERYTHING - {DELETE}),
        "listener": _issue("listener", EVERYTHING - {MINT}),
        "nologs": _issue("nologs", EVERYTHING - READ_LOGS),
        "pending": _issue("pending", EVERYTHING, pending=True),
    }


def _issue(
    user: str,
    permissions: frozenset[str],
    *,
    no_deletion_where: tuple[str, str] | None = None,
    pending: bool = False,
) -> AccessKey:
    return AccessKey(
        user=user,
        access_key_id="AKIA" + "".join(secrets.choice(ALPHABET[:26]) for _ in range(16)),
        secret_access_key=secrets.token_urlsafe(30),
        permissions=permissions,
        no_deletion_where=no_deletion_where,
        pending=pending,
    )
