"""What can be copied of a message. Pure.

A clipboard is pasted anywhere, so what is copied is what is shown, and nothing a terminal would act on. The raw text
comes only as a JSON string, in which everything beyond ASCII is escaped.
"""

from typing import NamedTuple

from quell.display import Printable, json_string, printable
from quell.display.wording import plural
from quell.moderation.links import links_in
from quell.widgets.detail.message_text import written_lines
from quell_providers.model import Message

LINKS = 9
"""As many as there are number keys."""


class Copy(NamedTuple):
    """One thing to copy."""

    key: str
    what: str
    text: Printable


def visible_text(message: Message) -> Copy:
    """The text as it is shown, in its lines."""
    return Copy("t", "the visible text", Printable("\n".join(written_lines(message.text))))


def copies(message: Message) -> list[Copy]:
    """Everything there is to copy; what is empty is left out."""
    author = message.author
    links = [
        Copy(str(number), f"link {number}", printable(link.address or link.written))
        for number, link in enumerate(links_in(message)[:LINKS], start=1)
    ]
    found = [
        visible_text(message),
        Copy("i", "the message id", printable(message.id)),
        Copy("u", "the user id", printable(author.id)),
        Copy("n", "the author's name", printable(author.name)),
        *links,
        Copy("r", "the raw text as a JSON string", json_string(message.text) if message.text else Printable("")),
    ]
    return [copy for copy in found if copy.text]


def told(copy: Copy) -> Printable:
    """What was copied, for the moderator."""
    size = plural(len(copy.text), "character")
    return printable(f"Copied {copy.what}, {size}, if your terminal takes it (OSC 52).")
