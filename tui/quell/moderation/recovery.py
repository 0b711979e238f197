"""Settling deletions that a console left behind."""

from msgspec import Struct

from quell.moderation.deletion import Deletion, State, advance
from quell_providers.refusal import Refusal, RefusalKind

INTERRUPTED = Refusal(
    kind=RefusalKind.LOST,
    code="interrupted",
    cause="Quell ended before the service answered.",
    remedy="See whether the message is still there, and delete it again if it is.",
)
"""Why a deletion is `unknown` that was asked for and not answered when its console ended."""


class Recovery(Struct, frozen=True):
    """What was found of consoles that died."""

    deletions: tuple[Deletion, ...] = ()
    """Every deletion they left open, as it is settled now."""

    @property
    def unknown(self) -> int:
        """How many had been asked of the service, without an answer."""
        return sum(deletion.state is State.UNKNOWN for deletion in self.deletions)

    @property
    def cancelled(self) -> int:
        """How many had not been asked yet, and never will be."""
        return sum(deletion.state is State.CANCELLED for deletion in self.deletions)


def settle(deletion: Deletion, at: float) -> Deletion:
    """End an open deletion whose console is gone: what was asked is `unknown`, what was not is `cancelled`."""
    if deletion.state is State.SENT:
        return advance(deletion, State.UNKNOWN, at=at, refusal=INTERRUPTED)
    return advance(deletion, State.CANCELLED, at=at)
