"""What is kept of the messages' words, for how long, and that it is gone for good when it is erased."""

import itertools
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from quell.moderation.deletion import Batch, Reason, Target
from quell.moderation.evidence import EXCERPT, taken
from quell.moderation.journal import EvidencePolicy, Journal, Keep
from tests.unit.quell.moderation.journal.support import by_hand, deletions_of, opened, verified, whole_content
from tests.unit.quell.moderation.simulation import IMPATIENT, START

DAY = 86_400.0
_NUMBERS = itertools.count()
TEXT = "the very words of the message, " * 10
FILE = "a name that goes on and on " * 10


def by(author: str, *texts: str, account: str = "work") -> list[Target]:
    return [
        Target(
            account=account,
            provider="rocketchat",
            room_id="r1",
            room_name="general",
            message_id=f"{account}-{author}-{number}-{next(_NUMBERS)}",
            author_id=author,
            author_name=f"name of {author}",
            text=text,
            sent_at=START,
        )
        for number, text in enumerate(texts)
    ]


async def written(journal: Journal, targets: list[Target], at: float = START) -> Batch:
    batch = Batch(moderator="Mo", reason=Reason("spam", ""), targets=tuple(targets), confirmed_at=at)
    await journal.begin(batch, deletions_of(batch))
    return batch


async def texts(journal: Journal) -> list[str]:
    """What is left of every message, newest first."""
    return [entry.deletion.target.text for entry in await journal.search()]


@pytest.mark.parametrize(
    ("keep", "name", "text", "files"),
    [
        ("none", "", "", ()),
        ("hash", "", "", ()),
        ("excerpt", "name of u1", TEXT[:EXCERPT], ("a.pdf", FILE[:EXCERPT])),
        ("full", "name of u1", TEXT, ("a.pdf", FILE)),
    ],
)
async def test_no_more_is_kept_than_was_asked_for(
    path: Path, keep: Keep, name: str, text: str, files: tuple[str, ...]
) -> None:
    (seen,) = by("u1", TEXT)
    async with opened(path, evidence=EvidencePolicy(keep=keep)) as journal:
        await written(journal, [replace(seen, attachments=("a.pdf", FILE))])
        (entry,) = await journal.search()
    target = entry.deletion.target
    assert (target.author_name, target.text, target.attachments, entry.evidence) == (name, text, files, keep)
    assert target.author_id == "u1"
    assert (TEXT.encode() in whole_content(path)) is (keep == "full")
    assert (FILE.encode() in whole_content(path)) is (keep == "full")
    assert (await verified(path)).fault is None


async def test_nothing_is_kept_of_a_message_that_nobody_saw(path: Path) -> None:
    target = Target(account="work", provider="ivs", room_id="r", room_name="", message_id="m1")
    async with opened(path) as journal:
        await written(journal, [target])
        (entry,) = await journal.search()
    assert entry.evidence == "none"


async def test_a_message_that_is_nothing_but_a_file_leaves_evidence(path: Path) -> None:
    (seen,) = by("u1", "")
    async with opened(path) as journal:
        await written(journal, [replace(seen, author_name="", attachments=("advert.png",))])
        (entry,) = await journal.search()
        assert (entry.evidence, entry.deletion.target.attachments) == ("full", ("advert.png",))
        await journal.erase_author("u1", moderator="Mo")
        (entry,) = await journal.search()
        assert (entry.evidence, entry.deletion.target.attachments) == ("erased", ())
        assert (await journal.verify()).fault is None
    assert b"advert.png" not in whole_content(path)


async def test_what_somebody_put_in_place_of_the_names_is_shown_as_it_is(path: Path) -> None:
    async with opened(path) as journal:
        await written(journal, by("u1", "words"))
    for put, shown in [("no JSON", ("no JSON",)), ('{"a": 1}', ('{"a": 1}',)), ("7", ("7",)), ("[1]", ("1",))]:
        with by_hand(path) as connection:
            connection.execute("UPDATE evidence SET attachments = ?", (put,))
        async with opened(path) as journal:
            (entry,) = await journal.search()
        assert entry.deletion.target.attachments == shown


def test_the_same_words_look_different_every_time() -> None:
    one, other = (taken(by("u1", "gg")[0], "hash") for _ in range(2))
    assert one is not None
    assert other is not None
    assert one.commitment != other.commitment
    assert one.digest != other.digest


async def test_an_author_is_erased_and_nobody_else(path: Path) -> None:
    async with opened(path, now=START + 9) as journal:
        await written(journal, by("u1", "mine", "mine too") + by("u2", "another's"))
        await written(journal, by("u1", "elsewhere", account="live"))
        assert await journal.count_of_author("u1") == 3
        erasure = await journal.erase_author("u1", moderator="Lena")
        assert (erasure.count, erasure.complete) == (3, True)
        assert await texts(journal) == ["", "another's", "", ""]
        found_again = await journal.search()
        assert [entry.evidence for entry in found_again] == ["erased", "full", "erased", "erased"]
        assert [entry.erased_at for entry in found_again] == [START + 9, None, START + 9, START + 9]
        assert await journal.count_of_author("u1") == 0
        found = await journal.verify()
    assert (found.records, found.fault) == (erasure.record, None)
    content = whole_content(path)
    assert b"mine" not in content
    assert b"elsewhere" not in content
    assert b"name of u1" not in content
    assert b"another's" in content
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT at, cause, account, author_id, count, moderator FROM erasures").fetchall()
    assert rows == [(START + 9, "author", "", "u1", 3, "Lena")]


