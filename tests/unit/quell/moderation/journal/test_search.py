"""Looking things up: by when, where, whose, by whom and why; page by page; and a batch's whole story."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quell.moderation.deletion import Batch, Reason, State, Target, advance
from quell.moderation.journal import Journal, JournalFilter
from quell.moderation.journal.schema import VERSION
from quell_providers.refusal import Refusal, RefusalKind
from tests.unit.quell.moderation.journal.support import carried_out, deletions_of, opened
from tests.unit.quell.moderation.simulation import START

NO = Refusal(kind=RefusalKind.PERMISSION, code="not-allowed", detail="Not allowed", cause="old", remedy="ask")


def target(message_id: str, account: str, room_id: str, room_name: str, author: str) -> Target:
    return Target(
        account=account,
        provider="rocketchat",
        room_id=room_id,
        room_name=room_name,
        message_id=message_id,
        author_id=f"id-{author}",
        author_name=author,
        text=f"text of {message_id}",
        sent_at=START - 60,
    )


async def fill(journal: Journal) -> None:
    """m1 was accepted and m2 refused; then another moderator's m3 was queued, a day later."""
    first = Batch(
        moderator="Mo",
        reason=Reason("spam", "again and again"),
        targets=(target("m1", "work", "r1", "general", "Vlad"), target("m2", "work", "r2", "random", "Lena")),
        confirmed_at=START,
    )
    one, two = deletions_of(first, State.HELD)
    await journal.begin(first, [one, two])
    one, two = (advance(each, State.QUEUED, at=START + 5) for each in (one, two))
    await journal.record([one, two])
    one, two = (advance(each, State.SENT, at=START + 6, attempt=1) for each in (one, two))
    await journal.record([one, two])
    accepted = advance(one, State.ACCEPTED, at=START + 7, operation_id="op-1")
    await journal.record([accepted, advance(two, State.REFUSED, at=START + 7, refusal=NO)])
    second = Batch(
        moderator="Amara",
        reason=Reason("other", "flood"),
        targets=(target("m3", "live", "r1", "finals", "Vlad"),),
        confirmed_at=START + 86_400,
    )
    await journal.begin(second, deletions_of(second, State.HELD))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "journal.sqlite3"

    async def make() -> None:
        async with opened(path) as journal:
            await fill(journal)

    asyncio.run(make())
    return path


@pytest.fixture
async def journal(made: Path) -> AsyncIterator[Journal]:
    async with opened(made) as journal:
        yield journal


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (JournalFilter(), ["m3", "m2", "m1"]),
        (JournalFilter(since=START + 1), ["m3"]),
        (JournalFilter(since=START, until=START + 1), ["m2", "m1"]),
        (JournalFilter(until=START), []),
        (JournalFilter(room="r1"), ["m3", "m1"]),
        (JournalFilter(room="work/r1"), ["m1"]),
        (JournalFilter(room="work/general"), ["m1"]),
        (JournalFilter(room="finals"), ["m3"]),
        (JournalFilter(author="id-Vlad"), ["m3", "m1"]),
        (JournalFilter(author="Lena"), ["m2"]),
        (JournalFilter(moderator="Mo"), ["m2", "m1"]),
        (JournalFilter(moderator="mo"), []),
        (JournalFilter(reason="spam"), ["m2", "m1"]),
        (JournalFilter(reason="again"), ["m2", "m1"]),
        (JournalFilter(reason="floo"), ["m3"]),
        (JournalFilter(reason="spa"), []),
        (JournalFilter(states=frozenset({State.REFUSED, State.HELD})), ["m3", "m2"]),
        (JournalFilter(states=frozenset({State.QUEUED})), []),
        (JournalFilter(author="Vlad", states=frozenset({State.ACCEPTED}), moderator="Mo"), ["m1"]),
        (JournalFilter(room="'; DROP TABLE head; --", author="half \ud800 pair"), []),
    ],
)
async def test_deletions_and_batches_that_a_filter_finds(
    journal: Journal, wanted: JournalFilter, found: list[str]
) -> None:
    entries = await journal.search(wanted)
    assert [entry.deletion.target.message_id for entry in entries] == found
    batches = await journal.batches(wanted=wanted)
    assert [batch.id for batch in batches] == list(dict.fromkeys(entry.deletion.batch_id for entry in entries))
    assert all(batch.size == 2 for batch in batches if batch.moderator == "Mo")


async def test_an_entry_in_full(journal: Journal) -> None:
    refused, accepted = await journal.search(JournalFilter(moderator="Mo"))
    assert (accepted.confirmed_at, accepted.released_at, accepted.confirmed_by) == (START, START + 5, "response")
    assert (accepted.evidence, accepted.schema, len(accepted.hash)) == ("full", VERSION, 64)
    assert accepted.deletion.operation_id == "op-1"
    assert (refused.confirmed_by, refused.deletion.refusal) == ("none", NO)
    assert refused.record == accepted.record + 1
    assert refused.prev_hash == accepted.hash
    assert len(refused.commitment or "") == 64
    assert refused.erased_at is None
    (held,) = await journal.search(JournalFilter(moderator="Amara"))
    assert held.released_at is None


async def test_page_by_page(path: Path) -> None:
    async with opened(path) as journal:
        for batch in range(3):
            await carried_out(journal, *(f"m{batch}{number}" for number in range(3)))
        everything = await journal.search()
        pages: list[str] = []
        before: int | None = None
        while page := await journal.search(limit=2, before=before):
            assert len(page) <= 2
            pages += [entry.deletion.target.message_id for entry in page]
            before = page[-1].record
    assert pages == [entry.deletion.target.message_id for entry in everything]
    assert len(pages) == 9


async def test_a_gone_message_says_how_that_is_known(path: Path) -> None:
    async with opened(path) as journal:
        batch = Batch(
            moderator="Mo",
            reason=Reason("spam", ""),
            targets=tuple(target(f"m{number}", "work", "r1", "general", "Vlad") for number in range(2)),
            confirmed_at=START,
        )
        one, two = deletions_of(batch, State.SENT)
        await journal.begin(batch, [one, two])
        gone = [advance(one, State.GONE, at=START), advance(two, State.GONE, at=START, refusal=NO)]
        await journal.record(gone)
        assert [entry.confirmed_by for entry in await journal.search()] == ["response", "event"]


async def test_a_story_tells_every_step(journal: Journal) -> None:
    (_, batch) = await journal.batches()
    story = await journal.story(batch.id)
    assert story is not None
    assert story.batch == batch
    assert [entry.deletion.target.message_id for entry in story.entries] == ["m1", "m2"]
    accepted, refused = (story.steps[entry.deletion.id] for entry in story.entries)
    assert [(step.state, step.at - START) for step in accepted] == [
        (State.HELD, 1.0),
        (State.QUEUED, 5.0),
        (State.SENT, 6.0),
        (State.ACCEPTED, 7.0),
    ]
    assert accepted[-1].operation_id == "op-1"
    assert (refused[-1].state, refused[-1].refusal, refused[-1].attempt) == (State.REFUSED, NO, 1)
    assert await journal.story("no such batch") is None
