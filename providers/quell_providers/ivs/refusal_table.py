"""Every no of AWS and what it means: one table by error code, one by HTTP status, one by the code of an ERROR frame.

boto3 raises either the service's own error, which has a code, or one of its own making, which has a class name; both
stand in the same table.
"""

from collections.abc import Mapping
from typing import NamedTuple

from quell_providers.refusal import RefusalKind

K = RefusalKind  # short, for the table


class Row(NamedTuple):
    """What one kind of no means."""

    kind: RefusalKind
    cause: str
    remedy: str = ""
    """May name `{login}` (how to log in again), `{action}` (the IAM action) and `{resource}` (what it was about)."""


EXPIRED = Row(K.LOGIN, "The AWS credentials have expired.", "{login}")
WRONG_KEY = Row(
    K.LOGIN,
    "AWS does not accept these credentials.",
    "Check the access key of this account, or make a new one in IAM; a disabled key is refused like this too.",
)
NO_KEY = Row(
    K.LOGIN,
    "No AWS credentials were found for this account.",
    "Set `profile` (or `credentials_file`) of this account, or log in: {login}",
)
UNREADABLE_KEY = Row(
    K.LOGIN,
    "The AWS credentials of this account can not be read.",
    "Check the profile in the AWS configuration, and what it takes its credentials from.",
)
DENIED = Row(
    K.PERMISSION,
    "The IAM policies of this account do not allow {action} here.",
    "Have {action} on {resource} allowed by an IAM policy of this user or role, and denied by none."
    " A change takes a few minutes.",
)
BUSY = Row(K.THROTTLED, "AWS took more calls than it allows in a second, from all who use this AWS account.")
BROKEN = Row(
    K.UNAVAILABLE, "AWS had a failure of its own.", "Try again; if it stays, look at the AWS Health Dashboard."
)
UNREACHABLE = Row(
    K.UNAVAILABLE,
    "AWS could not be reached.",
    "Check the network, proxy and endpoint settings of this account.",
)
WRONG = Row(K.INVALID, "AWS does not take this request as it is, and would not take it again.")
LOST = Row(
    K.LOST,
    "The request left, but no answer came back: it may or may not have been carried out.",
    "Ask again: on Amazon IVS Chat that does no harm, even to a message that is deleted already.",
)
MISSING = Row(
    K.NOT_FOUND, "AWS knows nothing by this name: {resource}.", "List the rooms again; it may have been deleted."
)

