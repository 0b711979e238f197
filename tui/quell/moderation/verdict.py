"""What follows from a service's no: ask again, or settle, and how."""

from collections.abc import Callable
from dataclasses import dataclass

from quell.moderation.deletion import Deletion, State
from quell_providers.refusal import Refusal, RefusalKind

_MOST_THROTTLED = 20
"""A throttled deletion only waits for its turn, so this is high; it still ends a service that never gives one."""
_MOST_UNAVAILABLE = 4
_MOST_LOST = 2
_FIRST_BACKOFF = 0.5
_LONGEST_BACKOFF = 30.0


@dataclass(slots=True)
class Tries:
    """How often one deletion was refused for a while, since it was last put in the queue."""

    throttled: int = 0
    unavailable: int = 0
    lost: int = 0
    told: float = 0.0
    """Seconds after which the unreachable service said to come back."""

    def count(self, refusal: Refusal) -> None:
        """Take a refusal into account."""
        match refusal.kind:
            case RefusalKind.THROTTLED:
                self.throttled += 1
            case RefusalKind.UNAVAILABLE:
                self.unavailable += 1
                self.told = refusal.retry_after or 0.0
            case RefusalKind.LOST:
                self.lost += 1
            case _:
                pass

    def backoff(self, random: Callable[[], float]) -> float:
        """Seconds to wait before asking an unreachable service again.

        They double each time, with up to half taken off at random, but are no less than the service said.
        """
        failures = self.unavailable + self.lost
        if failures == 0:
            return 0.0
        doubled = min(_FIRST_BACKOFF * 2.0 ** (failures - 1), _LONGEST_BACKOFF)
        return max(doubled * (1.0 - random() / 2), self.told)


def state_after(refusal: Refusal, deletion: Deletion, tries: Tries) -> State:
    """Where a deletion goes that was refused.

    Args:
        refusal: The service's no.
        deletion: The deletion as it was sent.
        tries: Its refusals so far, this one included.

    Returns:
        `queued`: ask again when its turn comes. `sent`: ask again too, but never cancel it any more, because an
        answer was lost and the message may be deleted already. Any other state: it is settled.
    """
    match refusal.kind:
        case RefusalKind.THROTTLED:
            again = tries.throttled < _MOST_THROTTLED
        case RefusalKind.UNAVAILABLE:
            again = tries.unavailable < _MOST_UNAVAILABLE
        case RefusalKind.LOST:
            again = tries.lost < _MOST_LOST
        case RefusalKind.NOT_FOUND if deletion.attempt > 1 or deletion.target.seen:
            return State.GONE
        case _:
            # The answer that was lost may have been a yes, and this no tells nothing of that.
            return State.UNKNOWN if tries.lost else State.REFUSED
    if again:
        return State.SENT if tries.lost else State.QUEUED
    return State.UNKNOWN if tries.lost else State.FAILED
