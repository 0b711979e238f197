"""Every error that boto3 can raise, and the refusal it becomes."""

from typing import Any

import pytest
from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from quell_providers.ivs.refusal_table import BY_CODE, BY_FRAME, BY_STATUS
from quell_providers.ivs.refusals import refusal_of, refusal_of_frame, refuse
from quell_providers.refusal import Refusal, RefusalKind

K = RefusalKind
ARN = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl"


def service_error(
    code: str, status: int, message: str = "its words", operation: str = "DeleteMessage", **members: Any
) -> ClientError:
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": members.pop("headers", {})}
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata, **members}
    return ClientError(response, operation)


def told(error: Exception, profile: str | None = "mods") -> Refusal:
    return refusal_of(error, resource=ARN, profile=profile)


SERVICE_ERRORS = [
    ("AccessDeniedException", 403, K.PERMISSION),
    ("AccessDenied", 403, K.PERMISSION),
    ("PendingVerification", 403, K.PERMISSION),
    ("OptInRequired", 403, K.PERMISSION),
    ("ResourceNotFoundException", 404, K.NOT_FOUND),
    ("ValidationException", 400, K.INVALID),
    ("InvalidParameterException", 400, K.INVALID),
    ("SerializationException", 400, K.INVALID),
    ("UnknownOperationException", 404, K.INVALID),
    ("ValidationError", 400, K.INVALID),
    ("UnauthorizedOperation", 403, K.PERMISSION),
    ("SubscriptionRequiredException", 403, K.PERMISSION),
    ("ServiceQuotaExceededException", 402, K.INVALID),
    ("ConflictException", 409, K.UNAVAILABLE),
    ("OperationAbortedException", 400, K.UNAVAILABLE),
    ("ThrottlingException", 429, K.THROTTLED),
    ("ThrottlingException", 400, K.THROTTLED),
    ("Throttling", 400, K.THROTTLED),
    ("ThrottledException", 400, K.THROTTLED),
    ("RequestLimitExceeded", 503, K.THROTTLED),
    ("RequestThrottled", 400, K.THROTTLED),
    ("RequestThrottledException", 400, K.THROTTLED),
    ("SlowDown", 503, K.THROTTLED),
    ("TooManyRequestsException", 429, K.THROTTLED),
    ("LimitExceededException", 400, K.THROTTLED),
    ("InternalServerException", 500, K.UNAVAILABLE),
    ("ServiceUnavailableException", 503, K.UNAVAILABLE),
    ("InternalServerError", 500, K.UNAVAILABLE),
    ("InternalFailure", 500, K.UNAVAILABLE),
    ("InternalError", 500, K.UNAVAILABLE),
    ("ServiceUnavailable", 503, K.UNAVAILABLE),
    ("RequestTimeoutException", 408, K.UNAVAILABLE),
    ("RequestTimeout", 408, K.UNAVAILABLE),
    ("ExpiredTokenException", 403, K.LOGIN),
    ("ExpiredToken", 400, K.LOGIN),
    ("UnauthorizedException", 401, K.LOGIN),
    ("UnrecognizedClientException", 403, K.LOGIN),
    ("InvalidSignatureException", 403, K.LOGIN),
    ("SignatureDoesNotMatch", 403, K.LOGIN),
    ("MissingAuthenticationTokenException", 403, K.LOGIN),
    ("InvalidClientTokenId", 403, K.LOGIN),
    ("InvalidAccessKeyId", 403, K.LOGIN),
    ("IncompleteSignatureException", 400, K.LOGIN),
    ("IncompleteSignature", 400, K.LOGIN),
    ("NotAuthorized", 400, K.LOGIN),
    ("MissingAuthenticationToken", 403, K.LOGIN),
    ("RequestExpired", 400, K.LOGIN),
    ("RequestTimeTooSkewed", 403, K.LOGIN),
    ("RequestInTheFuture", 403, K.LOGIN),
    # codes that nobody has heard of go by the status
    ("400", 400, K.INVALID),
    ("401", 401, K.LOGIN),
    ("Novel", 403, K.PERMISSION),
    ("Novel", 404, K.NOT_FOUND),
    ("Novel", 409, K.UNAVAILABLE),
    ("Novel", 413, K.INVALID),
    ("418", 418, K.INVALID),
    ("429", 429, K.THROTTLED),
    ("500", 500, K.UNAVAILABLE),
    ("502", 502, K.UNAVAILABLE),
    ("503", 503, K.UNAVAILABLE),
    ("504", 504, K.UNAVAILABLE),
    ("408", 408, K.UNAVAILABLE),
    ("302", 302, K.UNAVAILABLE),
]


