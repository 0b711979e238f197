"""The detail pane: one message in full, and what became of it."""

from datetime import datetime

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from quell.display import duration, label, printable
from quell.display.wording import KIND_WORDS, plural, room_name
from quell.moderation.deletion import Deletion
from quell.session.state import RoomState
from quell_providers.model import Message


class DetailPane(VerticalScroll, can_focus=False):
    """Everything known of the message under the cursor."""

    def compose(self) -> ComposeResult:
        """One text that is replaced as the cursor moves."""
        yield Static(id="detail-text", markup=False)

    def show(self, room: RoomState | None, message: Message | None, deletion: Deletion | None, *, now: float) -> None:
        """Show a message, or the room when there is none."""
        parts = [] if room is None else _room(room) if message is None else _message(room, message, deletion, now)
        self.query_one("#detail-text", Static).update(Content("\n").join(parts))


def _room(room: RoomState) -> list[Content]:
    lines = [Content.styled(room_name(room.room), "bold"), Content(KIND_WORDS[room.room.kind])]
    if room.room.topic:
        lines.append(Content.styled(printable(room.room.topic), "$foreground-muted"))
    return lines


def _message(room: RoomState, message: Message, deletion: Deletion | None, now: float) -> list[Content]:
    author = message.author
    by_author = [other for other in room.timeline if other.author.id == author.id]
    lines = [Content.styled(printable(author.name or author.id), "bold")]
    if author.username:
        lines.append(Content.styled(printable(f"@{author.username}"), "$foreground-muted"))
    since = duration(max(now - by_author[0].sent_at, 0)) if by_author else "–"
    lines.append(
        Content.styled(f"{plural(len(by_author), 'message')} here, the first {since} ago", "$foreground-muted")
    )
    sent = datetime.fromtimestamp(message.sent_at).astimezone()
    lines += [Content(""), Content(printable(message.text) or "(no text)"), Content("")]
    lines.append(_field("sent", f"{sent:%Y-%m-%d %H:%M:%S}"))
    if message.edited_at is not None:
        lines.append(_field("edited", f"{datetime.fromtimestamp(message.edited_at).astimezone():%H:%M:%S}"))
    if message.thread_id:
        lines.append(_field("thread", printable(message.thread_id)))
    lines += [_field("file", printable(name)) for name in message.attachments]
    lines.append(_field("id", printable(message.id)))
    if author.name_source:
        lines.append(_field("name", printable(f"from {author.name_source}")))
    if deletion is not None:
        lines += [Content(""), Content.styled(label(deletion, now=now), f"bold {_style(deletion)}")]
        lines += outcome(deletion)
    elif message.deleted:
        reason = printable(message.deletion_reason or "")
        lines += [Content(""), Content.styled("○ deleted" + (f": {reason}" if reason else ""), "$foreground-muted")]
    return lines


def outcome(deletion: Deletion) -> list[Content]:
    """What became of a deletion, a line a fact."""
    lines = []
    if deletion.reason.text:
        lines.append(_field("reason", printable(deletion.reason.text)))
    refusal = deletion.refusal
    if refusal is not None:
        said = " ".join(part for part in (refusal.code, refusal.detail) if part)
        for name, text in (("said", said), ("why", refusal.cause), ("help", refusal.remedy)):
            if text:
                lines.append(_field(name, printable(text)))
        if refusal.retry_after is not None:
            lines.append(_field("again", f"in {duration(refusal.retry_after)}"))
    if deletion.operation_id:
        lines.append(_field("op", printable(deletion.operation_id)))
    if deletion.attempt:
        lines.append(_field("tries", str(deletion.attempt)))
    lines.append(_field("at", f"{datetime.fromtimestamp(deletion.at).astimezone():%Y-%m-%d %H:%M:%S}"))
    return lines


def _style(deletion: Deletion) -> str:
    return {
        "accepted": "$success",
        "confirmed": "$success",
        "refused": "$error",
        "failed": "$error",
        "unknown": "$error",
    }.get(deletion.state.value, "$warning")


def _field(name: str, text: str) -> Content:
    return Content.assemble((f"{name:<7}", "$foreground-muted"), text)
