"""What follows from a refusal, case by case."""

import msgspec
import pytest

from quell.moderation.deletion import Deletion, Reason, State
from quell.moderation.verdict import Tries, state_after
from quell_providers.refusal import RefusalKind
from tests.unit.quell.moderation.simulation import refusal, target

SENT = Deletion(
    id="b.1", batch_id="b", target=target("m1"), reason=Reason("spam", ""), state=State.SENT, at=1.0, attempt=1
)
PERMANENT = (
    RefusalKind.LOGIN,
    RefusalKind.PERMISSION,
    RefusalKind.READ_ONLY,
    RefusalKind.INVALID,
    RefusalKind.VETOED,
)
UNSEEN = msgspec.structs.replace(SENT, target=target("m1", text=""))


def verdicts(*kinds: RefusalKind, deletion: Deletion = SENT) -> list[State]:
    tries, found = Tries(), []
    for kind in kinds:
        tries.count(refusal(kind))
        found.append(state_after(refusal(kind), deletion, tries))
    return found


@pytest.mark.parametrize("kind", PERMANENT)
def test_a_permanent_no_is_final(kind: RefusalKind) -> None:
    assert verdicts(kind) == [State.REFUSED]


@pytest.mark.parametrize("kind", PERMANENT)
def test_a_permanent_no_does_not_tell_what_a_lost_answer_was(kind: RefusalKind) -> None:
    assert verdicts(RefusalKind.LOST, kind) == [State.SENT, State.UNKNOWN]


def test_throttled_comes_again_but_not_for_ever() -> None:
    assert verdicts(*[RefusalKind.THROTTLED] * 20) == [State.QUEUED] * 19 + [State.FAILED]


def test_unavailable_is_tried_four_times() -> None:
    assert verdicts(*[RefusalKind.UNAVAILABLE] * 4) == [State.QUEUED] * 3 + [State.FAILED]


def test_a_lost_answer_is_repeated_once() -> None:
    assert verdicts(RefusalKind.LOST, RefusalKind.LOST) == [State.SENT, State.UNKNOWN]


def test_after_a_lost_answer_nothing_counts_as_not_asked() -> None:
    kinds = [RefusalKind.LOST, RefusalKind.THROTTLED, *[RefusalKind.UNAVAILABLE] * 4]
    assert verdicts(*kinds) == [State.SENT] * 5 + [State.UNKNOWN]


def test_not_found_is_gone_where_the_message_was_seen() -> None:
    assert verdicts(RefusalKind.NOT_FOUND) == [State.GONE]
    assert verdicts(RefusalKind.NOT_FOUND, deletion=UNSEEN) == [State.REFUSED]


def test_not_found_is_gone_after_an_attempt_of_our_own() -> None:
    assert verdicts(RefusalKind.NOT_FOUND, deletion=msgspec.structs.replace(UNSEEN, attempt=2)) == [State.GONE]


def test_backoff_doubles_and_spreads() -> None:
    tries = Tries()
    assert tries.backoff(lambda: 0.0) == 0.0
    waits = []
    for _ in range(8):
        tries.count(refusal(RefusalKind.UNAVAILABLE))
        waits.append((tries.backoff(lambda: 0.0), tries.backoff(lambda: 1.0)))
    assert waits[:3] == [(0.5, 0.25), (1.0, 0.5), (2.0, 1.0)]
    assert waits[-1] == (30.0, 15.0)


def test_being_throttled_needs_no_backoff_of_its_own() -> None:
    tries = Tries()
    tries.count(refusal(RefusalKind.THROTTLED))
    assert tries.backoff(lambda: 0.0) == 0.0


def test_an_unreachable_service_may_say_when_to_come_back() -> None:
    tries = Tries()
    tries.count(refusal(RefusalKind.UNAVAILABLE, retry_after=7.0))
    assert tries.backoff(lambda: 0.5) == 7.0
    tries.count(refusal(RefusalKind.UNAVAILABLE))
    assert tries.backoff(lambda: 0.0) == 1.0
