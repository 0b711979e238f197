import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from quell.config import journal_path
from tests.support.fake_provider import NOT_ALLOWED, FakeProvider
from tests.unit.quell.cli.conftest import Quell


@pytest.fixture
def three(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    """One accepted and one refused in `work/general`, then one in `work/random`."""
    providers["work"].answers["m0002"] = NOT_ALLOWED
    quell("delete", "work/general", "m0001", "m0002", "--reason", "spam", "--yes")
    quell("delete", "work/r2", "m7", "--reason", "my words", "--yes")


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def batch_ids(quell: Quell, *options: str) -> list[str]:
    return [batch["batch_id"] for batch in lines(quell("audit", "list", "--json", *options).stdout)]


@pytest.mark.parametrize(
    "arguments", [("list",), ("export",), ("verify",), ("erase", "--author", "u1", "--yes")], ids=lambda words: words[0]
)
def test_before_anything_was_deleted(quell: Quell, arguments: tuple[str, ...]) -> None:
    result = quell("audit", *arguments)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "nothing was deleted yet" in result.stderr
    assert not journal_path().exists()


def test_batches_newest_first(quell: Quell, three: None) -> None:
    newest, oldest = lines(quell("audit", "list", "--json").stdout)
    assert (newest["reason"], newest["rooms"]) == (
        {"code": "other", "text": "my words"},
        [{"room": "work/r2", "name": "random"}],
    )
    assert (oldest["moderator"], oldest["messages"], oldest["states"]) == ("Mo", 2, {"accepted": 1, "refused": 1})
    assert quell("audit", "list", "--limit", "1").stdout.split()[2] == newest["batch_id"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ((), [1, 0]),
        (("--since", "1h"), [1, 0]),
        (("--until", "1h"), []),
        (("--since", "2020-01-01", "--until", "2020-01-02T10:30+02:00"), []),
        (("--room", "general"), [0]),
        (("--room", "work/r2"), [1]),
        (("--author", "Amara Okafor"), [0]),
        (("--moderator", "Mo"), [1, 0]),
        (("--moderator", "Lena"), []),
        (("--reason", "words"), [1]),
        (("--state", "refused"), [0]),
        (("--state", "refused", "--state", "accepted"), [1, 0]),
    ],
)
def test_filters(quell: Quell, three: None, options: tuple[str, ...], found: list[int]) -> None:
    oldest_first = batch_ids(quell)[::-1]
    assert batch_ids(quell, *options) == [oldest_first[number] for number in found]


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01", "5", "-3d", "1e3h", "9999999999d"])
def test_what_is_no_time(quell: Quell, moment: str) -> None:
    result = quell("audit", "list", "--since", moment)
    assert result.exit_code == 2
    assert "is no time" in result.stderr


def test_a_batch_for_people(quell: Quell) -> None:
    quell("delete", "work/general", "m0001", "--reason", "x", "--yes")
    (line,) = quell("audit", "list").stdout.splitlines()
    assert line.endswith("Mo  work/general  1 accepted  other: x")


def test_a_story_for_programs(quell: Quell, three: None) -> None:
    first, second = lines(quell("audit", "show", batch_ids(quell)[1], "--json").stdout)
    assert first == first | {"message_id": "m0001", "state": "accepted", "operation_id": "op-m0001", "text": "hello 1"}
    assert first == first | {"evidence": "full", "confirmed_by": "response", "moderator": "Mo"}
    assert [step["state"] for step in first["steps"]] == ["queued", "sent", "accepted"]
    assert second == second | {"message_id": "m0002", "state": "refused", "cause": NOT_ALLOWED.cause}
    assert second["steps"][-1] == second["steps"][-1] | {"state": "refused", "attempt": 1, "code": NOT_ALLOWED.code}


def test_a_story_for_people(quell: Quell, three: None) -> None:
    story = quell("audit", "show", batch_ids(quell)[1]).stdout
    at = r"    \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d  "
    assert re.fullmatch(
        r".*Mo  work/general  1 accepted, 1 refused  spam: spam\n"
        r"✓ accepted      m0001  Amara Okafor: hello 1\n"
        rf"{at}queued\n{at}sent          attempt 1\n{at}accepted      attempt 1  op-m0001\n"
        r"✗ refused       m0002  .*\n(?s:.*)"
        rf"{at}queued\n{at}sent          attempt 1\n{at}refused       attempt 1  .*\n",
        story,
    )


