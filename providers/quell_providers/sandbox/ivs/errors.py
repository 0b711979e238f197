"""The noes of AWS, with their codes, HTTP statuses and members (service model `ivschat`, section errors)."""

from collections.abc import Mapping

from quell_providers.sandbox.ivs import names


class AwsError(Exception):
    """A refusal that the service sends as its answer.

    Args:
        status: The HTTP status where the protocol is rest-json; JSON 1.1 always answers 400.
        members: Further members of the error's body.
    """

    def __init__(self, code: str, status: int, message: str, **members: object) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.status = status
        self.message = message
        self.members = members


def access_denied(user_arn: str, action: str, resource: str, *, because: str) -> AwsError:
    """IAM's own answer, given before the service sees the call."""
    text = f"User: {user_arn} is not authorized to perform: {action} on resource: {resource} {because}"
    return AwsError("AccessDeniedException", 403, text)


def pending_verification() -> AwsError:
    """The AWS account is too young."""
    return AwsError("PendingVerification", 403, "Your account is pending verification.")


def not_found(arn: str) -> AwsError:
    """No such room or logging configuration in this region."""
    return AwsError("ResourceNotFoundException", 404, "Resource not found", **_resource(arn))


def throttled(arn: str, limit: int) -> AwsError:
    """The call rate of the account is used up.

    Args:
        arn: What the call was about; empty where it was about no one thing.
        limit: Calls a second.
    """
    return AwsError("ThrottlingException", 429, "Rate exceeded", **_resource(arn), limit=limit)


def quota_exceeded(what: str, limit: int) -> AwsError:
    """The account has as many of something as it may."""
    text = f"The account already has {limit} {what}, which is its quota."
    return AwsError("ServiceQuotaExceededException", 402, text, **_resource(""), limit=limit)


def conflict(arn: str, why: str) -> AwsError:
    """Something else stands in the way of a change."""
    return AwsError("ConflictException", 409, why, **_resource(arn))


def invalid(problems: Mapping[str, str]) -> AwsError:
    """Fields that break the rules of the model: field name to what is wrong with it."""
    return AwsError(
        "ValidationException",
        400,
        "; ".join(f"{name}: {problem}" for name, problem in problems.items()),
        reason="FIELD_VALIDATION_FAILED",
        fieldList=[{"name": name, "message": problem} for name, problem in problems.items()],
    )


def unacceptable(why: str) -> AwsError:
    """A request whose fields are right one by one, but which can not be carried out."""
    return AwsError("ValidationException", 400, why, reason="OTHER")


def internal() -> AwsError:
    """Something broke inside the service."""
    return AwsError("InternalServerException", 500, "An unexpected error occurred while processing the request.")


def unreadable() -> AwsError:
    """The body is not a JSON object."""
    return AwsError("SerializationException", 400, "The request body is not a JSON object.")


def unknown_operation() -> AwsError:
    """No such operation, or one that the sandbox does not have."""
    return AwsError("UnknownOperationException", 404, "Unknown operation.")


def unknown_key() -> AwsError:
    """Signed with an access key that does not exist."""
    return AwsError("UnrecognizedClientException", 403, "The security token included in the request is invalid.")


def unsigned() -> AwsError:
    """No usable `Authorization` header."""
    return AwsError("MissingAuthenticationTokenException", 403, "Missing Authentication Token")


def wrong_scope(service: str) -> AwsError:
    """Signed for another service or region."""
    return AwsError("InvalidSignatureException", 403, f"Credential should be scoped to correct service: '{service}'.")


def wrong_signature() -> AwsError:
    """Signed with another secret, or changed on the way."""
    text = "The request signature does not match the signature calculated here. Check the secret access key."
    return AwsError("InvalidSignatureException", 403, text)


def bad_parameter(message: str) -> AwsError:
    """CloudWatch Logs' answer to a wrong parameter."""
    return AwsError("InvalidParameterException", 400, message)


def log_not_found(what: str) -> AwsError:
    """CloudWatch Logs has no such group or stream."""
    return AwsError("ResourceNotFoundException", 400, f"The specified {what} does not exist.")


def _resource(arn: str) -> dict[str, object]:
    """What a refusal is about. The model knows no other type than `ROOM`, and ids of letters and digits only."""
    return {"resourceId": names.resource_id(arn) or names.ACCOUNT, "resourceType": "ROOM"}
