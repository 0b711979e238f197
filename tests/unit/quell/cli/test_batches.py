"""`quell batches`: what a run that died left behind is told, and gone on with or ended."""

import asyncio
import json
import os
import signal
import time

import pytest

from quell.config import journal_path
from quell.moderation.deletion import Batch, Deletion, Reason, State, Target, advance
from quell.moderation.journal import Journal
from tests.support.fake_provider import FakeProvider
from tests.unit.quell.cli.conftest import Quell

BATCH = "b1"


def died(account: str = "work", batch_id: str = BATCH, **asked: str) -> None:
    """Leave a journal as a process does that is killed with one deletion answered, one on its way and one queued."""
    child = os.fork()
    if child == 0:
        asyncio.run(_die(account, batch_id, asked))
    os.waitpid(child, 0)


async def _die(account: str, batch_id: str, asked: dict[str, str]) -> None:
    targets = tuple(
        Target(
            account=account,
            provider="fake",
            room_id="r1",
            room_name="general",
            message_id=id_,
            text="hello",
            endpoint_host=asked.get("endpoint_host", ""),
            acting_account=asked.get("acting_account", ""),
        )
        for id_ in ("m0001", "m0002", "m0003")
    )
    now = time.time()
    batch = Batch(
        id=batch_id, moderator="Mo", reason=Reason("spam", "spam"), targets=targets, confirmed_at=now, urgent=True
    )
    first = [
        Deletion(id=f"{batch_id}.{n}", batch_id=batch_id, target=each, reason=batch.reason, state=State.QUEUED, at=now)
        for n, each in enumerate(targets, start=1)
    ]
    journal = await Journal.open(journal_path())
    await journal.begin(batch, first)
    sent = [advance(each, State.SENT, at=now, attempt=1) for each in first[:2]]
    await journal.record(sent)
    await journal.record([advance(sent[0], State.ACCEPTED, at=now)])
    os.kill(os.getpid(), signal.SIGKILL)


def states(output: str) -> dict[str, str]:
    lines = [json.loads(line) for line in output.splitlines()]
    return {line["message_id"]: line["state"] for line in lines if "message_id" in line}


def test_nothing_is_unfinished(quell: Quell) -> None:
    result = quell("batches", "list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "nothing is unfinished" in result.stderr
    assert not journal_path().exists()


def test_what_is_unfinished_is_listed(quell: Quell) -> None:
    died()
    listed = json.loads(quell("batches", "list", "--json").stdout)
    assert listed == listed | {
        "batch_id": BATCH,
        "moderator": "Mo",
        "messages": 3,
        "waiting": 1,
        "in_flight": 1,
        "urgent": True,
        "states": {"accepted": 1, "sent": 1, "queued": 1},
    }
    result = quell("batches", "list")
    assert f"{BATCH}  Mo  work/general  1 queued, 1 sent, 1 accepted  urgent  spam: spam" in result.stdout
    assert "quell batches resume BATCH" in result.stderr


def test_deleting_tells_of_it_and_leaves_it_alone(quell: Quell) -> None:
    died()
    result = quell("delete", "work/general", "m0005", "--yes")
    assert result.exit_code == 0
    assert "1 may have happened or not, 1 were not sent" in result.stderr
    assert json.loads(quell("batches", "list", "--json").stdout)["batch_id"] == BATCH


def test_going_on(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    died()
    result = quell("batches", "resume", BATCH, "--json")
    assert result.exit_code == 0
    assert states(result.stdout) == dict.fromkeys(("m0001", "m0002", "m0003"), "accepted")
    assert [id_ for _, id_, _ in providers["work"].deleted] == ["m0002", "m0003"]
    assert json.loads(result.stdout.splitlines()[-1]) == {"summary": {"accepted": 3}, "batch_id": BATCH}
    assert quell("batches", "list").stdout == ""


def test_no_going_on_elsewhere(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    died(endpoint_host="old.example.org")
    result = quell("batches", "resume", BATCH, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "was confirmed for old.example.org, but the account work leads to chat.example.org now" in result.stderr
    assert "settle or close it" in result.stderr
    assert providers["work"].deleted == []
    assert json.loads(quell("batches", "list", "--json").stdout)["states"] == {"accepted": 1, "sent": 1, "queued": 1}


def test_going_on_as_somebody_else_is_told(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    died(endpoint_host="chat.example.org", acting_account="u0")
    result = quell("batches", "resume", BATCH, "--json")
    assert result.exit_code == 0
    assert "work is logged in as u1; the batch was confirmed as u0" in result.stderr
    assert [id_ for _, id_, _ in providers["work"].deleted] == ["m0002", "m0003"]


@pytest.mark.parametrize("act", ["settle", "close"])
def test_ending_it(quell: Quell, providers: dict[str, FakeProvider], act: str) -> None:
    died()
    result = quell("batches", act, BATCH, "--json")
    assert result.exit_code == 1
    assert states(result.stdout) == {"m0001": "accepted", "m0002": "unknown", "m0003": "cancelled"}
    assert providers["work"].deleted == []
    assert quell("batches", "list").stdout == ""


def test_settling_asks_where_the_service_can_tell(
    quell: Quell, providers: dict[str, FakeProvider], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def exists(room_id: str, message_id: str) -> bool | None:
        return False

    monkeypatch.setattr(providers["work"], "exists", exists)
    died()
    assert states(quell("batches", "settle", BATCH, "--json").stdout)["m0002"] == "gone"


@pytest.mark.parametrize("act", ["resume", "settle", "close"])
def test_outcomes_are_for_people_only_where_asked(quell: Quell, act: str) -> None:
    died()
    assert quell("batches", act, BATCH, "--text").stdout.startswith("✓ accepted      m0001")
    died("work", "b2")
    assert states(quell("batches", act, "b2").stdout)["m0001"] == "accepted"


def test_an_account_that_is_not_configured_any_more(quell: Quell) -> None:
    died("gone")
    result = quell("batches", "resume", BATCH, "--json")
    assert result.exit_code == 1
    assert "gone is not configured any more" in result.stderr
    assert states(result.stdout) == {"m0001": "accepted", "m0002": "unknown", "m0003": "cancelled"}


@pytest.mark.parametrize("act", ["resume", "settle", "close"])
def test_a_batch_that_is_not_unfinished(quell: Quell, act: str) -> None:
    result = quell("batches", act, "bogus")
    assert result.exit_code in (1, 2)
    assert "no unfinished batch" in result.stderr
    assert result.stdout == ""
