import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from quell.config import journal_path
from quell.moderation.deletion import Deletion
from quell.moderation.journal import BatchSummary, Journal
from quell_providers.provider import Forecast
from quell_providers.refusal import Refusal, RefusalKind
from tests.support.fake_provider import NOT_ALLOWED, FakeProvider
from tests.unit.quell.cli.conftest import Quell


def journalled() -> tuple[BatchSummary, list[Deletion]]:
    """The only batch of the journal."""

    async def read() -> tuple[BatchSummary, list[Deletion]]:
        journal = await Journal.open(journal_path())
        try:
            (batch,) = await journal.batches()
            return batch, await journal.deletions(batch.id)
        finally:
            await journal.close()

    return asyncio.run(read())


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_every_message_gets_a_line_and_then_a_summary(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    providers["work"].answers["m0002"] = NOT_ALLOWED
    result = quell("delete", "work/general", "m0001", "m0002", "m0009", "--reason", "spam", "--yes", "--json")
    assert result.exit_code == 1
    *messages, summary = lines(result.stdout)
    by_id = {message["message_id"]: message for message in messages}
    assert {id_: message["state"] for id_, message in by_id.items()} == {
        "m0001": "accepted",
        "m0002": "refused",
        "m0009": "accepted",
    }
    assert by_id["m0001"] == by_id["m0001"] | {"room": "work/r1", "operation_id": "op-m0001", "code": None}
    assert by_id["m0002"] == by_id["m0002"] | {
        "code": NOT_ALLOWED.code,
        "detail": NOT_ALLOWED.detail,
        "cause": NOT_ALLOWED.cause,
        "remedy": NOT_ALLOWED.remedy,
    }
    assert summary["summary"] == {"accepted": 2, "refused": 1}
    assert summary["batch_id"] == journalled()[0].id


def test_all_done_is_0(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    result = quell("delete", "work/general", "m0001", "--yes", "--text")
    assert result.exit_code == 0
    assert result.stdout.startswith("✓ accepted      m0001  Amara Okafor: hello 1\n1 accepted")
    assert providers["work"].deleted == [("r1", "m0001", None)]


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_into_a_pipe_go_json_lines(quell: Quell, options: tuple[str, ...]) -> None:
    for mode in ("--yes", "--dry-run"):
        message, summary = lines(quell("delete", "work/general", "m0001", mode, *options).stdout)
        assert message["message_id"] == "m0001"
        assert set(summary["summary"].values()) <= {0, 1}


def test_a_login_refused_midway_is_3(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    providers["work"].answers["m0001"] = Refusal(kind=RefusalKind.LOGIN)
    assert quell("delete", "work/general", "m0001", "--yes").exit_code == 3


@pytest.mark.parametrize("kind", [RefusalKind.THROTTLED, RefusalKind.PERMISSION, RefusalKind.UNAVAILABLE])
def test_a_service_that_does_not_tell_who_we_are_stops_nothing(
    quell: Quell, providers: dict[str, FakeProvider], kind: RefusalKind
) -> None:
    providers["work"].login_refusal = Refusal(kind=kind)
    assert quell("delete", "work/general", "m0001", "--yes").exit_code == 0
    (deletion,) = journalled()[1]
    assert (deletion.target.endpoint_host, deletion.target.acting_account) == ("chat.example.org", "")


def test_a_login_that_is_refused_is_3_and_nothing_is_asked(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    providers["work"].login_refusal = Refusal(kind=RefusalKind.LOGIN)
    assert quell("delete", "work/general", "m0001", "--yes").exit_code == 3
    assert providers["work"].deleted == []


def test_the_journal_keeps_who_why_and_what(quell: Quell) -> None:
    quell("delete", "work/general", "m0002", "m0009", "--reason", "flood", "--yes")
    batch, deletions = journalled()
    assert (batch.moderator, batch.reason.code, batch.reason.text) == ("Mo", "flood", "flood")
    known, unknown = (deletion.target for deletion in deletions)
    assert (known.provider, known.room_id, known.room_name, known.author_name, known.text) == (
        "fake",
        "r1",
        "general",
        "Amara Okafor",
        "hello 2",
    )
    assert (unknown.message_id, unknown.text, unknown.seen) == ("m0009", "", False)


def test_free_words_are_passed_on_where_the_service_takes_them(
    quell: Quell, providers: dict[str, FakeProvider]
) -> None:
    providers["live"].confirming = False
    quell("delete", "live/finals", "m1", "--reason", "selling tickets", "--yes")
    assert providers["live"].deleted == [("finals", "m1", "selling tickets")]
    assert journalled()[0].reason.code == "other"


@pytest.mark.parametrize("source", ["-", "file"])
def test_ids_from_a_file(quell: Quell, providers: dict[str, FakeProvider], tmp_path: Path, source: str) -> None:
    ids = "m0003\n\n  m0001  \r\nm0003\n"
    file = tmp_path / "ids"
    file.write_text(ids)
    where = str(file) if source == "file" else "-"
    result = quell("delete", "work/general", "--ids", where, "--yes", stdin=ids)
    assert result.exit_code == 0
    assert "1 of 3 ids are repeated" in result.stderr
    assert Counter(id_ for _, id_, _ in providers["work"].deleted) == {"m0003": 1, "m0001": 1}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("work/general",), "no message ids are given"),
        (("work/general", " "), "no message ids are given"),
        (("work/general", "m1", "--ids", "-"), "ids are given twice"),
        (("work/general", "--ids", "/nowhere"), "No such file"),
        (("work/general", "m1", "--grace", "31"), "--grace"),
        (("work/general", "m1", "--grace", "-1"), "--grace"),
        (("work/general", "m1", "--grace", "nan"), "--grace"),
        (("work/general", "m1", "--reason", "a\x1bb"), "control character (U+001B)"),
        (("work/general", "m1", "--reason", "a\nb"), "control character (U+000A)"),
        (("live/finals", "m1", "--reason", "x" * 257), "257 characters"),
        (("work/genral", "m1"), "did you mean work/general?"),
        (("work/random", "m1"), "work/r2 or work/r3"),
        (("work", "m1"), "write account/room"),
    ],
)
@pytest.mark.parametrize("mode", ["--yes", "--dry-run"])
def test_what_can_not_be_done_as_written(
    quell: Quell, providers: dict[str, FakeProvider], arguments: tuple[str, ...], told: str, mode: str
) -> None:
    result = quell("delete", *arguments, mode, stdin="")
    assert result.exit_code == 2
    assert told in result.stderr
    assert not journal_path().exists()
    assert not providers["work"].deleted


def test_a_list_that_is_not_text(quell: Quell, tmp_path: Path) -> None:
    file = tmp_path / "ids"
    file.write_bytes(b"m1\n\xff\n")
    result = quell("delete", "work/general", "--ids", str(file), "--yes")
    assert result.exit_code == 2
    assert "is not UTF-8 text" in result.stderr


def test_without_a_terminal_it_is_not_done_without_yes(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    result = quell("delete", "work/general", "m0001", stdin="y\n")
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert not providers["work"].deleted


@pytest.mark.parametrize(("reason", "code"), [((), 2), (("--reason", " "), 2), (("--reason", "spam"), 0)])
def test_a_policy_can_require_a_reason(quell: Quell, config: Path, reason: tuple[str, ...], code: int) -> None:
    config.write_text(config.read_text() + "reason_required = true\n")
    result = quell("delete", "work/general", "m0001", *reason, "--yes")
    assert result.exit_code == code
    assert ("A reason is required." in result.stderr) == (code == 2)


def test_the_configured_grace_period_is_announced_and_waited_out(quell: Quell, config: Path) -> None:
    config.write_text(config.read_text().replace("grace_seconds = 0", "grace_seconds = 0.01"))
    result = quell("delete", "work/general", "m0001", "--yes")
    assert "1 held for 0 s; Ctrl+C sends nothing" in result.stderr
    assert result.exit_code == 0


def test_an_unusable_journal_means_that_nothing_is_sent(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    journal_path().mkdir(parents=True)
    result = quell("delete", "work/general", "m0001", "--yes")
    assert result.exit_code == 1
    assert str(journal_path()) in result.stderr
    assert not providers["work"].deleted


FORECASTS = {"m0002": Forecast(verdict="refused", cause="too old", remedy="ask an admin")}


def test_a_dry_run_sends_and_journals_nothing(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    providers["work"].forecasts = FORECASTS
    result = quell("delete", "work/general", "m0001", "m0002", "m0009", "--dry-run", "--json")
    assert result.exit_code == 1
    *messages, summary = lines(result.stdout)
    assert [(line["message_id"], line["forecast"]) for line in messages] == [
        ("m0001", "allowed"),
        ("m0002", "refused"),
        ("m0009", "unknown"),
    ]
    assert messages[1] == messages[1] | {"room": "work/r1", "cause": "too old", "remedy": "ask an admin"}
    assert summary == {"summary": {"allowed": 1, "refused": 1, "unknown": 1}, "dry_run": True}
    assert not providers["work"].deleted
    assert not journal_path().exists()


def test_a_dry_run_for_people(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    providers["work"].forecasts = FORECASTS
    result = quell("delete", "work/general", "m0001", "m0002", "--dry-run", "--text")
    assert result.stdout.splitlines() == [
        "allowed   m0001  Amara Okafor: hello 1",
        "refused   m0002  too old; ask an admin  Amara Okafor: hello 2",
        "1 allowed, 1 refused, 0 unknown; nothing was sent",
    ]


def test_a_dry_run_without_refusals_is_0(quell: Quell) -> None:
    assert quell("delete", "work/general", "m0001", "m0009", "--dry-run").exit_code == 0
