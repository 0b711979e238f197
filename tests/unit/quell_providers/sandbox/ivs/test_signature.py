import asyncio
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from quell_providers.sandbox.ivs.errors import AwsError
from quell_providers.sandbox.ivs.signature import Call, signer
from tests.unit.quell_providers.sandbox.ivs.conftest import Stage


async def refusal(client: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        await asyncio.to_thread(client.list_rooms)
    response = caught.value.response
    assert response["Error"]["Message"]
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


async def test_an_unknown_access_key_is_refused(stage: Stage) -> None:
    key = replace(stage.service.keys["admin"], access_key_id="AKIAUNKNOWNUNKNOWN12")
    assert await refusal(stage.client("admin", key=key)) == ("UnrecognizedClientException", 403)


async def test_a_wrong_secret_is_refused(stage: Stage) -> None:
    key = replace(stage.service.keys["admin"], secret_access_key="guessed")
    assert await refusal(stage.client("admin", key=key)) == ("InvalidSignatureException", 403)


async def test_a_signature_for_another_region_is_refused(stage: Stage) -> None:
    assert await refusal(stage.client("admin", region="eu-west-1")) == ("InvalidSignatureException", 403)


async def test_a_call_without_a_signature_is_refused(stage: Stage) -> None:
    address = f"{stage.service.endpoint_url}/ListRooms"
    async with aiohttp.ClientSession() as session, session.post(address, json={}) as response:
        assert response.status == 403
        assert response.headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"
        assert await response.json() == {"message": "Missing Authentication Token"}


async def test_keys_are_new_at_every_start_and_do_not_show_their_secret(stage: Stage) -> None:
    keys = stage.service.keys.values()
    assert len({key.access_key_id for key in keys}) == len(keys)
    assert all(key.secret_access_key not in repr(key) for key in keys)


def signed(stage: Stage, **changes: Any) -> Call:
    """A call that botocore signed, and then something changed on the way."""
    key = stage.service.keys["admin"]
    request = AWSRequest("POST", "http://127.0.0.1:1/ListRooms?b=2&a=1", headers={"X-Odd": "two  blanks"}, data=b"{}")
    SigV4Auth(Credentials(key.access_key_id, key.secret_access_key), "ivschat", "us-west-2").add_auth(request)
    headers = {**dict(request.headers.items()), "Host": "127.0.0.1:1"}
    return replace(Call("POST", "/ListRooms", "b=2&a=1", headers, b"{}"), **changes)


def test_a_call_as_botocore_signs_it_is_accepted(stage: Stage) -> None:
    key = stage.service.keys["admin"]
    assert signer(signed(stage), "ivschat", {key.access_key_id: key}) is key


@pytest.mark.parametrize("change", [{"body": b"{ }"}, {"path": "/GetRoom"}, {"query": "a=1"}, {"method": "PUT"}])
def test_a_call_that_was_changed_on_the_way_is_refused(stage: Stage, change: dict[str, Any]) -> None:
    key = stage.service.keys["admin"]
    with pytest.raises(AwsError) as caught:
        signer(signed(stage, **change), "ivschat", {key.access_key_id: key})
    assert caught.value.code == "InvalidSignatureException"
