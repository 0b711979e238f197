"""Every way a service says no, in one form."""

from enum import StrEnum

from msgspec import Struct


class RefusalKind(StrEnum):
    """What kind of no it is; this, never the text, decides what happens next."""

    LOGIN = "login"
    """The credentials are wrong, expired or missing."""
    PERMISSION = "permission"
    """Logged in, but not allowed to do this (also: time limit passed, deletion disabled)."""
    READ_ONLY = "read_only"
    """The room takes no deletions from this account."""
    NOT_FOUND = "not_found"
    """There is no such message or room, or not any more."""
    INVALID = "invalid"
    """The request itself is wrong, and would be again."""
    VETOED = "vetoed"
    """Something installed on the server forbade it."""
    THROTTLED = "throttled"
    """Too many calls; allowed again after `retry_after`."""
    UNAVAILABLE = "unavailable"
    """The service could not be reached or failed before it did anything."""
    LOST = "lost"
    """The request left but no answer came back: it may or may not have been carried out."""


TRANSIENT = frozenset({RefusalKind.THROTTLED, RefusalKind.UNAVAILABLE, RefusalKind.LOST})
"""The kinds for which trying again can help."""


class Refusal(Struct, frozen=True, kw_only=True):
    """The service's no: its own words, our explanation, and the way out."""

    kind: RefusalKind
    code: str = ""
    """The service's own code, such as `AccessDeniedException` or `error-action-not-allowed`."""
    detail: str = ""
    """The service's own words, raw."""
    cause: str = ""
    """Why, in plain language, for a moderator."""
    remedy: str = ""
    """What would help: the permission, role, setting or policy statement by its name."""
    retry_after: float | None = None
    """Seconds after which the service says to come back."""


class RefusedError(Exception):
    """Raised by every provider method in place of any library's own exception."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.cause or refusal.detail or refusal.code or refusal.kind.value)
        self.refusal = refusal
