"""The life of a deletion: which steps it has, and what a step keeps."""

import pytest

from quell.moderation.deletion import (
    DONE,
    OPEN,
    RETRYABLE,
    TRANSITIONS,
    WAITING,
    Deletion,
    IllegalTransitionError,
    Reason,
    State,
    advance,
)
from quell_providers.refusal import RefusalKind
from tests.unit.quell.moderation.simulation import refusal, target

LEGAL = {
    "held": "queued cancelled gone failed",
    "queued": "sent cancelled gone failed",
    "sent": "accepted confirmed gone refused failed unknown queued sent",
    "accepted": "confirmed",
    "confirmed": "confirmed gone",
    "gone": "",
    "refused": "queued",
    "failed": "queued",
    "unknown": "confirmed gone",
    "cancelled": "",
}


def deletion(state: State = State.SENT) -> Deletion:
    return Deletion(
        id="b.1",
        batch_id="b",
        target=target("m1"),
        reason=Reason("spam", ""),
        state=state,
        at=1.0,
        attempt=1,
        operation_id="op",
        refusal=refusal(RefusalKind.THROTTLED),
        held_until=5.0,
    )


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("following", State)
def test_only_the_written_down_steps_are_legal(state: State, following: State) -> None:
    if following in LEGAL[state].split():
        assert advance(deletion(state), following, at=2.0).state is following
    else:
        with pytest.raises(IllegalTransitionError, match=f"from {state} to {following}"):
            advance(deletion(state), following, at=2.0)


def test_a_step_keeps_the_operation_and_clears_what_belonged_to_the_state_before() -> None:
    after = advance(deletion(), State.ACCEPTED, at=2.0)
    assert (after.at, after.operation_id, after.attempt) == (2.0, "op", 1)
    assert (after.refusal, after.held_until) == (None, None)
    assert (after.id, after.key) == ("b.1", ("live", "room", "m1"))


def test_a_step_takes_what_came_with_it() -> None:
    no = refusal(RefusalKind.PERMISSION)
    after = advance(deletion(), State.REFUSED, at=2.0, refusal=no, attempt=3, operation_id=None)
    assert (after.refusal, after.attempt, after.operation_id) == (no, 3, None)


def test_every_state_is_in_exactly_one_kind() -> None:
    kinds = [OPEN, DONE, RETRYABLE, {State.UNKNOWN, State.CANCELLED}]
    assert sorted(state for kind in kinds for state in kind) == sorted(State)
    assert WAITING < OPEN


def test_nothing_leaves_a_finished_deletion_but_a_retry_by_hand() -> None:
    assert all(TRANSITIONS[state] == {State.QUEUED} for state in RETRYABLE)
    assert not any(TRANSITIONS[state] & OPEN for state in State if state not in OPEN | RETRYABLE)


def test_a_target_was_seen_when_its_text_or_time_is_known() -> None:
    assert target("m1").seen
    assert not target("m1", text="").seen
