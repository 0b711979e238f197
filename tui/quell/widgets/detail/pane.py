"""The detail pane: one message in full, who wrote it, and what became or would become of its deletion."""

import asyncio
from dataclasses import dataclass
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message as TextualMessage
from textual.timer import Timer
from textual.widget import Widget

from quell.moderation.deletion import MessageKey
from quell.moderation.journal import AuthorRecord, JournalError
from quell.session.session import Session
from quell.session.state import RoomState
from quell.widgets.detail.author_text import card_parts, past_parts
from quell.widgets.detail.message_text import place_parts, room_parts, text_parts, thread_parts
from quell.widgets.detail.nearby import author_here
from quell.widgets.detail.outcome_text import deletion_parts, forecast_parts
from quell.widgets.detail.parts import GAP, Line, Part
from quell.widgets.detail.subject import Findings, Nearby, Subject
from quell.widgets.detail.view import DetailText
from quell_providers.model import Message
from quell_providers.provider import Forecast
from quell_providers.refusal import RefusedError

REST = 0.3
"""Seconds for which the cursor must rest on a message before anything is asked about it."""
PASSING_REST = 2.5
"""The same for messages that pass by under a cursor that follows; nothing is asked about them while more arrive."""
FORECAST_KEPT = 30.0
"""Seconds after which a forecast is asked for again: time limits run out while someone looks on."""
LOOK_AGAIN = 5.0
"""Seconds between two looks through the messages around one, as long as these change."""

Answer = Forecast | Nearby | AuthorRecord | JournalError


class DetailPane(Vertical):
    """Everything known of the message under the cursor.

    What must be asked for is asked only once the cursor rests, and no longer waited for once it has moved on.

    Args:
        session: Whom to ask.
        head: Stands above the text and does not scroll.
        id: As for every widget.
    """

    @dataclass
    class Found(TextualMessage):
        """Something was found out about a message."""

        key: MessageKey
        answer: Answer

    def __init__(self, session: Session, head: Widget, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._session = session
        self._head = head
        self._subject: Subject | None = None
        self._findings = Findings()
        self._resting: Timer | None = None

    def compose(self) -> ComposeResult:
        """One text, and what stands above it."""
        yield self._head
        yield DetailText(id="detail-text")

    @property
    def text(self) -> DetailText:
        """What the keys scroll."""
        return self.query_one(DetailText)

    @property
    def message(self) -> Message | None:
        """The message that is shown."""
        return None if self._subject is None else self._subject.message

    def show(self, subject: Subject) -> None:
        """Show a message."""
        before, self._subject = self._subject, subject
        moved = before is None or before.key != subject.key
        if before is not None and moved:
            self._findings = _still_true(self._findings, before, subject)
        if before is None or _stands(before) != _stands(subject):
            self._stop_asking()
            self._resting = self.set_timer(PASSING_REST if subject.passing else REST, partial(self._ask, subject))
        self._draw(from_top=moved)

    def show_room(self, room: RoomState | None) -> None:
        """Show a room: there is no message to look at."""
        self.rest()
        self.text.show_parts(room_parts(room) if room is not None else (), from_top=True)

    def rest(self) -> None:
        """Nobody looks: ask for nothing, and forget what was asked for."""
        self._stop_asking()
        self._subject = None
        self._findings = Findings()

    def look_around(self) -> None:
        """Count anew what the messages around this one tell: marks may have changed, or messages come."""
        if self._subject is not None and self._resting is None:
            self._look_around(self._subject, wait=REST)

    def _ask(self, subject: Subject) -> None:
        self._resting = None
        self._foresee(subject)
        self._look_up_author(subject)
        self._look_around(subject, wait=0.0)

    def _stop_asking(self) -> None:
        if self._resting is not None:
            self._resting.stop()
            self._resting = None
        self.workers.cancel_node(self)

    def _draw(self, *, from_top: bool) -> None:
        subject, findings = self._subject, self._findings
        if subject is None:
            return
        parts: list[Part] = [*card_parts(subject.author, findings), GAP, *text_parts(subject.message)]
        parts += [Line("◼ marked", "bold $warning")] if subject.marked else []
        parts += deletion_parts(subject)
        parts += forecast_parts(subject, findings.forecast)
        parts += past_parts(findings)
        parts += thread_parts(subject, findings.nearby)
        parts += place_parts(subject)
        self.text.show_parts(parts, from_top=from_top)

    @on(Found)
    def _found(self, event: Found) -> None:
        event.stop()
        if self._subject is None or event.key != self._subject.key:
            return
        match event.answer:
            case Forecast():
                self._findings.forecast = event.answer
            case Nearby():
                known, self._findings.nearby = self._findings.nearby, event.answer
                if known is not None and known.author.deleted != event.answer.author.deleted:
                    self._look_up_author(self._subject)
            case AuthorRecord():
                self._findings.record, self._findings.record_problem = event.answer, ""
            case JournalError():
                self._findings.record, self._findings.record_problem = None, str(event.answer)
        self._draw(from_top=False)

    @work(group="detail-forecast", exclusive=True)
    async def _foresee(self, subject: Subject) -> None:
        target = self._session.decisions.target(subject.room, subject.message)
        while subject.deletable:
            try:
                (forecast,) = await self._session.decisions.forecasts([target])
            except RefusedError as error:
                no = error.refusal
                forecast = Forecast(verdict="unknown", cause=no.cause or no.detail or no.code, remedy=no.remedy)
            self.post_message(self.Found(subject.key, forecast))
            await asyncio.sleep(FORECAST_KEPT)

    @work(group="detail-author", exclusive=True)
    async def _look_up_author(self, subject: Subject) -> None:
        try:
            answer: Answer = await self._session.journal.author_record(subject.room.account, subject.author.id)
        except JournalError as error:
            answer = error
        self.post_message(self.Found(subject.key, answer))

    @work(group="detail-nearby", exclusive=True)
    async def _look_around(self, subject: Subject, *, wait: float) -> None:
        room = subject.room
        while True:
            await asyncio.sleep(wait)
            here = await author_here(room, subject.author.id, self._session.selection)
            replies = tuple(room.timeline.replies(subject.thread_id))
            self.post_message(self.Found(subject.key, Nearby(here, replies)))
            wait = LOOK_AGAIN


def _stands(subject: Subject) -> tuple[object, ...]:
    """What decides whether answers are still good."""
    return subject.key, subject.message.deleted, subject.deletion and subject.deletion.state


def _still_true(findings: Findings, before: Subject, now: Subject) -> Findings:
    """What was found out about one message and holds for the next one too."""
    if (before.room.key, before.author.id) != (now.room.key, now.author.id):
        return Findings()
    nearby = findings.nearby
    if nearby is not None and before.thread_id != now.thread_id:
        nearby = Nearby(nearby.author, ())
    return Findings(nearby=nearby, record=findings.record, record_problem=findings.record_problem)
