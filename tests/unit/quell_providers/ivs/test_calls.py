"""boto3 itself, in threads, against a server of a few lines."""

import asyncio
import hashlib
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from quell_providers.ivs import calls as calls_module
from quell_providers.ivs.calls import AwsSession, Calls
from quell_providers.ivs.control import ControlPlane
from quell_providers.ivs.settings import IvsSettings
from quell_providers.refusal import Refusal, RefusalKind, RefusedError

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

SECRET = "wJalrXUtnFEMIsandbox"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IvsSettings:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    credentials = tmp_path / "credentials"
    credentials.write_text(f"[mods]\naws_access_key_id = AKIAFILE\naws_secret_access_key = {SECRET}\n")
    return IvsSettings(region="us-west-2", profile="mods", credentials_file=credentials)


@asynccontextmanager
async def server(serve: Serve) -> AsyncIterator[str]:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        finally:
            writer.close()

    listening = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        listening.close()
        await listening.wait_closed()


async def read_head(reader: asyncio.StreamReader) -> str:
    return (await reader.readuntil(b"\r\n\r\n")).decode()


@asynccontextmanager
async def calling(settings: IvsSettings, endpoint_url: str) -> AsyncIterator[Calls[Any]]:
    session = AwsSession(settings)
    calls: Calls[Any] = Calls(
        lambda: session.client("ivschat", endpoint_url, 2),
        threads=2,
        profile=settings.profile,
        forget=session.forget,
    )
    try:
        yield calls
    finally:
        await calls.aclose()


async def refused(calls: Calls[Any]) -> Refusal:
    with pytest.raises(RefusedError) as caught:
        await calls.call(lambda client: client.list_rooms(maxResults=1), about="the rooms")
    assert SECRET not in f"{caught.value!r} {caught.value.refusal!r}"
    assert caught.value.__context__ is None
    return caught.value.refusal


def answering(status: str, body: bytes, headers: list[str]) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        headers.append(await read_head(reader))
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()

    return serve


async def test_the_profile_of_the_named_file_signs_whatever_the_environment_holds(
    settings: IvsSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "other")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_IVSCHAT", "http://127.0.0.1:1")
    heads: list[str] = []
    async with server(answering("200 OK", b'{"rooms": []}', heads)) as url, calling(settings, url) as calls:
        answer: Mapping[str, Any] = await calls.call(lambda client: client.list_rooms(), about="the rooms")
    assert answer["rooms"] == []
    assert "Credential=AKIAFILE/" in heads[0]


async def test_the_file_alone_means_its_default_profile(
    tmp_path: Path, settings: IvsSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "other")
    file = tmp_path / "credentials"
    file.write_text(file.read_text().replace("[mods]", "[default]"))
    assert AwsSession(IvsSettings(region="us-west-2", credentials_file=file)).access_key_id() == "AKIAFILE"


async def test_a_failure_is_tried_once(settings: IvsSettings) -> None:
    heads: list[str] = []
    async with server(answering("500 No", b'{"message": "broken"}', heads)) as url, calling(settings, url) as calls:
        refusal = await refused(calls)
    assert refusal.kind is RefusalKind.UNAVAILABLE
    assert refusal.detail == "broken"
    assert len(heads) == 1


async def test_a_line_cut_after_the_request_leaves_it_open_what_happened(settings: IvsSettings) -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)

    async with server(cut) as url, calling(settings, url) as calls:
        assert (await refused(calls)).kind is RefusalKind.LOST


