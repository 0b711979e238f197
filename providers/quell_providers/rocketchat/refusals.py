"""Every way a Rocket.Chat server says no, read and explained; `refusal_table` has the explanations."""

import re
from typing import Any

from quell_providers.refusal import Refusal, RefusalKind, RefusedError
from quell_providers.rocketchat import wire
from quell_providers.rocketchat.refusal_table import NOT_ALLOWED, RENEW_LOGIN, RULES, SKIP_SECOND_FACTOR

__all__ = ["NOT_ALLOWED", "RENEW_LOGIN", "SKIP_SECOND_FACTOR"]

WORDLESS = "400"
"""The code of a refusal with neither code nor text: `chat.getMessage` finds no such message where one may read."""


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
_BARE_CODE = re.compile(r"[a-zA-Z0-9_]+(-[a-zA-Z0-9_]+)+")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


class SecondFactorError(RefusedError):
    """A login takes a code besides the password, or does not take the code given."""

    def __init__(self, refusal: Refusal, details: object) -> None:
        super().__init__(refusal)
        method = details.get("method") if isinstance(details, dict) else None
        self.method = method if isinstance(method, str) else ""
        """`totp` or `email`, where the server tells."""

    @property
    def was_wrong(self) -> bool:
        """A code was given, and is not right."""
        return self.refusal.code == "totp-invalid"

    @property
    def may_try_again(self) -> bool:
        """A code can still be given."""
        return self.refusal.code in ("totp-required", "totp-invalid")


def login(code: str, text: str, retry_after: float | None) -> Refusal:
    """The refusal of a login on the realtime API, where only a throttle is anything but a bad token."""
    refusal = explain(0, code, text, retry_after)
    return refusal if refusal.kind is RefusalKind.THROTTLED else explain(401, code, text)


def removed_from_room() -> Refusal:
    """Why a room that was followed is over."""
    return Refusal(
        kind=RefusalKind.PERMISSION,
        cause="You are no longer in this room: somebody removed you, you left it, or it was deleted.",
        remedy="Ask an owner of the room to add you again.",
    )


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
