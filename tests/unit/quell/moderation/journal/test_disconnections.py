"""Disconnections are records like any other: the decision before the call, the answer after it, all in the chain."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from quell.moderation.deletion import State
from quell.moderation.disconnecting import AnswerNotRecordedError, disconnect
from quell.moderation.disconnection import Disconnection
from quell.moderation.journal import Journal, JournalError
from quell.moderation.journal.schema import VERSION
from quell_providers.refusal import Refusal, RefusalKind
from tests.support.fake_provider import FakeProvider
from tests.unit.quell.moderation.journal.support import begun, by_hand, carried_out, disconnection, opened, verified
from tests.unit.quell.moderation.simulation import START


def no(kind: RefusalKind) -> Refusal:
    return Refusal(kind=kind, code="C", detail="no \x1b[2J \ud800", cause="why", remedy="what helps")


async def test_they_are_read_back_as_they_stand_newest_first(path: Path) -> None:
    async with opened(path) as journal:
        first, second = disconnection(), disconnection(id_="d2")
        refused = replace(second, state=State.REFUSED, refusal=no(RefusalKind.PERMISSION))
        for each in (first, second, replace(first, state=State.ACCEPTED), refused):
            await journal.record_disconnection(each)
        assert await journal.disconnections() == [refused, replace(first, state=State.ACCEPTED)]
        assert await journal.disconnections(1) == [refused]
    found = await verified(path)
    assert (found.records, found.fault) == (4, None)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (None, State.ACCEPTED),
        (RefusalKind.PERMISSION, State.REFUSED),
        (RefusalKind.LOGIN, State.REFUSED),
        (RefusalKind.NOT_FOUND, State.REFUSED),
        (RefusalKind.INVALID, State.REFUSED),
        (RefusalKind.THROTTLED, State.FAILED),
        (RefusalKind.UNAVAILABLE, State.FAILED),
        (RefusalKind.LOST, State.UNKNOWN),
    ],
)
async def test_the_answer_of_the_service_is_on_record(path: Path, kind: RefusalKind | None, state: State) -> None:
    provider = FakeProvider([])
    provider.disconnect_refusal = None if kind is None else no(kind)
    async with opened(path) as journal:
        ended = await disconnect(disconnection(), provider, journal, now=lambda: START + 9)
        assert (ended.state, ended.refusal, ended.at) == (state, provider.disconnect_refusal, START + 9)
        assert await journal.disconnections() == [ended]
    with closing(sqlite3.connect(path)) as connection:
        states = connection.execute("SELECT state FROM disconnections ORDER BY seq").fetchall()
    assert states == [("sent",), (state.value,)]
    assert provider.disconnected == [("AbCd1234wxyz", "vlad\x00\u202e", "Flooding the chat")]


class Observed(FakeProvider):
    """Looks into the journal in the middle of the call, and then closes it if asked to."""

    def __init__(self, journal: Journal, *, closes: bool = False) -> None:
        super().__init__([])
        self.journal, self.closes = journal, closes
        self.seen: list[Disconnection] = []

    async def disconnect(self, room_id: str, author_id: str, reason: str | None) -> None:
        self.seen = await self.journal.disconnections()
        if self.closes:
            await self.journal.close()


async def test_the_decision_is_durable_before_the_service_is_asked(path: Path) -> None:
    async with opened(path) as journal:
        provider = Observed(journal)
        await disconnect(disconnection(), provider, journal, now=lambda: START)
        assert provider.seen == [disconnection()]


async def test_without_a_record_nobody_is_asked(path: Path) -> None:
    provider = FakeProvider([])
    async with opened(path) as journal:
        await journal.close()
        with pytest.raises(JournalError):
            await disconnect(disconnection(), provider, journal, now=lambda: START)
    assert provider.disconnected == []


async def test_an_answer_that_can_not_be_written_down_is_told_all_the_same(path: Path) -> None:
    async with opened(path) as journal:
        with pytest.raises(AnswerNotRecordedError, match="is closed") as caught:
            await disconnect(disconnection(), Observed(journal, closes=True), journal, now=lambda: START)
    assert caught.value.ended.state is State.ACCEPTED
    async with opened(path) as journal:
        assert await journal.disconnections() == [disconnection()]


def as_format_1(path: Path) -> None:
    """Take out of a journal what later formats added."""
    with by_hand(path) as connection:
        for table in ("disconnections", "urgent", "pressing"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("PRAGMA user_version = 1")


async def test_a_journal_of_the_format_before_is_brought_up_and_stays_whole(path: Path) -> None:
    async with opened(path) as journal:
        await carried_out(journal, "m1")
    as_format_1(path)
    async with opened(path) as journal:
        await journal.record_disconnection(disconnection())
        await begun(journal, "m2")
        assert await journal.disconnections() == [disconnection()]
    found = await verified(path)
    assert (found.records, found.fault) == (10, None)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
        for change in ("UPDATE disconnections SET state = 'accepted'", "DELETE FROM disconnections"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(change)


async def test_no_program_changes_or_removes_one(path: Path) -> None:
    async with opened(path) as journal:
        await journal.record_disconnection(disconnection())
    with closing(sqlite3.connect(path)) as connection:
        for change in ("UPDATE disconnections SET state = 'accepted'", "DELETE FROM disconnections"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(change)