@pytest.mark.parametrize(("code", "status", "kind"), SERVICE_ERRORS)
def test_what_the_service_answers(code: str, status: int, kind: RefusalKind) -> None:
    refusal = told(service_error(code, status))
    assert (refusal.kind, refusal.code, refusal.detail) == (kind, code, "its words")
    assert refusal.cause
    assert "{" not in refusal.cause + refusal.remedy


URL = "https://ivschat.us-west-2.amazonaws.com"
BOTO_ERRORS: list[tuple[type[Exception], dict[str, Any], RefusalKind]] = [
    (exceptions.NoCredentialsError, {}, K.LOGIN),
    (exceptions.PartialCredentialsError, {"provider": "env", "cred_var": "x"}, K.LOGIN),
    (exceptions.CredentialRetrievalError, {"provider": "process", "error_msg": "x"}, K.LOGIN),
    (exceptions.NoAuthTokenError, {}, K.LOGIN),
    (exceptions.TokenRetrievalError, {"provider": "sso", "error_msg": "x"}, K.LOGIN),
    (exceptions.SSOTokenLoadError, {"error_msg": "x"}, K.LOGIN),
    (exceptions.UnauthorizedSSOTokenError, {}, K.LOGIN),
    (exceptions.ProfileNotFound, {"profile": "mods"}, K.LOGIN),
    (exceptions.ConfigParseError, {"path": "x"}, K.LOGIN),
    (exceptions.InfiniteLoopConfigError, {"source_profile": "a", "visited_profiles": ["a"]}, K.LOGIN),
    (exceptions.MetadataRetrievalError, {"error_msg": "x"}, K.LOGIN),
    (exceptions.RefreshWithMFAUnsupportedError, {}, K.LOGIN),
    (exceptions.SSOError, {}, K.LOGIN),
    (exceptions.LoginError, {}, K.LOGIN),
    (exceptions.UnknownCredentialError, {"name": "x"}, K.LOGIN),
    (exceptions.UnknownTokenProviderError, {"name": "x"}, K.LOGIN),
    (exceptions.InvalidConfigError, {"error_msg": "x"}, K.LOGIN),
    (exceptions.ConfigNotFound, {"path": "x"}, K.LOGIN),
    (exceptions.MissingDependencyException, {"msg": "x"}, K.LOGIN),
    (exceptions.EndpointConnectionError, {"endpoint_url": URL}, K.UNAVAILABLE),
    (exceptions.ConnectTimeoutError, {"endpoint_url": URL}, K.UNAVAILABLE),
    (exceptions.ProxyConnectionError, {"proxy_url": URL}, K.UNAVAILABLE),
    (exceptions.SSLError, {"endpoint_url": URL, "error": "bad certificate"}, K.UNAVAILABLE),
    (exceptions.UnknownEndpointError, {"service_name": "ivschat", "region_name": "x"}, K.UNAVAILABLE),
    (exceptions.ReadTimeoutError, {"endpoint_url": URL}, K.LOST),
    (exceptions.ConnectionClosedError, {"endpoint_url": URL}, K.LOST),
    (exceptions.HTTPClientError, {"error": "x"}, K.LOST),
    (exceptions.ResponseStreamingError, {"error": "x"}, K.LOST),
    (exceptions.IncompleteReadError, {"actual_bytes": 1, "expected_bytes": 2}, K.LOST),
    (exceptions.ParamValidationError, {"report": "x"}, K.INVALID),
    (BotoCoreError, {}, K.UNAVAILABLE),
]


@pytest.mark.parametrize(("error", "arguments", "kind"), BOTO_ERRORS)
def test_what_boto3_raises_by_itself(error: type[Exception], arguments: dict[str, Any], kind: RefusalKind) -> None:
    refusal = told(error(**arguments))
    assert (refusal.kind, refusal.code) == (kind, error.__name__)
    assert refusal.cause
    assert refusal.detail
    assert "{" not in refusal.cause + refusal.remedy


STRAYS: list[tuple[Exception, RefusalKind]] = [
    (ResponseParserError("not JSON"), K.LOST),
    (FileNotFoundError(2, "no such credential process"), K.LOGIN),
    (PermissionError(13, "credentials file"), K.LOGIN),
    (ConnectionRefusedError(111, "metadata service"), K.UNAVAILABLE),
    (UnicodeDecodeError("utf-8", b"", 0, 1, "x"), K.LOGIN),
    (TypeError("a cached login of another shape"), K.LOGIN),
    (AttributeError("a cached login of another shape"), K.LOGIN),
    (KeyError("expiresAt"), K.LOGIN),
    (RuntimeError("a time that no calendar holds"), K.LOGIN),
    (OverflowError("a time that no calendar holds"), K.LOGIN),
]


