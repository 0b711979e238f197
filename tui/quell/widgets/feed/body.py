"""What stands in the text column of a message."""

from collections.abc import Iterator

from quell.display import Printable, Run, printable, runs
from quell.display.links import link_badge
from quell.display.printable import plain
from quell_providers.model import Message

LONGEST = 2000
"""Characters of a message that its row shows; the detail pane shows all."""

_SYSTEM_WORDS = {
    "uj": "joined the room",
    "ul": "left the room",
    "au": "was added by the author",
    "ru": "was removed by the author",
    "ut": "joined the conversation",
    "message_pinned": "pinned a message",
    "rm": "message removed",
}


def body(message: Message) -> Printable:
    """The message in one line of printable text, with the signs of thread, files, edits and misleading links."""
    return plain(body_runs(message))


def body_runs(message: Message) -> tuple[Run, ...]:
    """What `body` gives, with our stand-ins and badges apart from what the author wrote. Never empty."""
    parts = [*_before(message), runs(message.text, LONGEST), *_after(message)]
    shown = [part for part in parts if part] or [_ours("(no text)")]
    return tuple(run for part in shown for run in (*(_ours(" ") if part is not shown[0] else ()), *part))


def _ours(text: str) -> tuple[Run]:
    return (Run(printable(text), stand_in=False),)


def _before(message: Message) -> Iterator[tuple[Run, ...]]:
    if message.thread_id:
        yield _ours("↳")
    if message.system:
        yield _ours(_SYSTEM_WORDS.get(message.system, message.system))


def _after(message: Message) -> Iterator[tuple[Run, ...]]:
    badge = link_badge(message.text)
    if badge is not None:
        yield (Run(badge, stand_in=True),)
    for name in message.attachments:
        yield _ours(f"⟨file {name}⟩")
    if message.edited_at is not None and not message.deleted:
        yield _ours("(edited)")
