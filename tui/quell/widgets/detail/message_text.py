"""A message in full: text, links, files, quote, thread, times and ids. Pure."""

import re
from datetime import datetime

from quell.display import Printable, clock_time, printable
from quell.display.printable import is_cut
from quell.display.wording import KIND_GLYPHS, KIND_WORDS, plural, room_name
from quell.moderation.links import WebLink, links_in
from quell.session.state import RoomState
from quell.widgets.detail.parts import GAP, Body, Field, Line, Part
from quell.widgets.detail.subject import Nearby, Subject
from quell_providers.model import Message

_LINE_BREAKS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")

LINKS_SHOWN = 8
REPLIES_SHOWN = 20


def room_parts(room: RoomState) -> list[Part]:
    """A room, where no message is looked at."""
    shown = room.room
    parts: list[Part] = [Field("room", room_name(shown), "bold"), Field("", KIND_WORDS[shown.kind])]
    for name, text in (("topic", shown.topic), ("note", shown.note), ("id", shown.id)):
        if text:
            parts.append(Field(name, text))
    parts += [Field("tag", tag) for tag in shown.tags]
    return parts


def text_parts(message: Message) -> list[Part]:
    """What the author wrote, and what came with it."""
    style = "$foreground-muted strike" if message.deleted else ""
    parts: list[Part] = [
        Body(written_lines(message.text), style) if message.text else Line("(no text)", "$foreground-muted")
    ]
    if any(map(is_cut, _LINE_BREAKS.split(message.text))):
        parts.append(Line("It is too long to be shown: Y r copies all of it, c lists every character.", "$warning"))
    if message.system:
        parts.append(Field("system", f"a message of the service's, of type {message.system}"))
    if message.quote:
        parts += [Line("It quotes", "$foreground-muted"), Body(written_lines(message.quote), "$foreground-muted")]
    parts += [Field("file", name) for name in message.attachments]
    return parts + _link_parts(links_in(message))


def written_lines(text: str) -> tuple[Printable, ...]:
    """A text's own lines, each printable."""
    return tuple(printable(line) for line in _LINE_BREAKS.split(text))


def link_parts(link: WebLink) -> list[Part]:
    """A link taken apart: scheme, host, address, warnings."""
    parts: list[Part] = [Field("scheme", link.scheme), Field("host", link.host or "?", "bold")]
    parts.append(Field("written", link.written))
    if link.address and link.address != link.written:
        parts.append(Field("opens", link.address))
    parts += [Field("⚠", warning, "$warning") for warning in link.warnings]
    return parts


def _link_parts(links: tuple[WebLink, ...]) -> list[Part]:
    parts: list[Part] = []
    for number, link in enumerate(links[:LINKS_SHOWN]):
        host = f"{link.scheme} · {link.host or 'no host that can be understood'}"
        parts.append(Field("link", host, "bold"))
        parts.append(Field("", link.written, "$accent", press=f"open_link({number})"))
        parts += [Field("   ⚠", warning, "$warning") for warning in link.warnings]
    if len(links) > LINKS_SHOWN:
        parts.append(Line(f"… and {plural(len(links) - LINKS_SHOWN, 'more link')}: press l", "$warning"))
    return parts


def thread_parts(subject: Subject, nearby: Nearby | None) -> list[Part]:
    """The message that this one replies to, and the replies that are loaded."""
    message, room = subject.message, subject.room
    parts: list[Part] = []
    if message.thread_id:
        parent = room.timeline.get(message.thread_id)
        told = _said(parent) if parent is not None else f"a message that is not loaded, {message.thread_id}"
        parts += [Line("in reply to", "$foreground-muted"), Field("", told)]
    replies = nearby.replies if nearby is not None else ()
    if any(each.id != message.id for each in replies):
        whose = "this thread" if message.thread_id else "this message"
        parts.append(Line(f"{plural(len(replies), 'reply', 'replies')} to {whose} loaded", "$foreground-muted"))
        shown = _around(replies, message)
        parts += [
            Field("▸" if each.id == message.id else "", _said(each), "bold" if each.id == message.id else "")
            for each in shown
        ]
        if len(shown) < len(replies):
            parts.append(Line(f"… and {plural(len(replies) - len(shown), 'more reply', 'more replies')}", "$warning"))
    return [GAP, *parts] if parts else []


def _around(replies: tuple[Message, ...], message: Message) -> tuple[Message, ...]:
    """The replies next to this one, or the newest ones."""
    at = next((number for number, each in enumerate(replies) if each.id == message.id), len(replies))
    start = max(0, min(at - REPLIES_SHOWN // 2, len(replies) - REPLIES_SHOWN))
    return replies[start : start + REPLIES_SHOWN]


def _said(message: Message) -> str:
    gone = " (deleted)" if message.deleted else ""
    name = message.author.name or message.author.username or message.author.id
    return f"{clock_time(message.sent_at)} {name}{gone}: {message.text or '(no text)'}"


def place_parts(subject: Subject) -> list[Part]:
    """When and where it was said, and by which ids the service knows it."""
    message, room = subject.message, subject.room
    parts: list[Part] = [GAP, Field("sent", moment(message.sent_at))]
    if message.edited_at is not None:
        parts.append(Field("edited", moment(message.edited_at)))
    kind = room.room.kind
    parts.append(Field("room", f"{KIND_GLYPHS[kind]} {room_name(room.room)}"))
    parts.append(Field("", f"{subject.service} · {room.account} · {room.room.id}"))
    parts.append(Field("id", message.id))
    parts.append(Field("user id", subject.author.id))
    if message.thread_id:
        parts.append(Field("thread", message.thread_id))
    return parts


def moment(seconds: float) -> str:
    """A Unix time as local date and time of day."""
    return f"{datetime.fromtimestamp(seconds).astimezone():%Y-%m-%d %H:%M:%S}"
