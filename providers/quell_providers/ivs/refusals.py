"""Every way AWS says no, told as a `Refusal`. Nothing of boto3 is imported here."""

from collections.abc import Mapping
from typing import Any

from quell_providers.ivs.refusal_table import BROKEN, BY_CODE, BY_FRAME, BY_STATUS, DENIED, UNREADABLE_KEY, WRONG, Row
from quell_providers.refusal import Refusal, RefusalKind, RefusedError

_ACTIONS = {
    "ListRooms": "ivschat:ListRooms",
    "CreateChatToken": "ivschat:CreateChatToken",
    "DeleteMessage": "ivschat:DeleteMessage",
    "DisconnectUser": "ivschat:DisconnectUser",
    "GetRoom": "ivschat:GetRoom",
    "GetLoggingConfiguration": "ivschat:GetLoggingConfiguration",
    "GetLogEvents": "logs:GetLogEvents",
}
"""The operations that Quell itself calls; all others are calls boto3 makes to get credentials."""


def refusal_of(error: Exception, *, resource: str, profile: str | None) -> Refusal:
    """What an error raised by boto3 means.

    Args:
        error: A `ClientError`, a `BotoCoreError` or what reading the AWS configuration raises.
        resource: What the call was about: an ARN, or a phrase.
        profile: The profile the account is configured with.
    """
    response = _response(error)
    operation: str = getattr(error, "operation_name", "") if response else ""
    code, status, row = _look_up(error, response)
    if row is DENIED and operation and operation not in _ACTIONS:
        row = UNREADABLE_KEY  # getting the credentials themselves was refused, such as sts:AssumeRole
    names = {
        "action": _ACTIONS.get(operation, "this"),
        "resource": resource,
        "profile": profile or "default",
        "login": f"aws sso login --profile {profile}" if profile else "aws sso login, or renew the credentials",
    }
    return Refusal(
        kind=row.kind,
        code=code,
        detail=_detail(error, response, code, status, row.kind),
        cause=row.cause.format_map(names),
        remedy=row.remedy.format_map(names),
        retry_after=_retry_after(response),
    )


def refusal_of_frame(code: int, text: str) -> Refusal:
    """What an ERROR frame of the messaging socket means.

    Args:
        code: Its `ErrorCode`, made after HTTP's.
        text: Its `ErrorMessage`.
    """
    row = BY_FRAME.get(code) or BY_FRAME[500 if code >= 500 else 400]
    return Refusal(kind=row.kind, code=str(code), detail=text, cause=row.cause, remedy=row.remedy)


def refuse(kind: RefusalKind, cause: str, remedy: str = "") -> RefusedError:
    """A no of our own, said before anything is sent."""
    return RefusedError(Refusal(kind=kind, cause=cause, remedy=remedy))


def _response(error: Exception) -> Mapping[str, Any]:
    """The service's answer that a `ClientError` carries; empty for all other errors."""
    response = getattr(error, "response", None)
    return response if isinstance(response, Mapping) else {}


def _look_up(error: Exception, response: Mapping[str, Any]) -> tuple[str, int, Row]:
    if not response:
        names = [kind.__name__ for kind in type(error).__mro__]
        known = next((name for name in names if name in BY_CODE), "BotoCoreError")
        return names[0], 0, BY_CODE[known]
    code = str(response.get("Error", {}).get("Code", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    return code, status, BY_CODE.get(code) or BY_STATUS.get(status, WRONG if 400 <= status < 500 else BROKEN)


def _detail(error: Exception, response: Mapping[str, Any], code: str, status: int, kind: RefusalKind) -> str:
    if code == "HTTPClientError":
        return code  # it quotes whatever broke, which may be a header with credentials in it
    if not response:
        return str(error)
    said = str(response.get("Error", {}).get("Message", "")) or f"{code} (HTTP {status})"
    if kind is RefusalKind.LOGIN:
        # A signature mismatch is answered with the whole signed request, session token and all, from line two on.
        return said.partition("\n")[0]
    fields = response.get("fieldList")
    told = [field for field in fields if isinstance(field, Mapping)] if isinstance(fields, list) else []
    return "; ".join((said, *(f"{field.get('name')}: {field.get('message')}" for field in told)))


def _retry_after(response: Mapping[str, Any]) -> float | None:
    """Seconds to wait, from `x-amz-retry-after` (milliseconds) or `retry-after` (seconds); a date form is ignored."""
    headers: Mapping[str, str] = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    for name, unit in (("x-amz-retry-after", 0.001), ("retry-after", 1.0)):
        value = headers.get(name, "")
        if value.isascii() and value.isdecimal() and len(value) < 10:
            return int(value) * unit
    return None
