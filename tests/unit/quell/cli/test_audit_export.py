import csv
import io
import json
import os
import re
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from quell.cli.audit_export import neutral
from quell.moderation.journal.schema import VERSION
from tests.support.fake_provider import NOT_ALLOWED, WINDOW, FakeProvider, message
from tests.unit.quell.cli.conftest import ROOMS, Quell

EVIL = [
    '=HYPERLINK("https://x.example","open")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    'quoted "text", with; separators',
    "\x1b[2Jtwo\nlines",
    "half \ud800 pair",
    "plain",
]


@pytest.fixture
def evil(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    """Every text was deleted, newest last; the last one was refused."""
    talk = [message(number, text, author=text) for number, text in enumerate(EVIL)]
    providers["work"] = FakeProvider(ROOMS, {"r1": talk}, WINDOW)
    providers["work"].answers[f"m{len(EVIL) - 1:04}"] = NOT_ALLOWED
    ids = [f"m{number:04}" for number in range(len(EVIL))]
    assert quell("delete", "work/general", *ids, "--reason", "=spam", "--yes").exit_code == 1


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("text", EVIL)
def test_a_cell_that_is_no_formula(text: str) -> None:
    begins = text[0] in "=+-@\t\r\n＝＋－＠"
    assert neutral(text) == (f"'{text}" if begins else text)
    assert neutral("") == ""


def test_json_lines_are_raw_and_ascii(quell: Quell, evil: None) -> None:
    output = quell("audit", "export").stdout
    assert output.isascii()
    assert "\x1b" not in output
    records = [json.loads(line) for line in output.splitlines()]
    assert [record["text"] for record in records] == EVIL[::-1]
    newest = records[0]
    assert newest == newest | {
        "action": "delete",
        "provider": "fake",
        "endpoint_host": "chat.example.org",
        "account": "work",
        "acting_account": "u1",
        "room_id": "r1",
        "room_name": "general",
        "moderator": "Mo",
        "reason_text": "=spam",
        "state": "refused",
        "attempt": 1,
        "server_code": NOT_ALLOWED.code,
        "server_message": NOT_ALLOWED.detail,
        "confirmed_by": "none",
        "visibility_effect": "none",
        "schema": VERSION,
    }
    assert records[1]["visibility_effect"] == "unknown"
    assert records[1]["record"] == newest["record"] - 1
    assert records[1]["hash"] == newest["prev_hash"]
    assert re.fullmatch("[0-9a-f]{64}", newest["text_sha256"])
    assert {tuple(record) for record in records} == {tuple(newest)}


def test_a_table_has_no_formula_and_one_row_a_message(quell: Quell, evil: None, tmp_path: Path) -> None:
    out = tmp_path / "journal.csv"
    assert quell("audit", "export", "--format", "csv", "--out", str(out)).stdout == ""
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    rows = table(out.read_bytes().decode())
    assert [row["text"] for row in rows] == [neutral(text).replace("\ud800", "\\ud800") for text in EVIL[::-1]]
    assert {row["reason_text"] for row in rows} == {"'=spam"}
    assert not any(cell[:1] in tuple("=+-@\t\r\n＝") for row in rows for cell in row.values() if cell)
    assert [file.name for file in tmp_path.iterdir()] == ["journal.csv"]


def test_a_pipe_gets_the_same_as_a_file(quell: Quell, evil: None, tmp_path: Path) -> None:
    quell("audit", "export", "--format", "csv", "--out", str(tmp_path / "a.csv"))
    assert quell("audit", "export", "--format", "csv").stdout_bytes == (tmp_path / "a.csv").read_bytes()


def test_every_cell_is_quoted(quell: Quell, evil: None) -> None:
    first, *_ = quell("audit", "export", "--format", "csv").stdout.splitlines()
    assert all(cell[0] == cell[-1] == '"' for cell in first.split(","))


def test_a_table_on_a_terminal_obeys_nothing(quell: Quell, evil: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quell.cli.audit_export._goes_to_terminal", lambda: True)
    output = quell("audit", "export", "--format", "csv").stdout
    assert "\x1b" not in output
    assert "␛[2Jtwo⏎lines" in output


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
def test_filters_and_pages(quell: Quell, evil: None, monkeypatch: pytest.MonkeyPatch, format_: str) -> None:
    monkeypatch.setattr("quell.cli.audit_export._PAGE", 5)
    everything = quell("audit", "export", "--format", format_).stdout_bytes.decode()
    found = len(table(everything)) if format_ == "csv" else len(everything.splitlines())
    assert found == len(EVIL)
    refused = quell("audit", "export", "--format", format_, "--state", "refused").stdout
    assert len(refused.splitlines()) == (2 if format_ == "csv" else 1)
    assert quell("audit", "export", "--format", format_, "--room", "nowhere").stdout == ""


@pytest.fixture
def file_in_thread(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    """A reply in a thread was deleted that is nothing but two files."""
    reply = replace(message(1, ""), attachments=("=advert.png", "two.pdf"), thread_id="parent")
    providers["work"] = FakeProvider(ROOMS, {"r1": [reply]}, WINDOW)
    assert quell("delete", "work/general", "m0001", "--reason", "spam", "--yes").exit_code == 0


def test_files_and_the_thread_are_told(quell: Quell, file_in_thread: None) -> None:
    (record,) = map(json.loads, quell("audit", "export").stdout.splitlines())
    assert (record["attachments"], record["thread_id"]) == (["=advert.png", "two.pdf"], "parent")
    (row,) = table(quell("audit", "export", "--format", "csv").stdout_bytes.decode())
    assert row["attachments"] == "'=advert.png\ntwo.pdf"
    assert "⟨file =advert.png⟩ ⟨file two.pdf⟩" in quell("audit", "show", record["batch_id"]).stdout
    (told,) = map(json.loads, quell("audit", "show", record["batch_id"], "--json").stdout.splitlines())
    same = ("attachments", "thread_id", "endpoint_host", "acting_account", "erased_at")
    assert [told[name] for name in same] == [record[name] for name in same]


def test_when_evidence_ends_and_when_it_ended(quell: Quell, config: Path, file_in_thread: None) -> None:
    def exported() -> dict[str, Any]:
        (record,) = map(json.loads, quell("audit", "export").stdout.splitlines())
        assert isinstance(record, dict)
        return record

    def lasts() -> float:
        record = exported()
        ends, began = (datetime.fromisoformat(record[name]) for name in ("evidence_expires_at", "requested_at"))
        return (ends - began).total_seconds()

    assert lasts() == 30 * 86_400
    config.write_text(config.read_text() + "[journal]\nevidence_ttl_days = 7\n")
    assert lasts() == 7 * 86_400
    assert (exported()["evidence"], exported()["erased_at"]) == ("full", None)
    quell("audit", "erase", "--author", "amara.okafor", "--yes")
    erased = exported()
    assert (erased["evidence"], erased["evidence_expires_at"], erased["attachments"]) == ("erased", None, [])
    began, ended = (datetime.fromisoformat(erased[name]) for name in ("requested_at", "erased_at"))
    assert began <= ended <= datetime.now(UTC)


def test_the_help_names_every_field(quell: Quell, evil: None) -> None:
    named = quell("audit", "export", "--help").stdout.partition("by what they answer:")[2].partition("Options:")[0]
    record = json.loads(quell("audit", "export").stdout.splitlines()[0])
    assert record.keys() - set(named.split()) == set()
    assert {word for word in named.split() if "_" in word} - record.keys() == set()


def test_a_file_that_can_not_be_written(quell: Quell, evil: None, tmp_path: Path) -> None:
    result = quell("audit", "export", "--out", str(tmp_path / "no" / "such" / "folder"))
    assert result.exit_code == 1
    assert "can not be written: No such file or directory" in result.stderr


def test_a_device_is_not_replaced_by_a_file(quell: Quell, evil: None, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    result = quell("audit", "export", "--out", str(pipe))
    assert result.exit_code == 2
    assert "is no file" in result.stderr
    assert pipe.is_fifo()
