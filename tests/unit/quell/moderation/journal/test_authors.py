from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from quell.moderation.deletion import Batch, Reason, State, Target
from quell.moderation.journal import Journal, PastBatch, authors
from tests.unit.quell.moderation.journal.support import deletions_of, opened
from tests.unit.quell.moderation.simulation import START


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    async with opened(tmp_path / "journal.sqlite3") as journal:
        yield journal


async def written(journal: Journal, reason: Reason, at: float, *states: State, author: str = "u1") -> None:
    """A batch whose messages, all by one author, ended in these states."""
    targets = tuple(
        Target(
            account="work",
            provider="rocketchat",
            room_id="r1",
            room_name="general",
            message_id=f"{at}-{number}",
            author_id=author,
            author_name="Vlad",
        )
        for number in range(len(states))
    )
    batch = Batch(moderator="mod", reason=reason, targets=targets, confirmed_at=at)
    ended = zip(deletions_of(batch), states, strict=True)
    await journal.begin(batch, [msgspec.structs.replace(deletion, state=state) for deletion, state in ended])


async def test_an_author_s_record_counts_every_state_and_tells_why_the_latest_were_deleted(journal: Journal) -> None:
    await written(journal, Reason("spam", "links"), START, State.CONFIRMED, State.ACCEPTED, State.REFUSED)
    await written(journal, Reason("other", "rude"), START + 60, State.REFUSED)
    await written(journal, Reason("spam", ""), START + 120, State.GONE)
    record = await journal.author_record("work", "u1")
    assert record.states == {State.CONFIRMED: 1, State.ACCEPTED: 1, State.REFUSED: 2, State.GONE: 1}
    assert record.deleted == 3
    assert record.complete
    assert record.latest == (
        PastBatch(START + 120, Reason("spam", ""), 1),
        PastBatch(START, Reason("spam", "links"), 2),
    )


async def test_only_the_newest_batches_are_told_as_many_as_are_wanted(journal: Journal) -> None:
    for minute in range(4):
        await written(journal, Reason("spam", f"number {minute}"), START + 60 * minute, State.CONFIRMED)
    record = await journal.author_record("work", "u1", limit=2)
    assert [past.reason.text for past in record.latest] == ["number 3", "number 2"]
    assert record.deleted == 4


async def test_nobody_else_counts_not_even_who_has_the_id_as_a_name_or_lives_in_another_account(
    journal: Journal,
) -> None:
    await written(journal, Reason("spam", ""), START, State.CONFIRMED, author="u2")
    for account, author in [("work", "Vlad"), ("live", "u2"), ("work", "u1"), ("work", "half \ud800 pair")]:
        record = await journal.author_record(account, author)
        assert record.states == {}
        assert record.latest == ()


async def test_a_record_that_is_too_long_says_so(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authors, "NEWEST", 3)
    await written(journal, Reason("spam", ""), START, *[State.CONFIRMED] * 5)
    record = await journal.author_record("work", "u1")
    assert record.deleted == 3
    assert not record.complete
