"""Refusals in all the ways in which they may travel, as botocore reads them."""

import json
from typing import Any

import aiohttp
import pytest

from quell_providers.sandbox.ivs import errors, names
from quell_providers.sandbox.ivs.answers import ErrorForm, rest_refusal
from tests.unit.quell_providers.sandbox.ivs.conftest import Stage
from tests.unit.quell_providers.sandbox.ivs.judge import problems

ARN = names.room_arn("NoSuchRoom12")


@pytest.mark.parametrize("form", ErrorForm)
async def test_botocore_reads_the_code_in_every_form(stage: Stage, form: ErrorForm) -> None:
    stage.service.error_form = form
    response = await stage.refused("admin", "delete_message", roomIdentifier=ARN, id="AbCdEfGhIjKl")
    code = "404" if form is ErrorForm.STATUS else "ResourceNotFoundException"
    assert response["Error"] == {"Code": code, "Message": "Resource not found"}
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert len(response["ResponseMetadata"]["RequestId"]) == 36


async def test_modelled_members_are_read_too(stage: Stage) -> None:
    response = await stage.refused("admin", "delete_message", roomIdentifier=ARN, id="AbCdEfGhIjKl")
    assert (response["resourceId"], response["resourceType"]) == ("NoSuchRoom12", "ROOM")


def test_every_form_puts_the_code_where_it_says() -> None:
    found = {form: rest_refusal(errors.internal(), form) for form in ErrorForm}
    for form, response in found.items():
        assert isinstance(response.body, bytes)
        body = json.loads(response.body)
        places = {name for name in ("code", "Code", "__type") if body.get(name) == "InternalServerException"}
        places |= {"x-amzn-errortype"} & {name.lower() for name in response.headers}
        assert places == ({form.value} if form is not ErrorForm.STATUS else set())
        assert body.keys() == {"message"} | places - {"x-amzn-errortype"}


@pytest.mark.parametrize(
    "error",
    [
        errors.access_denied("arn:aws:iam::1:user/x", "ivschat:GetRoom", ARN, because="because"),
        errors.pending_verification(),
        errors.not_found(ARN),
        errors.throttled(ARN, 5),
        errors.throttled("", 5),
        errors.quota_exceeded("rooms", 5),
        errors.conflict(ARN, "in use"),
        errors.invalid({"id": "wrong"}),
        errors.unacceptable("no"),
        errors.internal(),
    ],
    ids=lambda error: error.code,
)
def test_refusals_have_the_status_and_members_of_the_model(stage: Stage, error: errors.AwsError) -> None:
    shape: Any = stage.client("admin").meta.service_model.shape_for(error.code)
    assert problems(shape, {"message": error.message} | error.members) == []
    assert error.status == shape.metadata["error"]["httpStatusCode"]


@pytest.mark.parametrize("path", ["CreateNothing", "TagResource", "a/b"])
async def test_other_paths_are_unknown_operations(stage: Stage, path: str) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{stage.service.endpoint_url}/{path}", json={}) as response:
            assert response.status in (403, 404)
        async with session.put(f"{stage.service.endpoint_url}/tags/{ARN}", json={}) as response:
            assert response.status == 403
