"""What stands in the text column of a message."""

from quell.display.printable import Printable, printable
from quell_providers.model import Message

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
    """The message in one line of printable text, with the signs of thread, files and edits."""
    text = printable(message.text)
    if message.system:
        text = Printable(f"{_SYSTEM_WORDS.get(message.system, printable(message.system))} {text}".rstrip())
    if message.thread_id:
        text = Printable(f"↳ {text}")
    for name in message.attachments:
        text = Printable(f"{text} ⟨file {printable(name)}⟩".lstrip())
    if message.edited_at is not None and not message.deleted:
        text = Printable(f"{text} (edited)")
    return text or Printable("(no text)")
