"""Ending all connections of an author, on record: the decision before the call, the answer after it."""

from collections.abc import Callable

from msgspec.structs import replace

from quell.moderation.deletion import State
from quell.moderation.disconnection import Disconnection
from quell.moderation.journal import Journal, JournalError
from quell_providers.provider import Provider
from quell_providers.refusal import TRANSIENT, Refusal, RefusalKind, RefusedError


class AnswerNotRecordedError(Exception):
    """The service answered, and the answer could not be written down; the decision is on record.

    Args:
        ended: What the service answered.
        cause: Why that could not be written down.
    """

    def __init__(self, ended: Disconnection, cause: JournalError) -> None:
        super().__init__(str(cause))
        self.ended = ended


async def disconnect(
    asked: Disconnection, provider: Provider, journal: Journal, *, now: Callable[[], float]
) -> Disconnection:
    """Ask the service once. A refusal is an answer, and returned.

    Args:
        asked: What was decided, in state `sent`.
        provider: Of the account.
        journal: Where it is written down.
        now: Unix seconds.

    Raises:
        AnswerNotRecordedError: The service was asked; see there.
        JournalError: Nothing could be written down, so the service was not asked.
    """
    await journal.record_disconnection(asked)
    try:
        await provider.disconnect(asked.room_id, asked.author_id, asked.reason.text or None)
    except RefusedError as error:
        ended = replace(asked, state=_state_after(error.refusal), refusal=error.refusal, at=now())
    else:
        ended = replace(asked, state=State.ACCEPTED, at=now())
    try:
        await journal.record_disconnection(ended)
    except JournalError as error:
        raise AnswerNotRecordedError(ended, error) from error
    return ended


def _state_after(refusal: Refusal) -> State:
    if refusal.kind is RefusalKind.LOST:
        return State.UNKNOWN
    return State.FAILED if refusal.kind in TRANSIENT else State.REFUSED
