"""What stands in the text column of a message."""

from quell.display import Printable, Run, printable, runs
from quell.display.links import link_badge
from quell.display.printable import plain
from quell_providers.model import Message

LONGEST = 2000
"""Characters of a message that its row shows; the detail pane shows all."""


def body(message: Message) -> Printable:
    """The message in one line of printable text, with the signs of thread, files, edits and misleading links."""
    return plain(body_runs(message))


def body_runs(message: Message) -> tuple[Run, ...]:
    """What `body` gives, with our stand-ins and badges apart from what the author wrote. Never empty."""
    said = runs(message.text, LONGEST)
    before, after = _before(message), _after(message)
    if said and not before and not after:
        return said
    shown = [part for part in (*before, said, *after) if part] or [_ours("(no text)")]
    return tuple(run for part in shown for run in (*(_ours(" ") if part is not shown[0] else ()), *part))


def _ours(text: str) -> tuple[Run]:
    return (Run(printable(text), stand_in=False),)


def _before(message: Message) -> list[tuple[Run]]:
    parts = [_ours("↳")] if message.thread_id else []
    if message.system and not message.text:
        parts.append(_ours(message.system))
    return parts


def _after(message: Message) -> list[tuple[Run]]:
    badge = link_badge(message.text)
    parts = [] if badge is None else [(Run(badge, stand_in=True),)]
    parts += [_ours(f"⟨file {name}⟩") for name in message.attachments]
    if message.edited_at is not None and not message.deleted:
        parts.append(_ours("(edited)"))
    return parts
