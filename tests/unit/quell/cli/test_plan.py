"""`quell delete --plan` and `quell apply`: nothing is sent before, and everything is looked at anew."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from quell.config import journal_path
from quell_providers.provider import Forecast
from tests.support.fake_provider import WINDOW, FakeProvider, message
from tests.unit.quell.cli.conftest import ROOMS, Quell


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "spam.plan"


def planned(quell: Quell, file: Path, *ids: str) -> list[dict[str, Any]]:
    result = quell("delete", "work/general", *ids, "--reason", "spam", "--plan", str(file))
    assert result.exit_code == 0
    assert "nothing was sent" in result.stderr
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_a_plan_says_what_would_be_done(quell: Quell, providers: dict[str, FakeProvider], file: Path) -> None:
    header, known, unknown = planned(quell, file, "m0002", "m0009")
    assert header == header | {
        "quell_plan": 1,
        "account": "work",
        "room_id": "r1",
        "room_name": "general",
        "moderator": "Mo",
        "reason": "spam",
        "reason_code": "spam",
        "urgent": False,
    }
    assert known == known | {"message_id": "m0002", "author": "Amara Okafor", "text": "hello 2", "forecast": "allowed"}
    assert unknown == unknown | {"message_id": "m0009", "text": None, "forecast": "unknown"}
    assert providers["work"].deleted == []
    assert not journal_path().exists()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_plan_tells_files_and_thread_and_they_go_on_record(
    quell: Quell, providers: dict[str, FakeProvider], file: Path
) -> None:
    seen = replace(message(1, ""), attachments=("advert.png",), thread_id="parent")
    providers["work"] = FakeProvider(ROOMS, {"r1": [seen]}, WINDOW)
    _, row = planned(quell, file, "m0001")
    assert (row["attachments"], row["thread_id"]) == (["advert.png"], "parent")
    providers["work"] = FakeProvider(ROOMS, {"r1": []}, WINDOW)  # too old by now to be found again
    assert quell("apply", str(file), "--yes").exit_code == 0
    record = json.loads(quell("audit", "export").stdout)
    assert (record["attachments"], record["thread_id"]) == (["advert.png"], "parent")


def test_a_plan_with_refusals_is_1(quell: Quell, providers: dict[str, FakeProvider], file: Path) -> None:
    providers["work"].forecasts["m0001"] = Forecast(verdict="refused", cause="too old", remedy="a role")
    assert quell("delete", "work/general", "m0001", "--plan", str(file)).exit_code == 1
    row = json.loads(file.read_text().splitlines()[1])
    assert (row["forecast"], row["cause"], row["remedy"]) == ("refused", "too old", "a role")


def test_what_is_left_in_the_plan_is_deleted(quell: Quell, providers: dict[str, FakeProvider], file: Path) -> None:
    planned(quell, file, "m0001", "m0002", "m0003")
    lines = file.read_text().splitlines()
    file.write_text("\n".join([lines[0], "", lines[1], lines[3], lines[3]]))
    result = quell("apply", str(file), "--yes", "--json")
    assert result.exit_code == 0
    assert sorted(id_ for _, id_, _ in providers["work"].deleted) == ["m0001", "m0003"]
    (batch,) = [json.loads(line) for line in quell("audit", "list", "--json").stdout.splitlines()]
    assert batch["reason"] == {"code": "spam", "text": "spam"}


def test_a_message_that_was_edited_since_is_left_out(
    quell: Quell, providers: dict[str, FakeProvider], file: Path
) -> None:
    planned(quell, file, "m0001", "m0002")
    providers["work"] = _edited(providers["work"])
    result = quell("apply", str(file), "--yes")
    assert result.exit_code == 1
    assert "m0001 was edited since" in result.stderr
    assert [id_ for _, id_, _ in providers["work"].deleted] == ["m0002"]
    file.write_text("\n".join(file.read_text().splitlines()[:2]))
    result = quell("apply", str(file), "--yes")
    assert result.exit_code == 1
    assert "nothing is left to delete" in result.stderr


def _edited(provider: FakeProvider) -> FakeProvider:
    provider._history["r1"] = tuple(message(n, "sorry" if n == 1 else f"hello {n}") for n in range(1, 6))
    return provider


def test_what_has_scrolled_away_keeps_the_words_of_the_plan(
    quell: Quell, providers: dict[str, FakeProvider], file: Path
) -> None:
    planned(quell, file, "m0001")
    providers["work"]._history["r1"] = ()
    result = quell("apply", str(file), "--yes", "--text")
    assert result.stdout.startswith("✓ accepted      m0001  Amara Okafor: hello 1")
    assert "1 are not among the newest 200 messages of the room" in result.stderr


def test_a_dry_run_of_a_plan_sends_nothing(quell: Quell, providers: dict[str, FakeProvider], file: Path) -> None:
    planned(quell, file, "m0001")
    result = quell("apply", str(file), "--dry-run", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout.splitlines()[0])["forecast"] == "allowed"
    assert providers["work"].deleted == []


def test_nobody_confirms(quell: Quell, providers: dict[str, FakeProvider], file: Path) -> None:
    planned(quell, file, "m0001")
    result = quell("apply", str(file))
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert providers["work"].deleted == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda lines: [], "is empty"),
        (lambda lines: lines[:1], "names no message"),
        (lambda lines: lines[1:], "line 1: Object contains unknown field"),
        (lambda lines: [*lines, "not JSON"], "line 3: "),
        (lambda lines: [lines[0].replace('"quell_plan": 1', '"quell_plan": 2'), lines[1]], "format 2"),
        (lambda lines: [lines[0].replace('"work"', '"wrok"'), lines[1]], "did you mean work?"),
        (lambda lines: [lines[0].replace('"fake"', '"ivs"'), lines[1]], "the plan is for ivs"),
        (lambda lines: [lines[0].replace('"r1"', '"r9"'), lines[1]], "has no room 'r9'"),
    ],
)
def test_a_plan_that_can_not_be_applied(quell: Quell, file: Path, change: Any, told: str) -> None:
    planned(quell, file, "m0001")
    file.write_text("\n".join(change(file.read_text().splitlines())))
    result = quell("apply", str(file), "--yes")
    assert result.exit_code == 2
    assert told in result.stderr


def test_a_plan_carries_nothing_a_terminal_would_act_on(
    quell: Quell, providers: dict[str, FakeProvider], file: Path
) -> None:
    providers["work"]._history["r1"] = (message(1, "\x1b]52;c;x\x07\u202e"),)
    planned(quell, file, "m0001")
    content = file.read_text()
    assert content.isascii()
    assert "\x1b" not in content
    assert quell("apply", str(file), "--yes").exit_code == 0


def test_a_file_that_can_not_be_written(quell: Quell) -> None:
    result = quell("delete", "work/general", "m0001", "--plan", "/nowhere/plan")
    assert result.exit_code == 2
    assert "can not be written" in result.stderr
