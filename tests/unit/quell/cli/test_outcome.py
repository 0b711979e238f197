import pytest
from msgspec.structs import replace

from quell.cli.errors import ExitCode
from quell.cli.outcome import counts, counts_line, exit_code, outcome_fields, outcome_lines
from quell.moderation.deletion import Deletion, Reason, State, Target
from quell_providers.refusal import Refusal, RefusalKind

TARGET = Target(account="work", provider="rocketchat", room_id="r1", room_name="general", message_id="m1")
ACCEPTED = Deletion(
    id="b.1",
    batch_id="b",
    target=TARGET,
    reason=Reason("spam", ""),
    state=State.ACCEPTED,
    at=1_767_258_000.0,
    operation_id="op1",
)
NO = Refusal(
    kind=RefusalKind.PERMISSION, code="not-allowed", detail="Not\x1b allowed", cause="Too old.", remedy="Ask an admin."
)
REFUSED = replace(ACCEPTED, state=State.REFUSED, operation_id=None, refusal=NO)


def test_an_accepted_deletion() -> None:
    assert outcome_fields(ACCEPTED) == {
        "message_id": "m1",
        "room": "work/r1",
        "state": "accepted",
        "code": None,
        "detail": None,
        "operation_id": "op1",
        "at": "2026-01-01T09:00:00.000Z",
    }


def test_a_refused_deletion_tells_cause_and_remedy() -> None:
    assert outcome_fields(REFUSED) == {
        "message_id": "m1",
        "room": "work/r1",
        "state": "refused",
        "code": "not-allowed",
        "detail": "Not\x1b allowed",
        "operation_id": None,
        "at": "2026-01-01T09:00:00.000Z",
        "cause": "Too old.",
        "remedy": "Ask an admin.",
    }


def test_lines_for_people() -> None:
    seen = replace(ACCEPTED, target=replace(TARGET, author_name="Vlad", text="a\x1bb"))
    assert outcome_lines(seen) == ["✓ accepted      m1  Vlad: a␛b"]
    picture = replace(seen, target=replace(seen.target, text="", sent_at=0.0, attachments=("x\x1b.png", "y.pdf")))
    assert outcome_lines(picture) == ["✓ accepted      m1  Vlad: ⟨file x␛.png⟩ ⟨file y.pdf⟩"]
    assert outcome_lines(REFUSED) == [
        "✗ refused       m1",
        "    Too old. (not-allowed: Not␛ allowed)",
        "    Ask an admin.",
    ]


def test_counts_follow_the_life_of_a_deletion() -> None:
    assert counts_line(counts([REFUSED, ACCEPTED, REFUSED])) == "1 accepted, 2 refused"


LOGIN = replace(REFUSED, refusal=Refusal(kind=RefusalKind.LOGIN))


@pytest.mark.parametrize(
    ("deletions", "code"),
    [
        ([ACCEPTED, replace(ACCEPTED, state=State.CONFIRMED), replace(ACCEPTED, state=State.GONE)], ExitCode.DONE),
        ([ACCEPTED, REFUSED], ExitCode.INCOMPLETE),
        ([replace(ACCEPTED, state=State.FAILED)], ExitCode.INCOMPLETE),
        ([replace(ACCEPTED, state=State.UNKNOWN)], ExitCode.INCOMPLETE),
        ([replace(ACCEPTED, state=State.CANCELLED)], ExitCode.INCOMPLETE),
        ([ACCEPTED, LOGIN, REFUSED], ExitCode.LOGIN),
        ([replace(LOGIN, state=State.GONE)], ExitCode.DONE),
    ],
)
def test_exit_codes(deletions: list[Deletion], code: ExitCode) -> None:
    assert exit_code(deletions) is code
