"""How answers travel: bodies, headers, and the ways in which a refusal may tell its code."""

import json
import uuid
from collections.abc import Mapping
from enum import StrEnum

from aiohttp import web

from quell_providers.sandbox.ivs.errors import AwsError


class ErrorForm(StrEnum):
    """Where the code of a refusal stands. AWS clients must read all of these, and the service does not promise one."""

    HEADER = "x-amzn-errortype"
    """In a header of this name."""
    CODE = "code"
    """In a member of the body of this name, as in the two that follow."""
    CAPITAL_CODE = "Code"
    TYPE = "__type"
    STATUS = "status"
    """Nowhere: the HTTP status has to do."""


def rest(answer: Mapping[str, object] | None, status: int) -> web.Response:
    """An answer of a rest-json operation; `None`: without a body."""
    return _response(b"" if answer is None else json.dumps(answer).encode(), status, "application/json")


def rest_refusal(error: AwsError, form: ErrorForm) -> web.Response:
    """A refusal of a rest-json operation."""
    body: dict[str, object] = {"message": error.message} | error.members
    headers: dict[str, str] = {}
    if form is ErrorForm.HEADER:
        headers[form.value] = error.code
    elif form is not ErrorForm.STATUS:
        body[form.value] = error.code
    return _response(json.dumps(body).encode(), error.status, "application/json", headers)


def json_rpc(answer: Mapping[str, object]) -> web.Response:
    """An answer of a JSON 1.1 operation."""
    return _response(json.dumps(answer).encode(), 200, "application/x-amz-json-1.1")


def json_rpc_refusal(error: AwsError) -> web.Response:
    """A refusal of a JSON 1.1 operation."""
    body = {"__type": error.code, "message": error.message}
    return _response(json.dumps(body).encode(), 400, "application/x-amz-json-1.1")


def _response(body: bytes, status: int, content_type: str, headers: Mapping[str, str] | None = None) -> web.Response:
    response = web.Response(
        body=body, status=status, headers={"x-amzn-RequestId": str(uuid.uuid4()), **(headers or {})}
    )
    if status != 204:
        response.content_type = content_type
    return response
