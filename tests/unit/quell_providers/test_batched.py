"""When a socket is read, on a transport and a clock of our own."""

import asyncio
from collections.abc import Callable

import pytest

from quell_providers.batched import BATCH_SECONDS, BatchedReading


class Taken(asyncio.Protocol):
    """Takes data."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    def data_received(self, data: bytes) -> None:
        self.taken.append(data)


class Batched(BatchedReading, Taken):
    """What is tested."""

    full = False

    @property
    def is_full(self) -> bool:
        return self.full


class FakeTransport(asyncio.Transport):
    """Knows whether it is read."""

    def __init__(self) -> None:
        super().__init__()
        self._reading = True
        self.closing = False

    def pause_reading(self) -> None:
        self._reading = False

    def resume_reading(self) -> None:
        self._reading = True

    def is_reading(self) -> bool:
        return self._reading

    def is_closing(self) -> bool:
        return self.closing


class FakeLoop:
    """Time passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0
        self.later: list[tuple[float, Callable[[], object]]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, seconds: float, call: Callable[[], object]) -> None:
        self.later.append((self.now + seconds, call))

    def pass_by(self, seconds: float) -> None:
        self.now += seconds
        due = [call for at, call in self.later if at <= self.now + 1e-9]
        self.later = [each for each in self.later if each[0] > self.now + 1e-9]
        for call in due:
            call()


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> FakeLoop:
    loop = FakeLoop()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    return loop


@pytest.fixture
def transport() -> FakeTransport:
    return FakeTransport()


@pytest.fixture
def protocol(transport: FakeTransport) -> Batched:
    protocol = Batched()
    protocol.transport = transport
    return protocol


def stream(protocol: Batched, loop: FakeLoop, times: int, apart: float) -> None:
    """So many pieces of data, so many seconds apart."""
    for number in range(times):
        protocol.data_received(b"%d" % number)
        loop.pass_by(apart)


def test_everything_is_passed_on_at_once_and_in_order(protocol: Batched, loop: FakeLoop) -> None:
    stream(protocol, loop, 40, 0.001)
    assert protocol.taken == [b"%d" % number for number in range(40)]


def test_messages_now_and_then_are_read_as_they_come(
    protocol: Batched, loop: FakeLoop, transport: FakeTransport
) -> None:
    stream(protocol, loop, 20, 0.1)
    assert transport.is_reading()
    assert not loop.later


def test_a_login_is_not_held_up(protocol: Batched, loop: FakeLoop, transport: FakeTransport) -> None:
    stream(protocol, loop, 4, 0.001)
    assert transport.is_reading()


def test_a_busy_socket_is_left_alone_for_a_moment_and_then_read_again(
    protocol: Batched, loop: FakeLoop, transport: FakeTransport
) -> None:
    stream(protocol, loop, 5, 0.001)
    assert not transport.is_reading()
    loop.pass_by(BATCH_SECONDS)
    assert transport.is_reading()
    protocol.data_received(b"what gathered")
    assert len(loop.later) == 1, "the stream goes on"


def test_after_a_rest_messages_are_read_as_they_come_again(
    protocol: Batched, loop: FakeLoop, transport: FakeTransport
) -> None:
    stream(protocol, loop, 10, 0.001)
    loop.pass_by(1.0)
    protocol.data_received(b"one more")
    assert transport.is_reading()


def test_a_backlog_is_read_as_fast_as_it_goes(protocol: Batched, loop: FakeLoop, transport: FakeTransport) -> None:
    for _ in range(20):
        protocol.data_received(b"x" * 64 * 1024)
        loop.pass_by(0.001)
    assert transport.is_reading()


def test_a_connection_that_wants_no_more_is_not_read_on(
    protocol: Batched, loop: FakeLoop, transport: FakeTransport
) -> None:
    stream(protocol, loop, 5, 0.001)
    protocol.full = True
    loop.pass_by(BATCH_SECONDS)
    assert not transport.is_reading()


def test_a_connection_that_ended_meanwhile_is_left_alone(
    protocol: Batched, loop: FakeLoop, transport: FakeTransport
) -> None:
    stream(protocol, loop, 5, 0.001)
    transport.closing = True
    loop.pass_by(BATCH_SECONDS)
    assert not transport.is_reading()
