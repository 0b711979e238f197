import asyncio
import json

from msgspec.structs import replace

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


async def write_down() -> None:
    journal = await Journal.open(journal_path())
    first, second = disconnection(), disconnection(State.REFUSED, REFUSED, id_="d2")
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
    assert json.loads(quell("audit", "verify", "--json").stdout)["records"] == 3