async def test_an_author_is_erased_in_one_account_only(path: Path) -> None:
    async with opened(path) as journal:
        await written(journal, by("u1", "here") + by("u1", "there", account="live"))
        assert (await journal.erase_author("u1", "live", moderator="Mo")).count == 1
        assert await texts(journal) == ["", "here"]
    assert (await verified(path)).fault is None


async def test_erasing_nothing_is_not_recorded(path: Path) -> None:
    async with opened(path) as journal:
        await written(journal, by("u1", "mine"))
        erasure = await journal.erase_author("stranger", moderator="Mo")
        assert (erasure.count, erasure.record) == (0, 0)
        assert (await journal.verify()).records == 3


async def test_an_erasure_excuses_only_what_came_before_it(path: Path) -> None:
    async with opened(path) as journal:
        await written(journal, by("u1", "early"))
        erasure = await journal.erase_author("u1", moderator="Mo")
        await written(journal, by("u1", "late"))
    with by_hand(path) as connection:
        connection.execute("DELETE FROM evidence")
    fault = (await verified(path)).fault
    assert fault is not None
    assert fault.record == erasure.record + 2
    assert "no record tells that it was erased" in fault.problem


async def test_what_is_old_expires_at_the_next_start(path: Path) -> None:
    policy = EvidencePolicy(seconds=30 * DAY)
    async with opened(path, evidence=policy) as journal:
        await written(journal, by("u1", "old words"))
        await written(journal, by("u1", "new words"), at=START + 5 * DAY)
    async with opened(path, evidence=policy, now=START + 29 * DAY) as journal:
        assert await texts(journal) == ["new words", "old words"]
    async with opened(path, evidence=policy, now=START + 31 * DAY) as journal:
        assert await texts(journal) == ["new words", ""]
        assert [entry.erased_at for entry in await journal.search()] == [None, START + 31 * DAY]
        found = await journal.verify()
        assert (found.records, found.fault) == (7, None)
    assert b"old words" not in whole_content(path)
    async with opened(path, evidence=policy, now=START + 32 * DAY) as journal:
        assert (await journal.verify()).records == 7  # nothing new expired, so nothing is recorded
    async with opened(path, now=START + 999 * DAY) as journal:
        assert await texts(journal) == ["new words", ""]  # who does not say for how long, keeps it


async def test_what_is_old_expires_in_a_console_that_runs_for_weeks(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quell.moderation.journal.journal.EXPIRY_SECONDS", 0.0)
    days = [0.0]
    policy = EvidencePolicy(seconds=30 * DAY)
    journal = await Journal.open(path, evidence=policy, now=lambda: START + days[0] * DAY)
    try:
        await written(journal, by("u1", "old words"))
        assert await texts(journal) == ["old words"]
        days[0] = 31.0
        while await texts(journal) != [""]:
            pass
        assert (await journal.verify()).fault is None
    finally:
        await journal.close()


async def test_an_expiry_excuses_only_what_was_old_enough(path: Path) -> None:
    async with opened(path) as journal:
        await written(journal, by("u1", "old"))
        await written(journal, by("u1", "new"), at=START + 5 * DAY)
    async with opened(path, evidence=EvidencePolicy(seconds=DAY), now=START + 2 * DAY):
        pass
    with by_hand(path) as connection:
        connection.execute("DELETE FROM evidence")
    fault = (await verified(path)).fault
    assert fault is not None
    assert fault.record == 5


async def test_a_journal_that_is_locked_is_opened_all_the_same_and_expires_later(path: Path) -> None:
    policy = EvidencePolicy(seconds=DAY)
    async with opened(path) as journal:
        await written(journal, by("u1", "old words"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with opened(path, IMPATIENT, evidence=policy, now=START + 9 * DAY) as journal:
            assert await texts(journal) == ["old words"]
        other.execute("ROLLBACK")
    async with opened(path, evidence=policy, now=START + 9 * DAY) as journal:
        assert await texts(journal) == [""]


async def test_traces_that_could_not_be_removed_are_removed_at_the_next_start(path: Path) -> None:
    async with opened(path, IMPATIENT) as journal:
        await written(journal, by("u1", "my own words"))
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM batches").fetchall()
            erasure = await journal.erase_author("u1", moderator="Mo")
            assert (erasure.count, erasure.complete) == (1, False)
            assert await texts(journal) == [""]
            reader.execute("ROLLBACK")
        async with opened(path):
            assert b"my own words" not in whole_content(path)


async def test_no_trace_is_left_of_anybody_however_the_file_grew(path: Path) -> None:
    seeded = random.Random(5)
    erased: list[str] = []
    async with opened(path) as journal:
        for turn in range(12):
            words = [f"<{turn}.{number}>" * seeded.choice([1, 8, 60, 900]) for number in range(seeded.randrange(1, 60))]
            await written(journal, [by(f"u{seeded.randrange(6)}", f"{turn}", word)[1] for word in words])
            author = f"u{turn % 6}"
            mine = [e.deletion.target for e in await journal.search(limit=9_999) if e.evidence == "full"]
            erased += [target.text for target in mine if target.author_id == author]
            assert (await journal.erase_author(author, moderator="Mo")).complete
            content = whole_content(path)
            assert [text for text in erased if text.encode()[:8] in content] == []
        assert (await journal.verify()).fault is None
    assert len(erased) > 50
