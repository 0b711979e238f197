"""Every way AWS says no, told as a `Refusal`: one table by error code, one by HTTP status.

boto3 raises either the service's own error, which has a code, or one of its own making, which has a class name; both
are looked up in the same table. Nothing of boto3 is imported here.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from quell_providers.refusal import Refusal, RefusalKind, RefusedError

K = RefusalKind  # short, for the table


class _Row(NamedTuple):
    kind: RefusalKind
    cause: str
    remedy: str = ""
    """May name `{login}` (how to log in again), `{action}` (the IAM action) and `{resource}` (what it was about)."""


_EXPIRED = _Row(K.LOGIN, "The AWS credentials have expired.", "{login}")
_WRONG_KEY = _Row(
    K.LOGIN,
    "AWS does not accept these credentials.",
    "Check the access key of this account, or make a new one in IAM; a disabled key is refused like this too.",
)
_NO_KEY = _Row(
    K.LOGIN,
    "No AWS credentials were found for this account.",
    "Set `profile` (or `credentials_file`) of this account, or log in: {login}",
)
_UNREADABLE_KEY = _Row(
    K.LOGIN,
    "The AWS credentials of this account can not be read.",
    "Check the profile in the AWS configuration, and what it takes its credentials from.",
)
_DENIED = _Row(
    K.PERMISSION,
    "The IAM policies of this account do not allow {action} here.",
    "Have {action} on {resource} allowed by an IAM policy of this user or role, and denied by none."
    " A change takes a few minutes.",
)
_BUSY = _Row(K.THROTTLED, "AWS took more calls than it allows in a second, from all who use this AWS account.")
_BROKEN = _Row(
    K.UNAVAILABLE, "AWS had a failure of its own.", "Try again; if it stays, look at the AWS Health Dashboard."
)
_UNREACHABLE = _Row(
    K.UNAVAILABLE,
    "AWS could not be reached.",
    "Check the network, proxy and endpoint settings of this account.",
)
_WRONG = _Row(K.INVALID, "AWS does not take this request as it is, and would not take it again.")
_LOST = _Row(
    K.LOST,
    "The request left, but no answer came back: it may or may not have been carried out.",
    "Ask again: on Amazon IVS Chat that does no harm, even to a message that is deleted already.",
)
_MISSING = _Row(
    K.NOT_FOUND, "AWS knows nothing by this name: {resource}.", "List the rooms again; it may have been deleted."
)

_ROWS: Mapping[_Row, tuple[str, ...]] = {
    _DENIED: ("AccessDeniedException", "AccessDenied", "UnauthorizedOperation"),
    _Row(
        K.PERMISSION,
        "AWS is still verifying this AWS account and does not let it do this yet.",
        "Wait for the verification to end, or ask AWS Support about it.",
    ): ("PendingVerification",),
    _Row(
        K.PERMISSION,
        "This AWS account has not signed up for the service or the region.",
        "Have the region or service enabled in the AWS account.",
    ): ("OptInRequired", "SubscriptionRequiredException"),
    _MISSING: ("ResourceNotFoundException",),
    _WRONG: (
        "ValidationException",
        "ValidationError",
        "InvalidParameterException",
        "ParamValidationError",
        "SerializationException",
        "UnknownOperationException",
    ),
    _Row(
        K.INVALID,
        "A quota of this AWS account is used up.",
        "Have the quota raised in Service Quotas.",
    ): ("ServiceQuotaExceededException",),
    _Row(
        K.UNAVAILABLE,
        "{resource} is being changed by somebody else just now.",
        "Try again in a moment.",
    ): ("ConflictException", "OperationAbortedException"),
    _BUSY: (
        "ThrottlingException",
        "Throttling",
        "ThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "LimitExceededException",
        "SlowDown",
    ),
    _BROKEN: (
        "InternalServerException",
        "InternalServerError",
        "InternalFailure",
        "InternalError",
        "ServiceUnavailableException",
        "ServiceUnavailable",
        "RequestTimeout",
        "RequestTimeoutException",
    ),
    _EXPIRED: (
        "ExpiredTokenException",
        "ExpiredToken",
        "UnauthorizedException",
        "UnauthorizedSSOTokenError",
        "SSOTokenLoadError",
        "SSOError",
        "TokenRetrievalError",
    ),
    _Row(K.LOGIN, "The AWS login of this machine has ended.", "aws login --profile {profile}"): ("LoginError",),
    _WRONG_KEY: (
        "UnrecognizedClientException",
        "InvalidClientTokenId",
        "InvalidAccessKeyId",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "IncompleteSignatureException",
        "IncompleteSignature",
        "NotAuthorized",
    ),
    _Row(
        K.LOGIN,
        "AWS takes this request for too old or too new.",
        "Set the clock of this machine.",
    ): ("RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture"),
    _NO_KEY: (
        "NoCredentialsError",
        "NoAuthTokenError",
        "MissingAuthenticationTokenException",
        "MissingAuthenticationToken",
    ),
    _UNREADABLE_KEY: (
        "PartialCredentialsError",
        "CredentialRetrievalError",
        "MetadataRetrievalError",
        "UnknownCredentialError",
        "UnknownTokenProviderError",
        "InvalidConfigError",
        "ConfigParseError",
        "ConfigNotFound",
        "MissingDependencyException",
        "OSError",
        "ValueError",
    ),
    _Row(
        K.LOGIN,
        "There is no such profile in the AWS configuration of this machine.",
        "Correct `profile` of this account, or make the profile: aws configure --profile {profile}",
    ): ("ProfileNotFound",),
    _Row(
        K.LOGIN,
        "This profile asks for a one-time code (MFA), for which there is no prompt here.",
        "Get a session outside, such as with aws sts get-session-token, and use a profile that holds it.",
    ): ("RefreshWithMFAUnsupportedError",),
    _UNREACHABLE: (
        "ConnectionError",
        "EndpointConnectionError",
        "ConnectTimeoutError",
        "ProxyConnectionError",
        "BotoCoreError",
    ),
    _Row(
        K.UNAVAILABLE,
        "The encrypted connection to AWS could not be made: its certificate was not accepted.",
        "If a proxy here opens encrypted connections, set AWS_CA_BUNDLE to its certificate.",
    ): ("SSLError",),
    _LOST: (
        "ReadTimeoutError",
        "ConnectionClosedError",
        "HTTPClientError",
        "ResponseStreamingError",
        "IncompleteReadError",
        "ResponseParserError",
    ),
}
_BY_CODE: Mapping[str, _Row] = {code: row for row, codes in _ROWS.items() for code in codes}
_BY_STATUS: Mapping[int, _Row] = {
    400: _WRONG,
    401: _WRONG_KEY,
    403: _DENIED,
    404: _MISSING,
    408: _BROKEN,
    409: _BROKEN,
    413: _WRONG,
    429: _BUSY,
}

_ACTIONS = {
    "ListRooms": "ivschat:ListRooms",
    "CreateChatToken": "ivschat:CreateChatToken",
    "DeleteMessage": "ivschat:DeleteMessage",
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
    if row is _DENIED and operation and operation not in _ACTIONS:
        row = _UNREADABLE_KEY  # getting the credentials themselves was refused, such as sts:AssumeRole
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


def refuse(kind: RefusalKind, cause: str, remedy: str = "") -> RefusedError:
    """A no of our own, said before anything is sent."""
    return RefusedError(Refusal(kind=kind, cause=cause, remedy=remedy))


def _response(error: Exception) -> Mapping[str, Any]:
    """The service's answer that a `ClientError` carries; empty for all other errors."""
    response = getattr(error, "response", None)
    return response if isinstance(response, Mapping) else {}


