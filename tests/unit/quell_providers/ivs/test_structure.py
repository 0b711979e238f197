"""Documents that are nearly right are understood, or refused in the provider's own words."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse

from quell_providers.ivs.provider import IvsProvider
from quell_providers.ivs.wire import MalformedError, decode_frame, decode_record
from tests.unit.quell_providers.answers import is_answered
from tests.unit.quell_providers.ivs.fakes import (
    LOGGING,
    ROOM,
    START,
    Line,
    Parts,
    Switchboard,
    answered_by,
    message_frame,
    room_arn,
)
from tests.unit.quell_providers.ivs.test_damage import DESTINATION, FRAMES, PAGE, RECORDS, ROOMS, TOKEN, Body
from tests.unit.quell_providers.ivs.test_live import holds, linked
from tests.unit.quell_providers.structure import VALUES, encoded, hold, pairs, smallest, variants

pytestmark = pytest.mark.usefixtures("quiet")


def near(documents: list[Any], seed: int) -> Iterator[Any]:
    """Every change of one field of these documents, and some of two fields of each."""
    for document in documents:
        yield from variants(document)
        yield from pairs(document, 300, seed)


def test_any_frame() -> None:
    def understand(frame: Any) -> None:
        try:
            decode_frame(encoded(frame), ROOM)
        except MalformedError:
            return

    assert hold(near(FRAMES, seed=11), understand) > 2000


def test_any_record() -> None:
    def understand(record: Any) -> None:
        try:
            decode_record(encoded(record).decode("utf-8", "surrogatepass"), ROOM)
        except MalformedError:
            return

    assert hold(near(RECORDS, seed=12), understand) > 2000


async def test_a_whole_frame_after_any_other_arrives(parts: Parts) -> None:
    line, harmless = Line(), [frame for frame in FRAMES if frame["Type"] != "ERROR"]
    cases = [case for frame in harmless for case in variants(frame, VALUES[1::3]) if not is_error(case)]
    async with linked(parts, Switchboard([line])) as watcher:
        for number, case in enumerate(cases):
            line.say(encoded(case), message_frame(f"Whole{number:07}", START + number))
        await watcher.until(holds(f"+Whole{len(cases) - 1:07}"))
        told = watcher.told()
    assert [event for event in told if event.startswith("+Whole")] == [f"+Whole{n:07}" for n in range(len(cases))]
    assert "reconnecting" not in told


def is_error(frame: Any) -> bool:
    return isinstance(frame, dict) and frame.get("Type") == "ERROR"


def test_what_fails_is_told_in_its_smallest_form() -> None:
    def act(document: Any) -> None:
        if isinstance(document, dict) and document.get("a", {}).get("b"):
            raise KeyError("b")

    document = {"a": {"b": [1, 2], "c": "x"}, "d": [3]}
    assert smallest(document, lambda each: bool(each.get("a", {}).get("b"))) == {"a": {"b": [2]}}
    with pytest.raises(pytest.fail.Exception, match=r"KeyError: 'b'\n.*: \{'a': \{'b': \[2\]\}\}"):
        hold([{}, document], act)


class Script:
    """Stands between boto3 and the network: each operation is answered with what stands here."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}
        self.status = 200
        self.headers: dict[str, str] = {}

    def __call__(self, request: Any, **_: Any) -> AWSResponse:
        target = request.headers.get("X-Amz-Target", b"")
        operation = target.decode().rpartition(".")[2] if target else request.url.rpartition("/")[2]
        return AWSResponse(request.url, self.status, self.headers, Body(self.bodies[operation]))


RIGHT: dict[str, Any] = {
    "ListRooms": ROOMS,
    "GetRoom": ROOMS["rooms"][0],
    "DeleteMessage": {"id": "OpOpOpOpOpOp"},
    "DisconnectUser": {},
    "CreateChatToken": TOKEN,
    "GetLoggingConfiguration": DESTINATION,
    "GetLogEvents": PAGE | {"events": [{"timestamp": 1, "message": encoded(RECORDS[0]).decode(), "ingestionTime": 2}]},
}


@pytest.fixture
async def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[IvsProvider, Script]]:
    script = Script()
    script.bodies = {operation: encoded(answer) for operation, answer in RIGHT.items()}
    provider = answered_by(script, tmp_path, monkeypatch)
    await provider.rooms()
    yield provider, script
    await provider.aclose()


Call = Callable[[IvsProvider], Awaitable[object]]
CALLS: list[tuple[str, Call]] = [
    ("ListRooms", lambda provider: provider.rooms()),
    ("GetRoom", lambda provider: provider.find_rooms(room_arn(ROOM))),
    ("DeleteMessage", lambda provider: provider.delete(ROOM, "Message00001", "spam")),
    ("DisconnectUser", lambda provider: provider.disconnect(ROOM, "u1", "spam")),
    ("CreateChatToken", lambda provider: provider._control.create_ticket(room_arn(ROOM))),
    ("GetLoggingConfiguration", lambda provider: locate(provider)),
    ("GetLogEvents", lambda provider: provider.history(ROOM)),
]


async def locate(provider: IvsProvider) -> object:
    provider._control._destinations.clear()
    return await provider._control.log_destination(LOGGING)


@pytest.mark.parametrize(("operation", "call"), CALLS, ids=[operation for operation, _ in CALLS])
async def test_any_answer(scripted: tuple[IvsProvider, Script], operation: str, call: Call) -> None:
    provider, script = scripted
    answered = 0
    for answer in variants(RIGHT[operation], VALUES[::3]):
        script.bodies[operation] = encoded(answer)
        answered += await is_answered(call(provider), answer)
        # Whatever it was, it spoils nothing for the calls after it.
        script.bodies[operation] = encoded(RIGHT[operation])
    assert await is_answered(call(provider), "the right one")
    assert answered


async def test_any_status_with_any_body(scripted: tuple[IvsProvider, Script]) -> None:
    provider, script = scripted
    html, page = b"<html>\xff</html>", encoded(RIGHT["ListRooms"])
    bodies = (b"", html, page, page[: len(page) // 2], b"[" * 5000, b'{"message":5}', b"null", b"\xff\xfe")
    codes = itertools.cycle(("", "ThrottlingException:x", "\x7f", "9" * 300))
    for status in (200, 204, 302, 400, 401, 403, 404, 409, 413, 429, 500, 502, 503, 504):
        for body in bodies:
            script.status, script.headers = status, {"x-amzn-errortype": next(codes), "x-amz-retry-after": "9" * 40}
            script.bodies = dict.fromkeys(RIGHT, body)
            for operation, call in CALLS:
                await is_answered(call(provider), (operation, status, body, script.headers))
