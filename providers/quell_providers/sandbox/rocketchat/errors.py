"""The ways Rocket.Chat says no."""

from quell_providers.sandbox.rocketchat.wire import Document


class AnswerError(Exception):
    """A REST answer other than success, ready to be sent."""

    def __init__(self, status: int, body: Document) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.body: Document = {"success": False, **body}


class MeteorError(Exception):
    """An error with a code. REST and DDP each write it in their own form.

    Args:
        code: `error` of the DDP form and `errorType` of the REST form.
        reason: The sentence for people; may be empty.
        details: Further facts, in the DDP form only.
    """

    def __init__(self, code: str | int, reason: str = "", details: Document | None = None) -> None:
        self.code = code
        self.reason = reason
        self.details = details
        self.message = f"{reason} [{code}]".lstrip()
        super().__init__(self.message)


def failure(text: str = "", error_type: str = "") -> AnswerError:
    """A plain refusal with HTTP 400: a sentence without a code, or nothing at all."""
    body: Document = {}
    if text:
        body["error"] = text
    if error_type:
        body["errorType"] = error_type
    return AnswerError(400, body)


def forbidden() -> AnswerError:
    """HTTP 403 with the word that versions before 9 use for it."""
    return AnswerError(403, {"error": "unauthorized"})


def not_logged_in() -> AnswerError:
    """HTTP 401 of every route that needs a login; `status` and `message` are there before version 9."""
    text = "You must be logged in to do this."
    return AnswerError(401, {"error": text, "status": "error", "message": text})


def not_permitted() -> AnswerError:
    """HTTP 403 of every route that asks for a permission before anything else."""
    text = "User does not have the permissions required for this action [error-unauthorized]"
    return AnswerError(403, {"error": text})


def too_many_requests(wait_seconds: int) -> AnswerError:
    """HTTP 429 of every limited route; the time to wait stands in the text only."""
    text = (
        "Error, too many requests. Please slow down. You must wait "
        f"{wait_seconds} seconds before trying this endpoint again. [error-too-many-requests]"
    )
    return AnswerError(429, {"error": text})
