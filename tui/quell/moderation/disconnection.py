"""What is remembered of one request to end all connections of an author to a room."""

import uuid

import msgspec
from msgspec import Struct

from quell.moderation.deletion import Reason, State
from quell_providers.refusal import Refusal, RefusalKind

INTERRUPTED = Refusal(
    kind=RefusalKind.LOST,
    code="interrupted",
    cause="Quell ended before the service answered.",
    remedy="See whether the author is still there, and disconnect them again if so.",
)
"""Why a disconnection is `unknown` that was asked for and not answered when its console ended."""


def _new_id() -> str:
    return uuid.uuid4().hex


class Disconnection(Struct, frozen=True, kw_only=True):
    """One decision to disconnect an author, and how it stands."""

    account: str
    provider: str
    """The service by its short name: `ivs`."""
    room_id: str
    room_name: str
    author_id: str
    moderator: str
    reason: Reason
    at: float
    """Unix seconds at which it came to stand so."""
    state: State = State.SENT
    """`sent` until the service answered; then `accepted`, `refused`, `failed`, or `unknown` where the answer was lost.

    One that was `sent` by a console that ended before the answer becomes `unknown` when the next one starts.
    """
    refusal: Refusal | None = None
    endpoint_host: str = ""
    """Host of whom it is asked."""
    acting_account: str = ""
    """The service's id of whom the account is logged in as."""
    id: str = msgspec.field(default_factory=_new_id)
