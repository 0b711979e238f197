import asyncio
import csv
import io
import json

import pytest
from msgspec.structs import replace

from quell import __version__
from quell.config import journal_path
from quell.moderation.deletion import State
from quell.moderation.journal import Journal
from quell_providers.refusal import Refusal, RefusalKind
from tests.unit.quell.cli.conftest import Quell
from tests.unit.quell.moderation.journal.support import disconnection

REFUSED = Refusal(
    kind=RefusalKind.PERMISSION,
    code="AccessDeniedException",
    detail="not authorized \x1b[2J",
    cause="The policy does not allow it.",
    remedy="Allow ivschat:DisconnectUser.",
)


async def write_down(author_id: str = "vlad\x00\u202e") -> None:
    journal = await Journal.open(journal_path())
    first, second = disconnection(), disconnection(State.REFUSED, REFUSED, id_="d2")
    first = replace(first, author_id=author_id, endpoint_host="ivschat.us-west-2.amazonaws.com", acting_account="A1")
    second = replace(second, author_id=author_id)
    for each in (first, replace(first, state=State.ACCEPTED), second):
        await journal.record_disconnection(each)
    await journal.close()


def test_before_anybody_was_disconnected(quell: Quell) -> None:
    result = quell("audit", "disconnections")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "nobody was disconnected yet" in result.stderr


def test_for_people(quell: Quell) -> None:
    asyncio.run(write_down())
    newest, oldest = quell("audit", "disconnections").stdout.splitlines()
    assert "live/finals'; ␛[2J  vlad␀⟦U+202E⟧  Mo  refused  flood: Flooding the chat" in newest
    assert newest.endswith(
        "The policy does not allow it. (AccessDeniedException: not authorized ␛[2J)  Allow ivschat:DisconnectUser."
    )
    assert oldest.endswith("accepted  flood: Flooding the chat")
    assert quell("audit", "disconnections", "--limit", "1").stdout.splitlines() == [newest]


def test_for_programs(quell: Quell) -> None:
    asyncio.run(write_down())
    newest, oldest = map(json.loads, quell("audit", "disconnections", "--json").stdout.splitlines())
    assert (newest["id"], newest["state"], newest["code"]) == ("d2", "refused", "AccessDeniedException")
    assert newest["remedy"] == "Allow ivschat:DisconnectUser."
    assert (oldest["id"], oldest["state"], oldest["code"]) == ("d1", "accepted", None)
    assert oldest["author_id"] == "vlad\x00\u202e"
    assert oldest["room"] == "live/AbCd1234wxyz"
    assert oldest["reason"] == {"code": "flood", "text": "Flooding the chat"}
    assert (oldest["endpoint_host"], oldest["acting_account"]) == ("ivschat.us-west-2.amazonaws.com", "A1")
    assert (newest["endpoint_host"], newest["acting_account"]) == (None, None)
    assert json.loads(quell("audit", "verify", "--json").stdout)["records"] == 3


def test_filters(quell: Quell) -> None:
    asyncio.run(write_down())
    assert len(quell("audit", "disconnections", "--state", "refused").stdout.splitlines()) == 1
    assert len(quell("audit", "disconnections", "--moderator", "Mo", "--reason", "flood").stdout.splitlines()) == 2
    assert quell("audit", "disconnections", "--room", "nowhere").stdout == ""


def test_the_list_of_batches_says_where_they_are(quell: Quell) -> None:
    asyncio.run(write_down())
    result = quell("audit", "list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "and 2 disconnections: quell audit disconnections" in result.stderr
    assert "and 1 disconnection:" in quell("audit", "list", "--state", "refused").stderr
    assert quell("audit", "list", "--room", "nowhere").stderr == ""


@pytest.mark.parametrize("size", [1, 500])
def test_as_a_table_without_formulas(quell: Quell, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr("quell.cli.audit_export._PAGE", size)
    asyncio.run(write_down("=cmd()"))
    output = quell("audit", "export", "--of", "disconnections", "--format", "csv").stdout_bytes.decode()
    newest, oldest = csv.DictReader(io.StringIO(output, newline=""))
    assert (newest["record_id"], newest["state"], newest["author_id"]) == ("d2", "refused", "'=cmd()")
    assert newest["server_code"] == "AccessDeniedException"
    assert (oldest["record_id"], oldest["state"], oldest["moderator"]) == ("d1", "accepted", "Mo")
    assert oldest["requested_at"] == oldest["state_at"] == "2027-01-15T08:00:03.000Z"


def test_as_json_lines(quell: Quell) -> None:
    asyncio.run(write_down())
    lines = quell("audit", "export", "--of", "disconnections", "--state", "accepted").stdout.splitlines()
    (record,) = map(json.loads, lines)
    assert record["action"] == "disconnect"
    assert (record["record"], record["author_id"], record["room_name"]) == (1, "vlad\x00\u202e", "finals'; \x1b[2J")
    assert (record["endpoint_host"], record["account"]) == ("ivschat.us-west-2.amazonaws.com", "live")
    assert (record["acting_account"], record["tool_version"]) == ("A1", __version__)
    assert (record["prev_hash"], len(record["hash"])) == ("0" * 64, 64)
    assert quell("audit", "export").stdout == ""
