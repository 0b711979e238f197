"""The table of every refusal that a Rocket.Chat server is known to give; first match wins.

The HTTP status and the error code decide where the server gives them; only where several causes share one status and
have no code does the text decide (as on `chat.delete`, whose every refusal is a 400).
"""

import re
from typing import NamedTuple

from quell_providers.refusal import RefusalKind
from quell_providers.rocketchat.permissions import (
    ALLOW_DELETING,
    BYPASS_TIME_LIMIT,
    DELETE,
    READ_ONLY,
    TIME_LIMIT,
)

NOT_ALLOWED = "error-action-not-allowed"
"""The code with which `chat.delete` refuses for want of permission and for age alike."""

RENEW_LOGIN = (
    "Make a new personal access token on the server (your avatar → Profile or Account → Personal Access Tokens) "
    "and put it and its user id into this account's token and user_id."
)
SKIP_SECOND_FACTOR = "Make a personal access token with “Ignore Two Factor Authentication” ticked, and use that."
_REPORT_VERSION = "Its version may be one that Quell does not know: please report it with the server's version."
_MISSING_PARAMETER = r"^(The required .* query param is missing|The .* query parameter must be)|^Invalid Date$"
_CHECK_URL = "Check the account's url: it must be the address people open in their browser, with its sub-path."


class Rule(NamedTuple):
    """A row of the table. What is not given matches anything; `text` is looked for in the server's words."""

    kind: RefusalKind
    cause: str
    remedy: str = ""
    status: range | None = None
    code: str = ""
    """Regular expression for the whole code, without regard to case."""
    text: str = ""

    def matches(self, status: int, code: str, text: str) -> bool:
        """Whether this row is about this answer."""
        return (
            (self.status is None or status in self.status)
            and (not self.code or re.fullmatch(self.code, code, re.IGNORECASE) is not None)
            and (not self.text or re.search(self.text, text, re.IGNORECASE) is not None)
        )


def _is(status: int) -> range:
    return range(status, status + 1)


_K = RefusalKind