def _look_up(error: Exception, response: Mapping[str, Any]) -> tuple[str, int, _Row]:
    if not response:
        names = [kind.__name__ for kind in type(error).__mro__]
        known = next((name for name in names if name in _BY_CODE), "BotoCoreError")
        return names[0], 0, _BY_CODE[known]
    code = str(response.get("Error", {}).get("Code", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    return code, status, _BY_CODE.get(code) or _BY_STATUS.get(status, _WRONG if 400 <= status < 500 else _BROKEN)


def _detail(error: Exception, response: Mapping[str, Any], code: str, status: int, kind: RefusalKind) -> str:
    if code == "HTTPClientError":
        return code  # it quotes whatever broke, which may be a header with credentials in it
    if not response:
        return str(error)
    said = str(response.get("Error", {}).get("Message", "")) or f"{code} (HTTP {status})"
    if kind is K.LOGIN:
        # A signature mismatch is answered with the whole signed request, session token and all, from line two on.
        return said.partition("\n")[0]
    fields = response.get("fieldList") or ()
    return "; ".join((said, *(f"{field.get('name')}: {field.get('message')}" for field in fields)))


def _retry_after(response: Mapping[str, Any]) -> float | None:
    """Seconds to wait, from `x-amz-retry-after` (milliseconds) or `retry-after` (seconds); a date form is ignored."""
    headers: Mapping[str, str] = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    for name, unit in (("x-amz-retry-after", 0.001), ("retry-after", 1.0)):
        value = headers.get(name, "")
        if value.isascii() and value.isdecimal():
            return int(value) * unit
    return None
