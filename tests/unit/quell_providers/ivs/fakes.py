"""An IVS account in memory: stands in for boto3's two clients and for the messaging socket."""

import asyncio
import json
import math
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError

from quell_providers.ivs.calls import AwsSession, Calls
from quell_providers.ivs.control import ChatClient, ControlPlane
from quell_providers.ivs.directory import Directory
from quell_providers.ivs.history import History, LogsClient
from quell_providers.ivs.messaging import LinkLostError, Socket
from quell_providers.ivs.pace import Pace
from quell_providers.ivs.provider import IvsProvider
from quell_providers.ivs.settings import IvsSettings
from quell_providers.secret import Secret

ROOM = "AbCdEfGhIjKl"
LOGGING = "arn:aws:ivschat:us-west-2:1:logging-configuration/Cloudwatch12"
START = 1_700_000_000.0
"""The service's clock, which is not this machine's."""


def room_arn(room_id: str) -> str:
    return f"arn:aws:ivschat:us-west-2:1:room/{room_id}"


def denied(operation: str, code: str = "AccessDeniedException", message: str = "no") -> ClientError:
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    return ClientError(response, operation)


def time_text(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")


def message_frame(message_id: str, at: float, text: str = "hi") -> dict[str, Any]:
    sender = {"UserId": "u1", "Attributes": {"displayName": "Amara"}}
    return {"Type": "MESSAGE", "Id": message_id, "Content": text, "SendTime": time_text(at), "Sender": sender}


def deletion_frame(message_id: str, at: float, reason: str = "spam") -> dict[str, Any]:
    attributes = {"MessageId": message_id, "Reason": reason}
    return {"Type": "EVENT", "EventName": "aws:DELETE_MESSAGE", "Attributes": attributes, "SendTime": time_text(at)}


@dataclass
class Account:
    """What the clients answer; an exception in `failures` is raised once by the operation it stands under."""

    room_ids: list[str] = field(default_factory=lambda: [ROOM])
    names: dict[str, str] = field(default_factory=dict)
    """Rooms that have a name, by id."""
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What else is told of a room, by id."""
    page_size: int = 50
    logging: tuple[str, ...] = (LOGGING,)
    destination: Mapping[str, Any] = field(default_factory=lambda: {"cloudWatchLogs": {"logGroupName": "/chat"}})
    log: list[tuple[float, str]] = field(default_factory=list)
    """Records of the room's log stream: Unix seconds and text, oldest first."""
    log_page: int = 10_000
    failures: dict[str, list[Exception]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    closed: int = 0
    now: float = START

    def record(self, *frames: Mapping[str, Any]) -> None:
        for frame in frames:
            at = datetime.fromisoformat(frame["SendTime"]).timestamp()
            self.log.append((at, json.dumps({"type": frame["Type"], "payload": frame})))

    def called(self, operation: str) -> list[dict[str, Any]]:
        return [request for name, request in self.calls if name == operation]

    def _enter(self, operation: str, request: dict[str, Any]) -> None:
        self.calls.append((operation, dict(request)))
        if waiting := self.failures.get(operation):
            raise waiting.pop(0)

    def list_rooms(self, **request: Any) -> dict[str, Any]:
        self._enter("list_rooms", request)
        wanted = [one for one in self.room_ids if request.get("name") in (None, self.names.get(one, ""))]
        start = int(request.get("nextToken", 0))
        end = start + min(self.page_size, request["maxResults"])
        rooms = [self._room(room_id) for room_id in wanted[start:end]]
        return {"rooms": rooms} | ({"nextToken": str(end)} if end < len(wanted) else {})

    def get_room(self, **request: Any) -> dict[str, Any]:
        self._enter("get_room", request)
        found = [room_id for room_id in self.room_ids if room_arn(room_id) == request["identifier"]]
        if not found:
            raise denied("GetRoom", "ResourceNotFoundException")
        return self._room(found[0]) | {"maximumMessageLength": 500}

    def disconnect_user(self, **request: Any) -> dict[str, Any]:
        self._enter("disconnect_user", request)
        return {}

    def _room(self, room_id: str) -> dict[str, Any]:
        told = {"arn": room_arn(room_id), "id": room_id, "name": self.names.get(room_id, "")}
        return told | {"loggingConfigurationIdentifiers": list(self.logging)} | self.members.get(room_id, {})

    def create_chat_token(self, **request: Any) -> dict[str, Any]:
        self._enter("create_chat_token", request)
        ends = self.now + request["sessionDurationInMinutes"] * 60
        return {"token": "T" * 20, "sessionExpirationTime": datetime.fromtimestamp(ends, UTC)}

    def delete_message(self, **request: Any) -> dict[str, Any]:
        self._enter("delete_message", request)
        return {"id": "OpOpOpOpOpOp"}

    def get_logging_configuration(self, **request: Any) -> dict[str, Any]:
        self._enter("get_logging_configuration", request)
        return {"destinationConfiguration": self.destination}

    def get_log_events(self, **request: Any) -> dict[str, Any]:
        """Pages of the log; tokens are positions, and a token that leads nowhere comes back as it was."""
        until = request.get("endTime", math.inf) / 1000
        log = [record for record in self.log if record[0] < until]
        self._enter("get_log_events", request)
        count = min(request["limit"], self.log_page)
        since = request.get("startTime", 0) / 1000
        first = next((index for index, (at, _) in enumerate(log) if at >= since), len(log))
        token = request.get("nextToken")
        position = int(token[1:]) if token else (first if request.get("startFromHead") else len(log))
        forward = token.startswith("f") if token else request.get("startFromHead")
        low, high = (position, position + count) if forward else (position - count, position)
        low, high = max(low, first), min(high, len(log))
        events = [{"message": text, "timestamp": int(at * 1000)} for at, text in log[low:high]]
        return {"events": events, "nextForwardToken": f"f{max(high, low)}", "nextBackwardToken": f"b{min(low, high)}"}

    def close(self) -> None:
        self.closed += 1


class Parts:
    """The parts of a provider, on top of an account in memory."""

    def __init__(self, account: Account) -> None:
        self.chat: Calls[ChatClient] = Calls(lambda: account, threads=2, profile="mods")
        self.logs: Calls[LogsClient] = Calls(lambda: account, threads=1, profile="mods")
        self.control = ControlPlane(self.chat, user_id="quell-test")
        self.unreadable: Counter[str] = Counter()
        self.directory = Directory(self.control, "us-west-2")
        self.history = History(self.control, self.logs, self.unreadable)

    async def aclose(self) -> None:
        await self.chat.aclose()
        await self.logs.aclose()


class Line:
    """The far end of one messaging connection."""

    def __init__(self) -> None:
        self._frames: asyncio.Queue[bytes | Exception] = asyncio.Queue()
        self.closed = asyncio.Event()

    def say(self, *frames: Mapping[str, Any] | bytes) -> None:
        for frame in frames:
            self._frames.put_nowait(frame if isinstance(frame, bytes) else json.dumps(frame).encode())

    def cut(self, detail: str = "cut") -> None:
        self._frames.put_nowait(LinkLostError("The messaging connection ended.", detail))

    @property
    def has_frame(self) -> bool:
        return not self._frames.empty()

    async def receive(self) -> bytes:
        frame = await self._frames.get()
        if isinstance(frame, Exception):
            raise frame
        return frame


class Switchboard:
    """Makes connections, as `dial` does: the first to `lines[0]` and so on; an exception there is raised.

    A call for which there is no line is never answered.
    """

    def __init__(self, lines: Sequence[Line | Exception], on_dial: Callable[[int], None] = lambda _: None) -> None:
        self.lines = list(lines)
        self.dialled = 0
        self._on_dial = on_dial

    @asynccontextmanager
    async def __call__(self, url: str, token: Secret) -> AsyncIterator[Socket]:
        if self.dialled == len(self.lines):
            await asyncio.Event().wait()
        line = self.lines[self.dialled]
        self.dialled += 1
        self._on_dial(self.dialled)
        if isinstance(line, Exception):
            raise line
        try:
            yield line
        finally:
            line.closed.set()


def answered_by(answer: Callable[..., AWSResponse], folder: Path, monkeypatch: pytest.MonkeyPatch) -> IvsProvider:
    """A whole provider, boto3 included, whose requests get these answers and never leave or wait for their turn."""

    async def at_once(_: Pace) -> None:
        return

    def client(session: AwsSession, *arguments: Any) -> Any:
        made = real(session, *arguments)
        made.meta.events.register("before-send", answer)
        return made

    real = AwsSession.client
    monkeypatch.setattr(AwsSession, "client", client)
    monkeypatch.setattr(Pace, "turn", at_once)
    file = folder / "credentials"
    file.write_text("[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = example\n")
    return IvsProvider(IvsSettings(region="us-west-2", credentials_file=file))