def test_an_unknown_batch(quell: Quell) -> None:
    result = quell("audit", "show", "nosuch")
    assert result.exit_code == 2
    assert "quell audit list" in result.stderr


def test_a_journal_that_can_not_be_read(quell: Quell) -> None:
    journal_path().parent.mkdir(parents=True)
    journal_path().write_text("this is no database, but long enough to be taken for one" * 10)
    result = quell("audit", "list")
    assert result.exit_code == 1
    assert "is not a Quell journal" in result.stderr


def test_an_intact_journal(quell: Quell, three: None) -> None:
    result = quell("audit", "verify")
    assert result.exit_code == 0
    told = re.fullmatch(r"intact: (\d+) records; head (\1:[0-9a-f]{64})\n", result.stdout)
    assert told
    assert quell("audit", "verify", "--head", told[2]).exit_code == 0
    wrong = quell("audit", "verify", "--head", f"{told[1]}:{'0' * 64}")
    assert wrong.exit_code == 1
    assert f"record {told[1]} " in wrong.stdout
    assert quell("audit", "verify", "--head", "what").exit_code == 2
    (fields,) = lines(quell("audit", "verify", "--json").stdout)
    assert fields == {"intact": True, "records": int(told[1]), "head": told[2], "fault": None}


def test_a_journal_that_was_changed(quell: Quell, three: None) -> None:
    with closing(sqlite3.connect(journal_path())) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE deletions SET message_id = 'm0009' WHERE seq = 3")
        connection.commit()
    result = quell("audit", "verify")
    assert result.exit_code == 1
    broken, rest = result.stdout.splitlines()
    assert re.fullmatch(r"BROKEN: record 3 \(deletions [0-9a-f]{32}\.2\) was changed", broken)
    assert rest == "the 2 records from the first one on are in order"
    (fields,) = lines(quell("audit", "verify", "--json").stdout)
    assert (fields["intact"], fields["fault"]["record"], fields["fault"]["problem"]) == (False, 3, "was changed")


def test_erasing_an_author(quell: Quell, three: None) -> None:
    (author_id,) = {line["author_id"] for line in lines(quell("audit", "export").stdout) if line["text"] == "hello 1"}
    asked = quell("audit", "erase", "--author", author_id, stdin="n\n")
    assert asked.exit_code == 130
    assert f"Erase what {author_id} wrote in 2 messages" in asked.stderr
    (fields,) = lines(quell("audit", "erase", "--author", author_id, "--yes", "--json").stdout)
    assert (fields["messages"], fields["complete"]) == (2, True)
    assert quell("audit", "verify").stdout.startswith(f"intact: {fields['record']} records")
    told = [line for line in lines(quell("audit", "export").stdout) if line["author_id"] == author_id]
    assert [(line["text"], line["author_name"], line["evidence"]) for line in told] == [("", "", "erased")] * 2
    with closing(sqlite3.connect(journal_path())) as connection:
        assert connection.execute("SELECT moderator FROM erasures").fetchall() == [("Mo",)]
    assert quell("audit", "erase", "--author", author_id, "--yes").stdout.endswith("in 0 messages\n")


def test_erasing_asks_and_takes_a_yes(quell: Quell, three: None) -> None:
    result = quell("audit", "erase", "--author", "nobody\x1b[2J", "--account", "work", stdin="y\n")
    assert result.exit_code == 0
    assert "\x1b" not in result.output


def test_evidence_is_kept_as_the_configuration_says(quell: Quell, config: Path) -> None:
    config.write_text(config.read_text() + '[journal]\nevidence = "none"\n')
    quell("delete", "work/general", "m0001", "--yes")
    (line,) = lines(quell("audit", "export").stdout)
    assert (line["text"], line["evidence"]) == ("", "none")


def test_no_secret_is_asked_for_to_read_the_journal(quell: Quell, three: None, config: Path) -> None:
    broken = config.read_text().replace('which = "work"', 'which = { command = ["false"] }')
    assert broken != config.read_text()
    config.write_text(broken)
    assert quell("audit", "list").exit_code == 0
    config.write_text(broken + "[journal]\nevidence_ttl_days = 0\n")
    result = quell("audit", "list")
    assert result.exit_code == 2
    assert "evidence_ttl_days" in result.stderr
