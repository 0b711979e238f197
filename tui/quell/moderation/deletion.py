"""The life of a deletion: its states, the legal steps between them, and what is remembered of it.

Nothing in here acts. A step is a new value, so every earlier one may be shown, stored or compared.
"""

import uuid
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, TypedDict, Unpack

import msgspec
from msgspec import Struct

from quell_providers.refusal import Refusal


class State(StrEnum):
    """Where a deletion stands; the values are the words people read."""

    HELD = "held"
    """Confirmed; the grace period runs."""
    QUEUED = "queued"
    """Waiting for its turn at the allowed rate."""
    SENT = "sent"
    """Asked of the service, and not answered yet."""
    ACCEPTED = "accepted"
    """The service answered success."""
    CONFIRMED = "confirmed"
    """The live stream showed the message gone."""
    GONE = "gone"
    """Deleted by someone else before or during ours."""
    REFUSED = "refused"
    """A permanent no of the service."""
    FAILED = "failed"
    """A transient no that outlived its retries."""
    UNKNOWN = "unknown"
    """Asked, but nobody knows whether it happened: the answer was lost, or the console died waiting for it."""
    CANCELLED = "cancelled"
    """Stopped by the moderator before anything was asked."""


TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.HELD: frozenset({State.QUEUED, State.CANCELLED, State.GONE, State.FAILED}),
        State.QUEUED: frozenset({State.SENT, State.CANCELLED, State.GONE, State.FAILED}),
        State.SENT: frozenset(
            {
                State.ACCEPTED,
                State.CONFIRMED,
                State.GONE,
                State.REFUSED,
                State.FAILED,
                State.UNKNOWN,
                State.QUEUED,  # "not now": it waits for its turn again
                State.SENT,  # asked again because the first answer was lost
            }
        ),
        State.ACCEPTED: frozenset({State.CONFIRMED}),
        # The live stream can overtake the answer, which is then added: its operation id, or that the service refused
        # ours, so that somebody else's deletion was seen.
        State.CONFIRMED: frozenset({State.CONFIRMED, State.GONE}),
        State.GONE: frozenset(),
        State.REFUSED: frozenset({State.QUEUED}),
        State.FAILED: frozenset({State.QUEUED}),
        State.UNKNOWN: frozenset({State.CONFIRMED, State.GONE}),
        State.CANCELLED: frozenset(),
    }
)
"""Every legal step. `refused` and `failed` go back to `queued` by the moderator's hand only."""

WAITING = frozenset({State.HELD, State.QUEUED})
"""Nothing was asked of the service yet, or it answered "not now": can still be cancelled."""
OPEN = WAITING | {State.SENT}
"""Something is still going to happen by itself."""
DONE = frozenset({State.ACCEPTED, State.CONFIRMED, State.GONE})
"""The message is deleted, as far as the service says."""
RETRYABLE = frozenset({State.REFUSED, State.FAILED})
"""Certainly not deleted; the moderator may try again."""


class MessageKey(NamedTuple):
    """Names one message over all accounts."""

    account: str
    room_id: str
    message_id: str


class Target(Struct, frozen=True, kw_only=True):
    """A message that shall be deleted, as the moderator saw it. Text is raw; empty where it is not known."""

    account: str
    provider: str
    room_id: str
    room_name: str
    message_id: str
    author_id: str = ""
    author_name: str = ""
    text: str = ""
    sent_at: float | None = None
    attachments: tuple[str, ...] = ()
    """Names of attached files."""
    thread_id: str | None = None
    """Id of the message that this one replies to in a thread."""
    endpoint_host: str = ""
    """Host of whom the deletion is asked."""
    acting_account: str = ""
    """The service's id of whom the account is logged in as."""

    @property
    def key(self) -> MessageKey:
        """The message's name over all accounts."""
        return MessageKey(self.account, self.room_id, self.message_id)

    @property
    def seen(self) -> bool:
        """Whether the message was on the screen, and not only an id that someone gave."""
        return bool(self.text) or self.sent_at is not None


class Reason(Struct, frozen=True):
    """Why a batch is deleted."""

    code: str
    """Short and stable, such as `spam`; `other` where only the text says why."""
    text: str
    """The moderator's words, and what the service is told where it takes a reason; may be empty."""


def new_id() -> str:
    """A fresh id for a batch."""
    return uuid.uuid4().hex


class Batch(Struct, frozen=True, kw_only=True):
    """One confirmed decision of one moderator."""

    id: str = msgspec.field(default_factory=new_id)
    moderator: str
    reason: Reason
    targets: tuple[Target, ...]
    confirmed_at: float
    """Unix seconds."""
    urgent: bool = False
    """Goes before every batch that is not."""


class Deletion(Struct, frozen=True, kw_only=True):
    """One message of a batch, and where its deletion stands."""

    id: str
    batch_id: str
    target: Target
    reason: Reason
    state: State
    at: float
    """Unix seconds of the last step."""
    attempt: int = 0
    """How many times the service was asked."""
    operation_id: str | None = None
    """The service's id of the accepted operation, where it gives one."""
    refusal: Refusal | None = None
    """The no that led to the present state."""
    held_until: float | None = None
    """Unix seconds at which the grace period ends, while `held`."""

    @property
    def key(self) -> MessageKey:
        """The name of the message over all accounts."""
        return self.target.key


class Changes(TypedDict, total=False):
    """What a step may change beside the state."""

    attempt: int
    operation_id: str | None
    refusal: Refusal | None


class IllegalTransitionError(Exception):
    """A step that the life of a deletion does not have. Always a mistake in the program."""

    def __init__(self, deletion: Deletion, state: State) -> None:
        super().__init__(f"deletion {deletion.id} can not go from {deletion.state} to {state}")


def advance(deletion: Deletion, state: State, *, at: float, **changes: Unpack[Changes]) -> Deletion:
    """The deletion after one step.

    A refusal explains the step it came with, so a step without one clears it.

    Raises:
        IllegalTransitionError: `TRANSITIONS` has no such step.
    """
    if state not in TRANSITIONS[deletion.state]:
        raise IllegalTransitionError(deletion, state)
    return Deletion(
        id=deletion.id,
        batch_id=deletion.batch_id,
        target=deletion.target,
        reason=deletion.reason,
        state=state,
        at=at,
        attempt=changes.get("attempt", deletion.attempt),
        operation_id=changes.get("operation_id", deletion.operation_id),
        refusal=changes.get("refusal"),
    )