@pytest.mark.parametrize(("error", "kind"), STRAYS)
def test_what_else_comes_up_from_below(error: Exception, kind: RefusalKind) -> None:
    assert told(error).kind is kind


FRAMES = [
    (400, K.INVALID),
    (401, K.UNAVAILABLE),
    (403, K.PERMISSION),
    (404, K.NOT_FOUND),
    (406, K.VETOED),
    (413, K.INVALID),
    (429, K.THROTTLED),
    (500, K.UNAVAILABLE),
    (503, K.UNAVAILABLE),
    (418, K.INVALID),
    (0, K.INVALID),
    (-1, K.INVALID),
]


@pytest.mark.parametrize(("code", "kind"), FRAMES)
def test_what_an_error_frame_says(code: int, kind: RefusalKind) -> None:
    refusal = refusal_of_frame(code, "its words")
    assert (refusal.kind, refusal.code, refusal.detail) == (kind, str(code), "its words")
    assert refusal.cause


def test_every_row_of_the_tables_has_its_test() -> None:
    codes = {code for code, _, _ in SERVICE_ERRORS} | {error.__name__ for error, _, _ in BOTO_ERRORS}
    codes |= {kind.__name__ for error, _ in STRAYS for kind in type(error).__mro__}
    assert BY_CODE.keys() - codes == set()
    assert BY_STATUS.keys() <= {status for code, status, _ in SERVICE_ERRORS if code not in BY_CODE}
    assert BY_FRAME.keys() <= dict(FRAMES).keys()


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        ("ListRooms", "ivschat:ListRooms"),
        ("CreateChatToken", "ivschat:CreateChatToken"),
        ("DeleteMessage", "ivschat:DeleteMessage"),
        ("DisconnectUser", "ivschat:DisconnectUser"),
        ("GetRoom", "ivschat:GetRoom"),
        ("GetLoggingConfiguration", "ivschat:GetLoggingConfiguration"),
        ("GetLogEvents", "logs:GetLogEvents"),
    ],
)
def test_a_denial_names_the_policy_statement_that_would_help(operation: str, action: str) -> None:
    refusal = told(service_error("AccessDeniedException", 403, operation=operation))
    assert action in refusal.cause
    assert action in refusal.remedy
    assert ARN in refusal.remedy


def test_a_denial_on_the_way_to_the_credentials_is_about_the_credentials() -> None:
    assert told(service_error("AccessDenied", 403, operation="AssumeRole")).kind is K.LOGIN


@pytest.mark.parametrize("error", [exceptions.UnauthorizedSSOTokenError(), service_error("ExpiredTokenException", 403)])
def test_expired_credentials_say_how_to_renew_them(error: Exception) -> None:
    assert told(error).remedy == "aws sso login --profile mods"
    assert told(error, profile=None).remedy.startswith("aws sso login, ")


def test_a_missing_profile_is_named() -> None:
    refusal = told(exceptions.ProfileNotFound(profile="mods"))
    assert "mods" in refusal.detail
    assert "--profile mods" in refusal.remedy


def test_an_answer_without_words_is_told_by_code_and_status() -> None:
    assert told(service_error("AccessDeniedException", 403, message="")).detail == "AccessDeniedException (HTTP 403)"


def test_invalid_fields_are_named() -> None:
    error = service_error("ValidationException", 400, fieldList=[{"name": "reason", "message": "too long"}])
    assert told(error).detail == "its words; reason: too long"


@pytest.mark.parametrize("fields", [None, 7, "text", {}, [None], [7, []]])
def test_a_list_of_fields_that_is_none_is_left_out(fields: object) -> None:
    assert told(service_error("ValidationException", 400, fieldList=fields)).detail == "its words"


def test_the_signed_request_in_a_signature_mismatch_is_not_repeated() -> None:
    words = "The signature does not match.\n\nThe Canonical String should have been\nx-amz-security-token:SECRET"
    assert told(service_error("SignatureDoesNotMatch", 403, words)).detail == "The signature does not match."


def test_a_header_that_could_not_be_sent_is_not_repeated() -> None:
    assert "SECRET" not in told(exceptions.HTTPClientError(error="Invalid header value b'SECRET\\n'")).detail


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"x-amz-retry-after": "1500"}, 1.5),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"x-amz-retry-after": "-1"}, None),
        ({"x-amz-retry-after": "²"}, None),
    ],
)
def test_the_time_to_come_back_is_taken_from_the_headers(headers: dict[str, str], seconds: float | None) -> None:
    assert told(service_error("ThrottlingException", 429, headers=headers)).retry_after == seconds


def test_a_refusal_of_our_own() -> None:
    error = refuse(K.INVALID, "too long", "shorten it")
    assert error.refusal == Refusal(kind=K.INVALID, cause="too long", remedy="shorten it")
    assert str(error) == "too long"
