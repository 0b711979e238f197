"""Disconnections are records like any other: the decision before the call, the answer after it, all in the chain."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from quell.moderation.deletion import State
from quell.moderation.disconnecting import AnswerNotRecordedError, disconnect
from quell.moderation.disconnection import INTERRUPTED, Disconnection
from quell.moderation.journal import Journal, JournalError, JournalFilter
from quell.moderation.journal.lease import LEASE_SECONDS
from quell_providers.refusal import Refusal, RefusalKind
from tests.support.fake_provider import FakeProvider
from tests.unit.quell.moderation.journal.support import (
    as_format,
    begun,
    disconnection,
    disconnections,
    opened,
    verified,
)
from tests.unit.quell.moderation.simulation import START


def no(kind: RefusalKind) -> Refusal:
    return Refusal(kind=kind, code="C", detail="no \x1b[2J \ud800", cause="why", remedy="what helps")


async def test_they_are_read_back_as_they_stand_newest_first(path: Path) -> None:
    async with opened(path) as journal:
        first = replace(disconnection(), endpoint_host="ivschat.us-west-2.amazonaws.com", acting_account="AKIA")
        second = disconnection(id_="d2")
        refused = replace(second, state=State.REFUSED, refusal=no(RefusalKind.PERMISSION))
        for each in (first, second, replace(first, state=State.ACCEPTED), refused):
            await journal.record_disconnection(each)
        assert await disconnections(journal) == [refused, replace(first, state=State.ACCEPTED)]
        assert await disconnections(journal, 1) == [refused]
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
        assert await disconnections(journal) == [ended]
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
        self.seen = await disconnections(self.journal)
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
        assert await disconnections(journal) == [disconnection()]


@pytest.mark.parametrize("lasts", [LEASE_SECONDS - 1, LEASE_SECONDS])
async def test_what_nobody_waits_for_any_more_is_unknown_from_the_next_start_on(path: Path, lasts: float) -> None:
    async with opened(path) as journal:
        await journal.record_disconnection(disconnection())
        answered = disconnection(id_="d2")
        await journal.record_disconnection(answered)
        await journal.record_disconnection(replace(answered, state=State.ACCEPTED))
    later = START + lasts
    async with opened(path, now=later) as journal:
        assert await journal.unfinished() == []
        assert await journal.unfinished() == []
        lost = replace(disconnection(), state=State.UNKNOWN, refusal=INTERRUPTED, at=later)
        expected = disconnection() if lasts < LEASE_SECONDS else lost
        assert await disconnections(journal) == [replace(answered, state=State.ACCEPTED), expected]
        late = replace(disconnection(), state=State.ACCEPTED, at=later + 1)
        await journal.record_disconnection(late)
        assert (await disconnections(journal))[1] == late
    found = await verified(path)
    assert (found.records, found.fault) == (4 if lasts < LEASE_SECONDS else 5, None)


async def test_what_a_quell_of_an_older_format_left_without_an_answer_is_unknown_too(path: Path) -> None:
    async with opened(path) as journal:
        for each in (disconnection(), disconnection(id_="d2"), disconnection(State.ACCEPTED, id_="d2")):
            await journal.record_disconnection(each)
    as_format(path, 3)
    async with opened(path) as journal:
        await journal.unfinished()
        assert [each.state for each in await disconnections(journal)] == [State.ACCEPTED, State.UNKNOWN]
    assert (await verified(path)).fault is None


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (JournalFilter(), ["d3", "d2", "d1"]),
        (JournalFilter(states=frozenset({State.REFUSED, State.FAILED})), ["d2"]),
        (JournalFilter(room="live/finals'; \x1b[2J", author="vlad\x00\u202e", moderator="Mo"), ["d2", "d1"]),
        (JournalFilter(room="general"), ["d3"]),
        (JournalFilter(room="live/AbCd1234wxyz"), ["d3", "d2", "d1"]),
        (JournalFilter(author="vlad"), []),
        (JournalFilter(moderator="Lou"), []),
        (JournalFilter(reason="flood"), ["d3", "d2", "d1"]),
        (JournalFilter(reason="the chat"), ["d3", "d2", "d1"]),
        (JournalFilter(since=START + 3, until=START + 4), ["d2", "d1"]),
    ],
)
async def test_they_are_found_like_deletions(path: Path, wanted: JournalFilter, found: list[str]) -> None:
    second, third = disconnection(id_="d2"), replace(disconnection(id_="d3"), room_name="general", at=START + 4)
    async with opened(path) as journal:
        for each in (disconnection(), second, third, replace(second, state=State.REFUSED, at=START + 9)):
            await journal.record_disconnection(each)
        entries = await journal.disconnections(wanted)
        assert [entry.disconnection.id for entry in entries] == found


async def test_they_have_their_place_among_the_deletions(path: Path) -> None:
    async with opened(path) as journal:
        await journal.record_disconnection(disconnection())
        await begun(journal, "m1")
        await journal.record_disconnection(disconnection(id_="d2"))
        await journal.record_disconnection(disconnection(State.ACCEPTED))
        (deletion,) = await journal.search()
        newer, older = await journal.disconnections()
        assert (older.record, older.decided_at, newer.record) == (1, START + 3, 5)
        assert older.record < deletion.record < newer.record
        assert await journal.disconnections(before=deletion.record) == [older]
        assert await journal.disconnections(after=deletion.record) == [newer]


async def test_no_program_changes_or_removes_one(path: Path) -> None:
    async with opened(path) as journal:
        await journal.record_disconnection(disconnection())
    with closing(sqlite3.connect(path)) as connection:
        for change in ("UPDATE disconnections SET state = 'accepted'", "DELETE FROM disconnections"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(change)
