"""What a row says of links that lead somewhere else than they seem to. Pure.

A link is never made clickable; its host and whole address are shown as text.
"""

from quell.display.printable import Printable, printable
from quell.moderation.links import links_of


def link_badge(text: str) -> Printable | None:
    """What is wrong with the links of a text, in a few words with the real host; `None` when nothing is."""
    if text.isascii() and not any(sign in text for sign in ("@", "](", "|")) and "xn--" not in text.lower():
        return None  # nothing in it could be told of, and it need not be taken apart
    for link in links_of(text):
        if link.has_user or link.posing_as:
            return printable(f"⟦leads to {link.at.looked_up}⟧")
        if not link.at.in_letters.isascii():
            kind = "look-alike host" if link.at.is_lookalike else "host"
            return printable(f"⟦{kind} {link.at.looked_up}⟧")
    return None
