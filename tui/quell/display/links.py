"""Links in a text that lead somewhere else than they seem to: what a row says of them. Pure.

A link is never made clickable; its host and whole address are shown as text.
"""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from quell.display.printable import Printable, printable
from quell.moderation.characters import is_ignorable
from quell.moderation.matching import skeleton

_LINK = re.compile(r"(?:[a-z][a-z0-9+.-]{1,20}://|\bwww\.)[^\s<>\"]+", re.IGNORECASE)
_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "HEBREW", "ARABIC", "GEORGIAN"})


def may_have_links(text: str) -> bool:
    """Whether it is worth looking for links; says no for sure, and quickly."""
    if text.isascii():
        return "://" in text or "www." in text.lower()
    return (":" in text and "/" in text) or ("." in text and text.lower().count("w") >= 3)


def hosts(text: str) -> list[str]:
    """The hosts, raw, of the links in a text, in order; links without one that can be understood are left out."""
    return [host for host, _ in _hosts(text)]


def link_badge(text: str) -> Printable | None:
    """What is wrong with the links of a text, in a few words with the real host; `None` when nothing is.

    Look-alike hosts are those that mix scripts, or that look like ASCII without being it.
    """
    if not may_have_links(text):
        return None
    for host, has_user in _hosts(text):
        if has_user:
            return printable(f"⟦leads to {_ascii(host)}⟧")
        shown = _shown(host)
        if not shown.isascii():
            kind = "look-alike host" if _is_lookalike(shown) else "host"
            return printable(f"⟦{kind} {_ascii(host)}⟧")
    return None


def _hosts(text: str) -> Iterator[tuple[str, bool]]:
    """Hosts, and whether a user name before the host poses as one.

    Invisible characters hide a link from filters, and people type it off the screen without them.
    """
    seen = text if text.isascii() else "".join([each for each in text if each.isascii() or not is_ignorable(each)])
    for found in _LINK.finditer(seen):
        link = found[0] if "://" in found[0] else f"https://{found[0]}"
        try:
            # Browsers read a backslash as a slash, which ends the host.
            parts = urlsplit(link.replace("\\", "/"))
            host = parts.hostname
        except ValueError:
            continue
        if host:
            yield host.rstrip("."), parts.username is not None


def _shown(host: str) -> str:
    """A host as a browser shows it: punycode in its letters."""
    import idna  # large tables, which few texts need

    try:
        return idna.decode(host) if "xn--" in host else host
    except idna.IDNAError:
        return host


def _ascii(host: str) -> str:
    """A host as it is looked up; as it is where that can not be."""
    import idna

    try:
        return host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host


def _is_lookalike(host: str) -> bool:
    """Whether a host that is not ASCII mixes scripts in a label, or can be read as one that is."""
    return any(len(_scripts(label)) > 1 or _reads_as_ascii(label) for label in host.split("."))


def _scripts(label: str) -> set[str]:
    return {unicodedata.name(letter, "").partition(" ")[0] for letter in label if letter.isalpha()} & _SCRIPTS


def _reads_as_ascii(label: str) -> bool:
    return not label.isascii() and skeleton(label).isascii()
