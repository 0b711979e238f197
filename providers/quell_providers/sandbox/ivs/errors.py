"""The noes of AWS, with their codes, HTTP statuses and members (service model `ivschat`, section errors)."""

from collections.abc import Mapping


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
    """No such room or logging configuration in this region (the model's `resourceType` knows only `ROOM`)."""
    return AwsError("ResourceNotFoundException", 404, "Resource not found", resourceId=arn, resourceType="ROOM")


def throttled(arn: str, limit: int) -> AwsError:
    """The call rate of the account is used up."""
    return AwsError("ThrottlingException", 429, "Rate exceeded", resourceId=arn, resourceType="ROOM", limit=limit)


def invalid(problems: Mapping[str, str]) -> AwsError:
    """Fields that break the rules of the model: field name to what is wrong with it."""
    return AwsError(
        "ValidationException",
        400,
        "; ".join(f"{name}: {problem}" for name, problem in problems.items()),
        reason="FIELD_VALIDATION_FAILED",
        fieldList=[{"name": name, "message": problem} for name, problem in problems.items()],
    )


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
