"""A plan file: JSON lines, the first of which says where and why, and each further one names a message."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from quell.cli.errors import CommandError
from quell.display import json_line
from quell_providers.model import Author, Message

FORMAT = 1

T = TypeVar("T", bound=Struct)


class Header(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first line."""

    quell_plan: int = FORMAT
    tool_version: str
    account: str
    provider: str
    room_id: str
    room_name: str
    moderator: str
    reason_code: str
    reason: str
    urgent: bool = False


class Row(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One message. Only its id decides what is deleted; the rest is for whoever reviews it."""

    message_id: str
    author_id: str = ""
    author: str = ""
    sent_at: str | None = None
    """ISO 8601, UTC."""
    text: str | None = None
    """Raw; `null` where only the id was known."""
    attachments: tuple[str, ...] = ()
    """Names of attached files."""
    thread_id: str | None = None
    forecast: Literal["allowed", "refused", "unknown"] = "unknown"
    cause: str = ""
    remedy: str = ""


class Plan(NamedTuple):
    """A whole plan."""

    header: Header
    rows: tuple[Row, ...]

    def reviewed(self) -> Mapping[str, Message]:
        """The messages as the plan shows them, by id; those whose text was not known are not among them."""
        return {row.message_id: self._message(row, row.text) for row in self.rows if row.text is not None}

    def _message(self, row: Row, text: str) -> Message:
        try:
            sent_at = datetime.fromisoformat(row.sent_at or "").timestamp()
        except ValueError:
            sent_at = 0.0
        author = Author(id=row.author_id, name=row.author)
        return Message(
            id=row.message_id,
            room_id=self.header.room_id,
            author=author,
            text=text,
            sent_at=sent_at,
            attachments=row.attachments,
            thread_id=row.thread_id,
        )


def written(plan: Plan) -> str:
    """The content of its file: printable ASCII, so that an editor or pager can show it without harm."""
    return "".join(f"{json_line(msgspec.to_builtins(line))}\n" for line in (plan.header, *plan.rows))


def read_plan(text: str, name: str) -> Plan:
    """The plan in a file. Empty lines count for nothing, and messages named twice count once.

    Raises:
        CommandError: It is no plan, or a line of it can not be understood; tells which.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise CommandError(f"{name} is empty", remedy="write a plan with: quell delete ... --plan FILE")
    header = _decoded(lines[0], Header, name)
    if header.quell_plan != FORMAT:
        raise CommandError(f"{name} is a plan of format {header.quell_plan}; this Quell knows {FORMAT}")
    rows = {row.message_id: row for row in (_decoded(line, Row, name) for line in lines[1:])}
    if not rows:
        raise CommandError(f"{name} names no message")
    return Plan(header, tuple(rows.values()))


def _decoded(line: tuple[int, str], kind: type[T], name: str) -> T:
    number, text = line
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        raise CommandError(f"{name}, line {number}: {error}", remedy="change it, or write the plan again") from None
