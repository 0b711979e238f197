"""Every way a Rocket.Chat server says no, explained.

One table, first match wins. The HTTP status and the error code decide where the server gives them; only where several
causes share one status and have no code does the text decide (as on `chat.delete`, whose every refusal is a 400).
"""

import re
from typing import Any, NamedTuple

from quell_providers.refusal import Refusal, RefusalKind
from quell_providers.rocketchat import wire
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
_SKIP_SECOND_FACTOR = "Make a personal access token with “Ignore Two Factor Authentication” ticked, and use that."
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
    Rule(_K.LOGIN, "The server asks for a second factor.", _SKIP_SECOND_FACTOR, code="totp-.*"),
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
        "Its version may be one that Quell does not know: please report it with the server's version.",
        code="(error-)?invalid-params|error-.*-param-.*|error-param-required",
    ),
    Rule(
        _K.NOT_FOUND,
        "There is no such room, or not for you.",
        "Check that you are still in the room.",
        code="error-(room-not-found|invalid-room)",
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
        "Ask an administrator which permission it takes.",
        code="error-unauthorized",
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


def explain(status: int, code: str, text: str, retry_after: float | None = None) -> Refusal:
    """The refusal in a server's answer.

    Args:
        status: HTTP status; 0 for the realtime API, which has none.
        code: The server's code (`errorType`, or `error` in the realtime API); empty where it gives none.
        text: The server's words.
        retry_after: Seconds to wait, where the server told; used only when it is about too many calls.
    """
    rule = next(rule for rule in RULES if rule.matches(status, code, text))
    return Refusal(
        kind=rule.kind,
        code=code or (str(status) if status else ""),
        detail=text,
        cause=rule.cause,
        remedy=rule.remedy,
        retry_after=retry_after if rule.kind is RefusalKind.THROTTLED else None,
    )


def words(body: wire.Body) -> tuple[str, str]:
    """Code and text of a REST refusal, wherever this version of the server put them."""
    text = _text(body.error) or _text(body.message)
    code = _text(body.error_type)
    if not code and (found := _CODE_AT_END.search(text)):
        code = found[1]
    if not code and _BARE_CODE.fullmatch(text):
        code, text = text, _text(body.message) or text
    return code, text


def words_of_ddp(error: wire.DdpError) -> tuple[str, str]:
    """Code and text of a refusal on the realtime API."""
    code = str(error.error) if isinstance(error.error, (int, float)) else _text(error.error)
    return code, _text(error.reason) or _text(error.message) or code


_CODE_AT_END = re.compile(r"\[([\w-]+)\]$")
_BARE_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def login(code: str, text: str, retry_after: float | None) -> Refusal:
    """The refusal of a login on the realtime API, where only a throttle is anything but a bad token."""
    refusal = explain(0, code, text, retry_after)
    return refusal if refusal.kind is RefusalKind.THROTTLED else explain(401, code, text)


def no_such_room(room_id: str) -> Refusal:
    """The refusal of a room that the account is not in."""
    return explain(0, "error-room-not-found", f"no room with the id {room_id}")


def unavailable(detail: str, cause: str = "The server can not be reached.", remedy: str = "") -> Refusal:
    """Nothing was done by the server, because it could not be reached or understood."""
    return Refusal(kind=RefusalKind.UNAVAILABLE, detail=detail, cause=cause, remedy=remedy)


def lost(detail: str) -> Refusal:
    """The request left, and no answer that can be read came back."""
    return Refusal(
        kind=RefusalKind.LOST,
        detail=detail,
        cause="The request was sent, but no answer came back: it may or may not have been carried out.",
    )