ROWS: Mapping[Row, tuple[str, ...]] = {
    DENIED: ("AccessDeniedException", "AccessDenied", "UnauthorizedOperation"),
    Row(
        K.PERMISSION,
        "AWS is still verifying this AWS account and does not let it do this yet.",
        "Wait for the verification to end, or ask AWS Support about it.",
    ): ("PendingVerification",),
    Row(
        K.PERMISSION,
        "This AWS account has not signed up for the service or the region.",
        "Have the region or service enabled in the AWS account.",
    ): ("OptInRequired", "SubscriptionRequiredException"),
    MISSING: ("ResourceNotFoundException",),
    WRONG: (
        "ValidationException",
        "ValidationError",
        "InvalidParameterException",
        "ParamValidationError",
        "SerializationException",
        "UnknownOperationException",
    ),
    Row(
        K.INVALID,
        "A quota of this AWS account is used up.",
        "Have the quota raised in Service Quotas.",
    ): ("ServiceQuotaExceededException",),
    Row(
        K.UNAVAILABLE,
        "{resource} is being changed by somebody else just now.",
        "Try again in a moment.",
    ): ("ConflictException", "OperationAbortedException"),
    BUSY: (
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
    BROKEN: (
        "InternalServerException",
        "InternalServerError",
        "InternalFailure",
        "InternalError",
        "ServiceUnavailableException",
        "ServiceUnavailable",
        "RequestTimeout",
        "RequestTimeoutException",
    ),
    EXPIRED: (
        "ExpiredTokenException",
        "ExpiredToken",
        "UnauthorizedException",
        "UnauthorizedSSOTokenError",
        "SSOTokenLoadError",
        "SSOError",
        "TokenRetrievalError",
    ),
    Row(K.LOGIN, "The AWS login of this machine has ended.", "aws login --profile {profile}"): ("LoginError",),
    WRONG_KEY: (
        "UnrecognizedClientException",
        "InvalidClientTokenId",
        "InvalidAccessKeyId",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "IncompleteSignatureException",
        "IncompleteSignature",
        "NotAuthorized",
    ),
    Row(
        K.LOGIN,
        "AWS takes this request for too old or too new.",
        "Set the clock of this machine.",
    ): ("RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture"),
    NO_KEY: (
        "NoCredentialsError",
        "NoAuthTokenError",
        "MissingAuthenticationTokenException",
        "MissingAuthenticationToken",
    ),
    UNREADABLE_KEY: (
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
        "TypeError",
        "AttributeError",
        "LookupError",
        "RuntimeError",
        "ArithmeticError",
    ),
    Row(
        K.LOGIN,
        "There is no such profile in the AWS configuration of this machine.",
        "Correct `profile` of this account, or make the profile: aws configure --profile {profile}",
    ): ("ProfileNotFound",),
    Row(
        K.LOGIN,
        "This profile asks for a one-time code (MFA), for which there is no prompt here.",
        "Get a session outside, such as with aws sts get-session-token, and use a profile that holds it.",
    ): ("RefreshWithMFAUnsupportedError",),
    UNREACHABLE: (
        "ConnectionError",
        "EndpointConnectionError",
        "ConnectTimeoutError",
        "ProxyConnectionError",
        "BotoCoreError",
    ),
    Row(
        K.UNAVAILABLE,
        "The encrypted connection to AWS could not be made: its certificate was not accepted.",
        "If a proxy here opens encrypted connections, set AWS_CA_BUNDLE to its certificate.",
    ): ("SSLError",),
    LOST: (
        "ReadTimeoutError",
        "ConnectionClosedError",
        "HTTPClientError",
        "ResponseStreamingError",
        "IncompleteReadError",
    ),
    Row(
        K.LOST,
        "What came back is not an answer of AWS: the request may or may not have been carried out.",
        "Check the network, proxy and endpoint settings of this account: something in between may be answering.",
    ): ("ResponseParserError",),
}
BY_CODE: Mapping[str, Row] = {code: row for row, codes in ROWS.items() for code in codes}
BY_STATUS: Mapping[int, Row] = {
    400: WRONG,
    401: WRONG_KEY,
    403: DENIED,
    404: MISSING,
    408: BROKEN,
    409: BROKEN,
    413: WRONG,
    429: BUSY,
}

BY_FRAME: Mapping[int, Row] = {
    400: Row(K.INVALID, "The messaging service did not understand what was sent to it."),
    401: Row(K.UNAVAILABLE, "The messaging session has expired.", "Nothing: a new one is opened by itself."),
    403: Row(
        K.PERMISSION,
        "The messaging service does not allow this to this connection, or AWS is still verifying the AWS account.",
        "Have ivschat:CreateChatToken on the room allowed by an IAM policy; if AWS is verifying the account, wait.",
    ),
    404: Row(
        K.NOT_FOUND,
        "The room of this connection does not exist any more.",
        "List the rooms again; it may have been deleted.",
    ),
    406: Row(
        K.VETOED,
        "The room's message review handler rejected it.",
        "Ask the owners of the room what the handler (a Lambda function) lets through.",
    ),
    413: Row(K.INVALID, "What was sent to the messaging service is too large."),
    429: Row(K.THROTTLED, "The messaging service takes no more from this connection or room for now."),
    500: Row(K.UNAVAILABLE, "The messaging service had a failure of its own."),
}
"""ERROR frames of the messaging socket."""