async def test_an_answer_that_does_not_come_leaves_it_open_what_happened(
    settings: IvsSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quell_providers.ivs.calls._READ_SECONDS", 0.05)

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with server(hang) as url, calling(settings, url) as calls:
        refusal = await refused(calls)
    assert (refusal.kind, refusal.code) == (RefusalKind.LOST, "ReadTimeoutError")


async def test_a_login_page_in_between_is_not_taken_for_a_deletion(settings: IvsSettings) -> None:
    arn = "arn:aws:ivschat:us-west-2:1:room/AbCdEfGhIjKl"
    page = answering("200 OK", b"<html>Log in to this network</html>", [])
    async with server(page) as url, calling(settings, url) as calls:
        with pytest.raises(RefusedError) as caught:
            await ControlPlane(calls, "quell").delete_message(arn, "5OPsDdX18qcJ", None)
    assert caught.value.refusal.kind is RefusalKind.LOST


async def test_a_service_that_is_not_there_got_nothing(settings: IvsSettings) -> None:
    async with server(answering("200 OK", b"{}", [])) as url:
        pass
    async with calling(settings, url) as calls:
        assert (await refused(calls)).kind is RefusalKind.UNAVAILABLE


async def test_a_profile_that_there_is_not_is_a_refused_login(settings: IvsSettings) -> None:
    other = IvsSettings(region="us-west-2", profile="nobody", credentials_file=settings.credentials_file)
    async with calling(other, "http://127.0.0.1:1") as calls:
        refusal = await refused(calls)
    assert refusal.kind is RefusalKind.LOGIN
    assert "nobody" in refusal.detail


async def test_a_profile_that_would_ask_for_a_code_is_refused_instead_of_asking(
    tmp_path: Path, settings: IvsSettings
) -> None:
    (tmp_path / "config").write_text(
        "[profile strict]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = mods\nmfa_serial = arn:aws:iam::1:mfa/m\n"
    )
    strict = IvsSettings(region="us-west-2", profile="strict", credentials_file=settings.credentials_file)
    async with calling(strict, "http://127.0.0.1:1") as calls:
        refusal = await refused(calls)
    assert refusal.kind is RefusalKind.LOGIN
    assert "MFA" in refusal.cause


@pytest.mark.parametrize(
    "body",
    [b"null", b"[]", b'"text"', b"{", b"\xff\xfe", b'{"token": "T", "sessionExpirationTime": "never"}'],
)
async def test_an_answer_of_another_form_leaves_it_open_what_happened(settings: IvsSettings, body: bytes) -> None:
    arn = "arn:aws:ivschat:us-west-2:1:room/AbCdEfGhIjKl"
    async with server(answering("200 OK", body, [])) as url, calling(settings, url) as calls:
        with pytest.raises(RefusedError) as caught:
            await ControlPlane(calls, "quell").create_ticket(arn)
    assert caught.value.refusal.kind in (RefusalKind.LOST, RefusalKind.UNAVAILABLE)
    assert caught.value.refusal.cause


async def test_credentials_that_were_renewed_outside_are_read_anew_after_a_refusal(
    settings: IvsSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quell_providers.ivs.calls._STALE_SECONDS", 0.0)
    file = settings.credentials_file
    assert file is not None

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fresh = "Credential=AKIARENEWED/" in await read_head(reader)
        status = "200 OK" if fresh else "403 No\r\nx-amzn-errortype: ExpiredTokenException"
        body = b'{"rooms": []}' if fresh else b'{"message": "expired"}'
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()

    async with server(serve) as url, calling(settings, url) as calls:
        refusal = await refused(calls)
        assert (refusal.kind, refusal.remedy) == (RefusalKind.LOGIN, "aws sso login --profile mods")
        file.write_text(file.read_text().replace("AKIAFILE", "AKIARENEWED"))
        assert await calls.call(lambda client: client.list_rooms()["rooms"], about="the rooms") == []


SSO = """
[profile mods]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Moderator
[sso-session corp]
sso_region = us-west-2
sso_start_url = https://corp.example.org/start
"""
EXPIRED = {"accessToken": "SSOTOKEN", "expiresAt": "2020-01-01T00:00:00Z", "startUrl": "https://corp.example.org/start"}


@pytest.mark.parametrize("cached", [None, EXPIRED, {}, []])
async def test_an_sso_login_that_ended_says_how_to_log_in_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cached: object
) -> None:
    (tmp_path / "config").write_text(SSO)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("HOME", str(tmp_path))
    if cached is not None:
        cache = tmp_path / ".aws" / "sso" / "cache"
        cache.mkdir(parents=True)
        name = hashlib.sha1(b"corp", usedforsecurity=False).hexdigest()
        (cache / f"{name}.json").write_text(json.dumps(cached))
    async with calling(IvsSettings(region="us-west-2", profile="mods"), "http://127.0.0.1:1") as calls:
        refusal = await refused(calls)
    assert refusal.kind is RefusalKind.LOGIN
    assert "SSOTOKEN" not in repr(refusal)
    if isinstance(cached, dict) or cached is None:
        assert refusal.remedy == "aws sso login --profile mods"


ROLE = """
[profile mods]
role_arn = arn:aws:iam::123456789012:role/Moderator
source_profile = base
"""
ASSUMED = b"""<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>
<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
</Credentials></AssumeRoleResult></AssumeRoleResponse>"""
REFUSED = b"<ErrorResponse><Error><Code>%s</Code><Message>its words</Message></Error></ErrorResponse>"


@pytest.fixture
def role(tmp_path: Path, settings: IvsSettings, monkeypatch: pytest.MonkeyPatch) -> IvsSettings:
    """A profile that stands for a role."""
    file = tmp_path / "credentials"
    file.write_text(file.read_text().replace("[mods]", "[base]"))
    (tmp_path / "config").write_text(ROLE)
    return settings


async def test_a_role_is_assumed_and_signs(role: IvsSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    heads: list[str] = []
    async with server(answering("200 OK", ASSUMED, [])) as sts, server(answering("200 OK", b"{}", heads)) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", sts)
        async with calling(role, url) as calls:
            await calls.call(lambda client: client.list_rooms(), about="the rooms")
    assert "Credential=ASIAROLE/" in heads[0]


@pytest.mark.parametrize(
    ("code", "words"), [(b"ExpiredToken", "have expired"), (b"AccessDenied", "can not be read"), (b"x", "")]
)
async def test_a_role_that_can_not_be_assumed_is_a_refused_login(
    role: IvsSettings, monkeypatch: pytest.MonkeyPatch, code: bytes, words: str
) -> None:
    async with server(answering("403 No", REFUSED % code, [])) as sts:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", sts)
        async with calling(role, "http://127.0.0.1:1") as calls:
            refusal = await refused(calls)
    assert (refusal.kind, refusal.detail) == (RefusalKind.LOGIN, "its words")
    assert words in refusal.cause


async def test_after_closing_no_thread_is_left_and_every_call_is_refused(settings: IvsSettings) -> None:
    before = set(threading.enumerate())
    async with server(answering("200 OK", b'{"rooms": []}', [])) as url, calling(settings, url) as calls:
        await calls.call(lambda client: client.list_rooms(), about="the rooms")
        await calls.aclose()
        assert (await refused(calls)).kind is RefusalKind.UNAVAILABLE
    assert set(threading.enumerate()) <= before


async def test_closing_lets_running_calls_end_and_refuses_waiting_ones() -> None:
    release, started = threading.Event(), threading.Event()

    class Client:
        closed = False

        def close(self) -> None:
            self.closed = True

    client = Client()
    calls: Calls[Client] = Calls(lambda: client, threads=1, profile=None)

    def slow(_: Client) -> str:
        started.set()
        release.wait(5)
        return "done"

    running = asyncio.create_task(calls.call(slow, about="x"))
    waiting = asyncio.create_task(calls.call(lambda _: "never", about="x"))
    await asyncio.to_thread(started.wait, 5)
    closing = asyncio.create_task(calls.aclose())
    await asyncio.sleep(0)
    release.set()
    await closing
    assert await running == "done"
    with pytest.raises(RefusedError):
        await waiting
    assert client.closed


async def test_a_call_that_does_not_end_is_given_up_and_keeps_nobody_from_closing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Client:
        def close(self) -> None:
            return

    monkeypatch.setattr(calls_module, "_DEADLINE_SECONDS", 0.05)
    release, started = threading.Event(), threading.Event()
    calls: Calls[Client] = Calls(Client, threads=1, profile=None)

    def endless(_: Client) -> None:
        started.set()
        release.wait(10)

    kinds = []
    for ask in (endless, lambda _: None):  # the second one waits for the only thread, and is never sent
        with pytest.raises(RefusedError) as caught:
            await calls.call(ask, about="x")
        kinds.append(caught.value.refusal.kind)
        assert caught.value.__context__ is None
    await asyncio.to_thread(started.wait, 5)
    await calls.aclose()
    release.set()
    assert kinds == [RefusalKind.LOST, RefusalKind.UNAVAILABLE]
