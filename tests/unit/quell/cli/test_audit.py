import json

from quell.config import journal_path
from tests.support.fake_provider import NOT_ALLOWED, FakeProvider
from tests.unit.quell.cli.conftest import Quell


def test_before_anything_was_deleted(quell: Quell) -> None:
    result = quell("audit", "list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "nothing was deleted yet" in result.stderr
    assert not journal_path().exists()


def test_batches_newest_first(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    providers["work"].answers["m0002"] = NOT_ALLOWED
    quell("delete", "work/general", "m0001", "m0002", "--reason", "spam", "--yes")
    quell("delete", "work/r2", "m7", "--reason", "my words", "--yes")
    newest, oldest = map(json.loads, quell("audit", "list", "--json").stdout.splitlines())
    assert (newest["reason"], newest["rooms"]) == (
        {"code": "other", "text": "my words"},
        [{"room": "work/r2", "name": "random"}],
    )
    assert (oldest["moderator"], oldest["messages"], oldest["states"]) == ("Mo", 2, {"accepted": 1, "refused": 1})
    assert quell("audit", "list", "--limit", "1").stdout.split()[2] == newest["batch_id"]


def test_a_batch_for_people(quell: Quell) -> None:
    quell("delete", "work/general", "m0001", "--reason", "x", "--yes")
    (line,) = quell("audit", "list").stdout.splitlines()
    assert line.endswith("Mo  work/general  1 accepted  other: x")


def test_every_message_of_a_batch(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    providers["work"].answers["m0002"] = NOT_ALLOWED
    quell("delete", "work/general", "m0001", "m0002", "--reason", "x", "--yes")
    batch_id = json.loads(quell("audit", "list", "--json").stdout)["batch_id"]
    first, second = map(json.loads, quell("audit", "show", batch_id, "--json").stdout.splitlines())
    assert first == first | {"message_id": "m0001", "state": "accepted", "operation_id": "op-m0001", "text": "hello 1"}
    assert second == second | {"message_id": "m0002", "state": "refused", "cause": NOT_ALLOWED.cause}
    assert quell("audit", "show", batch_id).stdout.startswith("✓ accepted      m0001  Amara Okafor: hello 1\n✗ refused")


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
