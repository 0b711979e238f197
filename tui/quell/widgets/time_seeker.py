"""Going to a time that may not be loaded yet."""

import math
from collections.abc import Callable, Iterable
from datetime import datetime

from quell.display import Printable, printable
from quell.moderation.timeline import Place
from quell.session.session import Session
from quell.session.state import RoomKey, RoomState
from quell.widgets.facts import Facts
from quell.widgets.feed import Feed
from quell.widgets.feed.ends import beyond_ends
from quell_providers.model import Message


class TimeSeeker:
    """Moves a feed to a time. History is loaded until it is there, there is no more, or a hand moves the cursor.

    Args:
        session: Loads history.
        facts: Knows the rooms that are looked at.
        feed: What is moved.
        tell: Takes what the moderator has to know.
    """

    def __init__(self, session: Session, facts: Facts, feed: Feed, tell: Callable[[Printable], object]) -> None:
        self._session = session
        self._facts = facts
        self._feed = feed
        self._tell = tell
        self._sought: float | None = None
        self._resting_at: Place | None = None
        """Where the cursor waits."""
        self._oldest: dict[RoomKey, float] = {}
        """When the oldest message was sent that the feed knows of, by room: timelines are ahead of it."""

    def seek(self, moment: float) -> None:
        """Go to the first message of this time (Unix seconds) or later, as soon as it can be."""
        scope = self._facts.scope
        if scope is None:
            return
        self._feed.move_to_time(moment)
        self._sought, self._resting_at = moment, self._feed.viewport.cursor
        self._oldest = {room.key: _oldest(room) for room in scope.rooms}
        if any(_goes_back(room) and _oldest(room) > moment for room in scope.rooms):
            back_to = f"{datetime.fromtimestamp(moment):%Y-%m-%d %H:%M}"
            self._tell(printable(f"Loading what was said since {back_to}. Moving the cursor ends that."))
        self.go_on()

    def take_in(self, room: RoomState, added: Iterable[Message]) -> None:
        """The feed knows of these messages of a room now."""
        if self._sought is not None:
            sent = [message.sent_at for message in added]
            self._oldest[room.key] = min([self._oldest.get(room.key, math.inf), *sent])

    def go_on(self) -> None:
        """The feed shows all that it is to show of the messages it knows of."""
        scope, moment = self._facts.scope, self._sought
        if scope is None or moment is None or any(room.history == "loading" for room in scope.rooms):
            return
        if self._feed.viewport.cursor != self._resting_at:
            self._sought = None
            return
        lacking = [room for room in scope.rooms if self._oldest.get(room.key, math.inf) > moment]
        loading = [room for room in lacking if _goes_back(room) and _oldest(room) > moment]
        for room in loading:
            self._session.load_older(room.key)
        if loading or any(_oldest(room) < self._oldest.get(room.key, math.inf) for room in lacking):
            return
        self._sought = None
        self._feed.move_to_time(moment)
        told = beyond_ends(self._feed.rows, moment)
        if told is not None:
            self._tell(told)


def _oldest(room: RoomState) -> float:
    """When the oldest message that is kept was sent."""
    return room.timeline[0].sent_at if len(room.timeline) else math.inf


def _goes_back(room: RoomState) -> bool:
    """Whether older messages can be loaded."""
    return room.older is not None and room.history in ("loaded", "loading") and not room.timeline.full
