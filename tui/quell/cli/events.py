"""How one event of a room is printed, for programs and for people."""

from quell.cli.output import local, utc
from quell.display import Printable, printable
from quell.display.wording import said, with_files
from quell_providers.model import Deleted, Edited, Event, Gap, GapFilled, Message, Posted, StateChanged

STATE_WORDS = {"live": "connected"}
"""Words for the states of a live stream where they differ from the model's."""


def event_fields(room: str, event: Event) -> dict[str, object]:
    """The event as a JSON object.

    Args:
        room: `account/room-id`.
        event: What happened.
    """
    match event:
        case Posted(message):
            return {"event": "posted", "room": room, "message": message_fields(message)}
        case Edited(message):
            return {"event": "edited", "room": room, "message": message_fields(message)}
        case Deleted():
            return {
                "event": "deleted",
                "room": room,
                "message_id": event.message_id,
                "reason": event.reason,
                "at": utc(event.at),
            }
        case StateChanged():
            return {
                "event": "state",
                "room": room,
                "state": STATE_WORDS.get(event.state, event.state),
                "detail": event.detail,
                "cause": event.cause,
                "remedy": event.remedy,
                "retry_in": event.retry_in,
            }
        case Gap():
            return {"event": "gap", "room": room, "since": utc(event.since), "until": utc(event.until)}
        case GapFilled():
            return {"event": "gap_filled", "room": room, "since": utc(event.since), "until": utc(event.until)}


def message_fields(message: Message) -> dict[str, object]:
    """The message as a JSON object, its text raw."""
    return {
        "id": message.id,
        "author": message.author.name,
        "author_id": message.author.id,
        "username": message.author.username,
        "text": message.text,
        "sent_at": utc(message.sent_at),
        "edited_at": utc(message.edited_at),
        "thread_id": message.thread_id,
        "system": message.system,
        "attachments": list(message.attachments),
        "quote": message.quote,
        "deleted": message.deleted,
        "deletion_reason": message.deletion_reason,
    }


def event_line(event: Event) -> Printable:
    """The event as one line that a terminal may print."""
    match event:
        case Posted(message):
            return _message_line(message, "deleted: " if message.deleted else "")
        case Edited(message):
            return _message_line(message, "edited: ")
        case Deleted():
            reason = f": {event.reason}" if event.reason else ""
            when = f"{local(event.at)}  " if event.at is not None else ""
            return printable(f"{when}{event.message_id}  deleted{reason}")
        case StateChanged():
            words = (STATE_WORDS.get(event.state, event.state), event.cause or event.detail, event.remedy)
            return printable(" - ".join(word for word in words if word))
        case Gap():
            return printable(f"messages from {local(event.since)} to {local(event.until)} may be missing")
        case GapFilled():
            return printable(f"no message from {local(event.since)} to {local(event.until)} is missing any more")


def _message_line(message: Message, change: str) -> Printable:
    words = said(message.author.name, with_files(message.text or message.system, message.attachments))
    return Printable(f"{local(message.sent_at)}  {printable(message.id)}  {change}{words}")