RULES: tuple[Rule, ...] = (
    Rule(_K.THROTTLED, "The server takes no more calls of this kind for now.", status=_is(429)),
    Rule(_K.THROTTLED, "The server takes no more calls of this kind for now.", code="(error-)?too-many-requests"),
    Rule(_K.THROTTLED, "The server takes no more calls of this kind for now.", text="^Error, too many requests"),
    Rule(_K.LOGIN, "The server asks for a second factor.", SKIP_SECOND_FACTOR, code="totp-.*"),
    Rule(
        _K.LOGIN, "The server does not take this user id and token: wrong, revoked or expired.", RENEW_LOGIN, _is(401)
    ),
    Rule(_K.UNAVAILABLE, "The server, or the proxy in front of it, failed.", status=range(500, 600)),
    Rule(
        _K.INVALID,
        "The server sends us to another address, and a token is only ever sent to the address it was configured for.",
        "Put the address that the server names into the account's url.",
        range(300, 400),
    ),
    Rule(
        _K.PERMISSION,
        "Not allowed: the message is too old, deleting is switched off, or your role may not delete here. "
        "The server does not say which.",
        f"Permissions: {DELETE}, {BYPASS_TIME_LIMIT}. Settings: {ALLOW_DELETING}, {TIME_LIMIT}.",
        code=NOT_ALLOWED,
    ),
    Rule(_K.NOT_FOUND, "There is no such message any more.", text=r"^No message found with the (file )?id"),
    Rule(
        _K.INVALID,
        "The message is in another room.",
        "Name the room that the message is in.",
        text=r"room id provided does not match where the message is from",
    ),
    Rule(
        _K.PERMISSION,
        "You may not delete in the name of other people.",
        "An administrator can give your role force-delete-message.",
        text=r'permission "force-delete-message"',
    ),
    Rule(
        _K.INVALID,
        "The person in whose name the message was to be deleted does not exist any more.",
        "Delete it in your own name.",
        text=r"^User not found$",
    ),
    Rule(_K.READ_ONLY, READ_ONLY.cause, READ_ONLY.remedy, text=r"\broom is readonly\b"),
    Rule(
        _K.VETOED,
        "An app installed on the server forbids deleting this message.",
        "Ask an administrator which app it is (Marketplace → Installed).",
        code="error-app-prevented-.*",
    ),
    Rule(
        _K.VETOED,
        "The message belongs to a federated room, and federation forbids deleting it.",
        "Delete it on the server that it came from.",
        text=r"federat",
    ),
    Rule(
        _K.INVALID,
        "The server does not understand this request.",
        _REPORT_VERSION,
        code="(error-)?invalid-params|error-.*-param-.*|error-param-required|error-cursor-.*|error-invalid-sort"
        "|error-invalid-description|invalid-event-name",
    ),
    Rule(_K.INVALID, "The server does not understand this request.", _REPORT_VERSION, text=_MISSING_PARAMETER),
    Rule(
        _K.INVALID, "The server does not have this function.", _REPORT_VERSION, text=r"^(Method|Subscription) '.*' not"
    ),
    Rule(
        _K.NOT_FOUND,
        "There is no such room, or not for you.",
        "Check that you are still in the room.",
        code="error-(room-not-found|invalid-room)",
    ),
    Rule(
        _K.INVALID,
        "That can not be done in a room of this type.",
        "In direct rooms there is nobody to moderate.",
        code="error-invalid-room-type",
    ),
    Rule(
        _K.PERMISSION,
        "The room is archived.",
        "An owner of the room or an administrator can take it out of the archive.",
        code="error-room-archived",
    ),
    Rule(
        _K.NOT_FOUND,
        "There is no such message, or not for you.",
        "Check that you are still in the room.",
        code="error-invalid-message_?id",
    ),
    Rule(
        _K.NOT_FOUND,
        "This person does not exist, or is not in the room.",
        code="error-(user-not-in-room|invalid-user)",
    ),
    Rule(
        _K.NOT_FOUND,
        "This person does not exist, or is not in the room.",
        text=r"^(User is not in this room|Invalid user id provided)",
    ),
    Rule(
        _K.INVALID,
        "This person is banned from the room already.",
        text=r"^User is already banned",
    ),
    Rule(
        _K.INVALID,
        "This person is the last owner of the room.",
        "Make somebody else an owner first.",
        code="error-you-are-last-owner",
    ),
    Rule(
        _K.INVALID,
        "This person is the last owner of the room.",
        "Make somebody else an owner first.",
        text=r"\blast owner\b",
    ),
    Rule(
        _K.NOT_FOUND,
        "There is no such report any more.",
        code="error-report-not-found|no-reports-found",
    ),
    Rule(
        _K.NOT_FOUND,
        "There is no such report any more.",
        text=r"^No reported messages found",
    ),
    Rule(
        _K.INVALID,
        "There is no Rocket.Chat API at this address.",
        _CHECK_URL,
        _is(404),
    ),
    Rule(
        _K.PERMISSION,
        "Your role may not do this.",
        "Ask an administrator which permission it takes; moderating reports takes manage-moderation-actions.",
        code="error-unauthorized",
    ),
    Rule(
        _K.PERMISSION,
        "You may not do this in this room.",
        "Ask an owner of the room. Clearing a room takes the permission clean-channel-history.",
        text=r"^Not allowed( \[error-not-allowed\])?$",
    ),
    Rule(
        _K.PERMISSION,
        "You have no access to this.",
        "Join the room, or ask an owner of it to add you.",
        code="(error-)?not[- ](allowed|authorized)|unauthorized",
    ),
    Rule(
        _K.PERMISSION,
        "You have no access to this.",
        "Join the room, or ask an owner of it to add you.",
        status=_is(403),
    ),
    Rule(_K.INVALID, "The server refused, for a reason that Quell does not know."),
)
