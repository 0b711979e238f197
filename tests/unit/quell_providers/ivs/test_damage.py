"""Whatever a service sends, a provider raises its own errors and nothing else, and misses nothing that is whole."""

import itertools
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse

from quell_providers.ivs.wire import MalformedError, decode_frame, decode_record
from tests.unit.quell_providers.answers import answered_and_refused
from tests.unit.quell_providers.ivs.fakes import (
    LOGGING,
    ROOM,
    START,
    Account,
    Line,
    Parts,
    Switchboard,
    answered_by,
    deletion_frame,
    message_frame,
    room_arn,
)
from tests.unit.quell_providers.ivs.test_history import LOGGED
from tests.unit.quell_providers.ivs.test_live import holds, linked
from tests.unit.quell_providers.mutation import Damage

FRAMES = [
    message_frame("Message00001", START),
    message_frame("Message00001", START) | {"Attributes": {"username": "x"}, "RequestId": ""},
    deletion_frame("Message00001", START),
    {"Type": "ERROR", "Id": "x", "RequestId": "", "ErrorCode": 429, "ErrorMessage": "slow down"},
    {"Type": "EVENT", "EventName": "app:POLL", "Attributes": {}, "SendTime": "2023-11-14T22:13:20Z"},
]
RECORDS = [
    {"event_timestamp": "2023-11-14T22:13:20.000Z", "type": f["Type"], "version": "1.0", "payload": f} for f in FRAMES
]


pytestmark = pytest.mark.usefixtures("quiet")


def test_a_damaged_frame_is_understood_or_malformed() -> None:
    understood = malformed = 0
    for data in Damage(1).texts(FRAMES, 30_000):
        try:
            decode_frame(data, ROOM)
            understood += 1
        except MalformedError:
            malformed += 1
    assert understood > 1000
    assert malformed > 1000


def test_a_damaged_record_is_understood_or_malformed() -> None:
    understood = malformed = 0
    for data in Damage(2).texts(RECORDS, 10_000):
        try:
            decode_record(data.decode("utf-8", "replace"), ROOM)
            understood += 1
        except MalformedError:
            malformed += 1
    assert understood > 300
    assert malformed > 300


async def test_a_whole_frame_after_any_number_of_damaged_ones_arrives(parts: Parts) -> None:
    line = Line()
    harmless = [frame for frame in FRAMES if frame["Type"] != "ERROR"]
    async with linked(parts, Switchboard([line])) as watcher:
        for round_, data in enumerate(Damage(3).texts(harmless, 3000)):
            line.say(data)
            if round_ % 100 == 0:
                line.say(message_frame(f"Whole{round_:07}", START + round_))
        await watcher.until(holds("+Whole0002900"))
        told = watcher.told()
    assert [event for event in told if event.startswith("+Whole")] == [f"+Whole{n:07}" for n in range(0, 3000, 100)]
    assert "reconnecting" not in told
    assert parts.unreadable[ROOM] > 100


async def test_a_whole_record_among_damaged_ones_is_read(account: Account, parts: Parts) -> None:
    for round_, data in enumerate(Damage(4).texts(RECORDS, 3000)):
        account.log.append((START + round_, data.decode("utf-8", "replace")))
        if round_ % 100 == 0:
            account.record(message_frame(f"Whole{round_:07}", START + round_))
    page = await parts.history.page(LOGGED, 10_000, None)
    whole = [message.id for message in page.messages if message.id.startswith("Whole")]
    assert whole == [f"Whole{n:07}" for n in range(0, 3000, 100)]


ROOMS = {
    "rooms": [
        {
            "arn": room_arn(ROOM),
            "id": ROOM,
            "name": "finals",
            "createTime": "2023-11-14T22:13:20Z",
            "messageReviewHandler": {"uri": "u", "fallbackResult": "DENY"},
            "tags": {"a": "b"},
            "loggingConfigurationIdentifiers": [LOGGING],
        }
    ],
}
TOKEN = {
    "token": "T" * 20,
    "sessionExpirationTime": "2023-11-14T22:13:20Z",
    "tokenExpirationTime": "2023-11-14T22:13:20Z",
}
DESTINATION = {"arn": LOGGING, "destinationConfiguration": {"cloudWatchLogs": {"logGroupName": "/chat"}}}
PAGE = {
    "events": [{"timestamp": 1, "message": "{}", "ingestionTime": 2}],
    "nextForwardToken": "f",
    "nextBackwardToken": "b",
}
ERROR = {
    "__type": "ValidationException",
    "message": "no",
    "fieldList": [{"name": "id", "message": "no"}],
    "reason": "OTHER",
}


class Answers:
    """Stands between boto3 and the network: every request is answered with the next damaged document."""

    def __init__(self) -> None:
        self._bodies = Damage(5).texts([ROOMS, TOKEN, DESTINATION, PAGE, ERROR, {"id": "OpOpOpOpOpOp"}], 10**9)
        self._statuses = itertools.cycle((200, 200, 200, 403, 200, 429, 200, 500, 302, 204))
        self._lock = threading.Lock()

    def __call__(self, request: Any, **_: Any) -> AWSResponse:
        with self._lock:
            return AWSResponse(request.url, next(self._statuses), {}, Body(next(self._bodies)))


class Body:
    """What botocore reads an answer from."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._data


async def test_a_damaged_answer_is_a_refusal_or_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = answered_by(Answers(), tmp_path, monkeypatch)
    calls: list[Callable[[], Awaitable[object]]] = [
        provider.login,
        provider.rooms,
        lambda: provider.find_rooms(room_arn(ROOM)),
        lambda: provider.find_rooms("finals"),
        lambda: provider.history(ROOM),
        lambda: provider.delete(ROOM, "Message00001", "spam"),
        lambda: provider.disconnect(ROOM, "u1", "spam"),
    ]
    answered, refused = await answered_and_refused(calls, 700)
    await provider.aclose()
    assert answered > 50
    assert refused > 50
