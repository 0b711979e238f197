import json
from collections.abc import AsyncGenerator, Sequence

import pytest
from msgspec.structs import replace

from quell_providers.model import Deleted, Event, Message, Posted, StateChanged
from quell_providers.provider import HistoryPage
from quell_providers.refusal import Refusal, RefusalKind, RefusedError
from tests.support.fake_provider import BUCKET, FakeProvider, message
from tests.unit.quell.cli.conftest import ROOMS, Quell


class Scripted(FakeProvider):
    """Its live stream is a list of events, after which it ends."""

    def __init__(self, events: Sequence[Event], history: Sequence[Message] = ()) -> None:
        super().__init__(ROOMS, {"r1": history}, BUCKET)
        self.events = events
        self.history_error: Refusal | None = None

    async def follow(self, room_id: str) -> AsyncGenerator[Event, None]:
        for event in self.events:
            yield event

    async def history(self, room_id: str, *, limit: int = 100, before: str | None = None) -> HistoryPage:
        if self.history_error is not None:
            raise RefusedError(self.history_error)
        return await super().history(room_id, limit=limit, before=before)


CONNECTING = StateChanged("r1", "connecting")
LIVE = StateChanged("r1", "live")
REFUSED = StateChanged("r1", "refused", "403", "No access.", "Ask an admin.")


def events(output: str) -> list[tuple[str, str]]:
    """Kind of each event, with the message or state that it is about."""
    lines = [json.loads(line) for line in output.splitlines()]
    return [
        (line["event"], line.get("state") or line.get("message_id") or line.get("message", {}).get("id"))
        for line in lines
    ]


def test_history_follows_the_connection_and_nothing_comes_twice(
    quell: Quell, providers: dict[str, FakeProvider]
) -> None:
    old = [message(number, "x") for number in (1, 2, 3)]
    live: list[Event] = [
        CONNECTING,
        LIVE,
        Posted(old[2]),
        Posted(message(4, "y")),
        Deleted("r1", "m0002", "spam"),
        REFUSED,
    ]
    providers["work"] = Scripted(live, old)
    result = quell("watch", "work/general", "--history", "2", "--json")
    assert events(result.stdout) == [
        ("state", "connecting"),
        ("state", "connected"),
        ("posted", "m0002"),
        ("posted", "m0003"),
        ("posted", "m0004"),
        ("deleted", "m0002"),
        ("state", "refused"),
    ]
    assert {json.loads(line)["room"] for line in result.stdout.splitlines()} == {"work/r1"}


def test_a_message_of_the_history_that_is_posted_anew_as_deleted_is_told(
    quell: Quell, providers: dict[str, FakeProvider]
) -> None:
    old = message(1, "x")
    providers["work"] = Scripted([LIVE, Posted(replace(old, deleted=True)), Posted(old), REFUSED], [old])
    result = quell("watch", "work/general", "--history", "5", "--json")
    assert events(result.stdout)[1:] == [("posted", "m0001"), ("posted", "m0001"), ("state", "refused")]
    assert json.loads(result.stdout.splitlines()[2])["message"]["deleted"]


def test_a_message_that_overtakes_the_state_comes_after_the_history(
    quell: Quell, providers: dict[str, FakeProvider]
) -> None:
    providers["work"] = Scripted([CONNECTING, Posted(message(2, "y")), LIVE], [message(1, "x")])
    shown = events(quell("watch", "work/r1", "--history", "1", "--json").stdout)
    assert shown == [("state", "connecting"), ("posted", "m0001"), ("posted", "m0002"), ("state", "connected")]


def test_without_history_none_is_asked_for(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    providers["work"] = Scripted([LIVE, Posted(message(2, "y"))], [message(1, "x")])
    assert events(quell("watch", "work/r1", "--json").stdout) == [("state", "connected"), ("posted", "m0002")]


def test_text_keeps_the_connection_off_stdout(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    providers["work"] = Scripted([CONNECTING, LIVE, Posted(message(4, "fr\x1bee")), REFUSED])
    result = quell("watch", "work/general")
    assert result.stdout.endswith("m0004  Amara Okafor: fr␛ee\n")
    assert result.stdout.count("\n") == 1
    assert result.stderr == "connecting\nconnected\nrefused - No access. - Ask an admin.\n"


def test_a_stream_that_ends_is_not_what_was_asked(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    providers["work"] = Scripted([REFUSED])
    assert quell("watch", "work/general").exit_code == 1


def test_the_time_that_was_asked_for_is_a_good_end(quell: Quell) -> None:
    assert quell("watch", "work/general", "--for", "0").exit_code == 0


@pytest.mark.parametrize("raised", [False, True])
def test_a_missing_history_is_told_and_the_stream_goes_on(
    quell: Quell, providers: dict[str, FakeProvider], raised: bool
) -> None:
    no = Refusal(kind=RefusalKind.NOT_FOUND, cause="It keeps no log.", remedy="Attach a logging configuration.")
    scripted = Scripted([LIVE, Posted(message(4, "y"))])
    scripted.history_error, scripted.missing_history = (no, None) if raised else (None, no)
    providers["work"] = scripted
    result = quell("watch", "work/general", "--history", "5", "--json")
    assert result.stderr == "quell: no history: It keeps no log.\n  Attach a logging configuration.\n"
    assert events(result.stdout)[-1] == ("posted", "m0004")


@pytest.mark.parametrize(
    ("room", "told"),
    [
        ("work/genral", "work/general"),
        ("work/random", "work/r2 or work/r3"),
        ("wrok/general", "did you mean work?"),
        ("general", "write account/room"),
    ],
)
def test_an_unknown_room(quell: Quell, room: str, told: str) -> None:
    result = quell("watch", room)
    assert result.exit_code == 2
    assert told in result.stderr
