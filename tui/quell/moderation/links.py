"""The links in a text, taken apart: where each one really leads, and what is suspicious about it. Pure, and raw."""

import ipaddress
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urlsplit

from quell.moderation.characters import is_ignorable
from quell.moderation.matching import matching_form, skeleton
from quell_providers.model import Message

_REST = r"(?:(?![,;|][a-z]{2,9}://)[^\s<>\"`“”«»])+"
"""What follows, up to another link right behind a comma."""
_LINK = re.compile(
    rf"(?<![\w.])(?:[^\W\d_][\w+.-]{{1,30}}://|www\.){_REST}"
    rf"|(?<![\w.@-])(?:[\w-]++\.)++(?=[^\W\d_]{{0,23}}[a-z])[^\W\d_]{{2,24}}/{_REST}",
    re.IGNORECASE,
)
"""With a scheme, or a host name with `www.` before it or a path behind it: `discord.gg/abc`; in any letters."""
_PATH = re.compile(r"\.[a-z]{2,24}/", re.IGNORECASE)
_NAMED = re.compile(
    r"\[([^\[\]\n]{0,300})(\]\(((?:[^\s()<>]++|\([^\s()<>]*+\))++)\)?)|(<([^\s<>|]+)\|)([^<>\n]{1,300})>"
)
"""What is shown as a link with words of its own: `[words](address)` and `<address|words>`."""
_HOST_ALONE = re.compile(r"\s*((?:[\w-]++\.)++[a-z]{2,24})/?\s*", re.IGNORECASE)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_TRAILING = ".,;:!?'*_~|’‘›‹…。、，；：！？"
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_SAFE = "!$%&'()*+,/:;=?@[]~#-._"
"""What stands in an address as it is; everything else is percent-encoded before it is opened."""
_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "HEBREW", "ARABIC", "GEORGIAN"})


class Host(NamedTuple):
    """Where a link leads."""

    name: str
    """As it is written, in small letters; empty where it can not be understood."""
    in_letters: str
    """As a browser may show it: punycode in its own letters."""
    looked_up: str
    """As it is looked up, in ASCII; empty where no host can have this name."""

    @property
    def mixes_scripts(self) -> bool:
        """Whether a part of the name has letters of several scripts."""
        return any(len(_scripts(label)) > 1 for label in self.in_letters.split("."))

    @property
    def reads_as_ascii(self) -> bool:
        """Whether a part of the name can be mistaken for one in ASCII, which it is not."""
        return any(not label.isascii() and skeleton(label).isascii() for label in self.in_letters.split("."))

    @property
    def is_lookalike(self) -> bool:
        """Whether the name can be mistaken for that of another host."""
        return self.mixes_scripts or self.reads_as_ascii


class WebLink(NamedTuple):
    """One link. Every text in it is raw."""

    written: str
    """As it stands in the message, without invisible characters."""
    scheme: str
    at: Host
    port: int | None
    has_user: bool
    """A user name stands before the host, and may pose as one."""
    address: str
    """What is opened: the whole address in ASCII; empty where it can not be opened safely."""
    warnings: tuple[str, ...]
    """What a moderator should know before opening it."""
    posing_as: str = ""
    """The other host that the words name behind which it stands."""

    @property
    def host(self) -> str:
        """With the port, where one is given; empty where there is none that can be understood."""
        return self.at.name if self.port is None else f"{self.at.name}:{self.port}"


NOWHERE = Host("", "", "")


def may_have_links(text: str) -> bool:
    """Whether it is worth looking for links; says no for sure, and quickly."""
    if text.isascii():
        return "://" in text or "](" in text or "www." in text.lower() or ("/" in text and bool(_PATH.search(text)))
    return "](" in text or ("/" in text and (":" in text or "." in text)) or text.lower().count("w") >= 3


def has_link(text: str) -> bool:
    """Whether there is any link in a text, also one with invisible characters in it."""
    if not may_have_links(text):
        return False
    plain = text.isascii() and "](" not in text
    return _LINK.search(text) is not None or (not plain and any(True for _ in _addresses(_seen(text))))


def links_in(message: Message) -> tuple[WebLink, ...]:
    """Every link of a message, its quote included, each once and in order."""
    return links_of(f"{message.text}\n{message.quote}")


def links_of(text: str) -> tuple[WebLink, ...]:
    """Every link of a text, each once and in order.

    Invisible characters hide a link from filters, and people type it off the screen without them.
    """
    if not may_have_links(text):
        return ()
    found: dict[str, str] = {}
    for _, written, words in sorted(_addresses(_seen(text))):
        found.setdefault(written, words)
    return tuple(taken_apart(written, hidden=written not in text, words=words) for written, words in found.items())


def _seen(text: str) -> str:
    return text if text.isascii() else "".join([each for each in text if each.isascii() or not is_ignorable(each)])


def _addresses(text: str) -> Iterator[tuple[int, str, str]]:
    """Where each link begins, the link, and the words behind which it stands."""

    def blank(named: re.Match[str]) -> str:
        """Leaves the words, in which there may be links too, where they are."""
        if named[2]:
            return f"[{named[1]}{' ' * (len(named[0]) - len(named[1]) - 1)}"
        return f"{' ' * len(named[4])}{named[6]} "

    named = []
    if "](" in text or "|" in text:
        named = [each for each in _NAMED.finditer(text) if "." in (each[3] or each[5])]
    for each in named:
        group = 3 if each[3] else 5
        yield each.start(group), _trimmed(each[group]), (each[1] or each[6] or "").strip()
    for match in _LINK.finditer(_NAMED.sub(blank, text) if named else text):
        yield match.start(), _trimmed(match[0]), ""


def taken_apart(written: str, *, hidden: bool = False, words: str = "") -> WebLink:
    """A link as a browser would understand it.

    Args:
        written: The link.
        hidden: Whether invisible characters stood in it.
        words: Shown in its place where the service makes links of words; empty where it is shown itself.
    """
    assumed = written if "://" in written else f"https://{written}"
    # Browsers read a backslash as a slash, so that what follows it is no longer part of the host.
    plain = _LONE_SURROGATE.sub("\ufffd", assumed.replace("\\", "/"))
    scheme, _, rest = plain.partition("://")
    disguised = not scheme.isascii()
    if disguised:
        plain = f"{matching_form(scheme)}://{rest}"
    warnings = list(_warnings_of_form(hidden=hidden, named=assumed is written, slashed="\\" in assumed, words=words))
    try:
        parts = urlsplit(plain)
        at, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        at = NOWHERE
    if not at.name:
        scheme = plain.partition("://")[0].lower()
        return WebLink(written, scheme, NOWHERE, None, False, "", (*warnings, "Its host can not be understood."))
    has_user = parts.username is not None
    if disguised or parts.scheme not in ("http", "https"):
        strange = f"Its scheme only looks like {parts.scheme}: no browser takes it."
        warnings.append(strange if disguised else f"A {parts.scheme} link is never opened from here.")
        return WebLink(written, parts.scheme, at, port, has_user, "", tuple(warnings))
    warnings += _warnings_of_address(parts, at)
    posing_as = _posing_as(words, at)
    if posing_as:
        warnings.append(f"These words name another host: {posing_as}.")
    return WebLink(written, parts.scheme, at, port, has_user, _address(plain, parts, at), tuple(warnings), posing_as)


def _posing_as(words: str, at: Host) -> str:
    """The host that words name, where it is neither this one nor one that this one belongs to."""
    alone = _HOST_ALONE.fullmatch(words)
    for link in [taken_apart(alone[1])] if alone else links_of(words):
        named, meant = (host.looked_up.removeprefix("www.") for host in (link.at, at))
        if named and named != meant and not meant.endswith(f".{named}"):
            return named
    return ""


def _trimmed(found: str) -> str:
    """Without the punctuation and brackets around it."""
    unopened = {closing: found.count(closing) - found.count(opening) for closing, opening in _BRACKETS.items()}
    end = len(found)
    while end:
        last = found[end - 1]
        if last not in _TRAILING and unopened.get(last, 0) <= 0:
            break
        if last in unopened:
            unopened[last] -= 1
        end -= 1
    return found[:end]


def _host(name: str) -> Host:
    """Raises `ValueError` where no host can have this name."""
    if name.isascii() and "xn--" not in name:
        if not re.fullmatch(r"[a-z0-9._:-]*", name):
            raise ValueError(name)
        return Host(name, name, f"[{name}]" if ":" in name else name)
    import idna  # large tables, which few texts need

    if name.isascii():
        try:
            return Host(name, idna.decode(name), name)
        except idna.IDNAError:
            return Host(name, name, name)
    try:
        return Host(name, name, idna.encode(name, uts46=True).decode("ascii"))
    except idna.IDNAError:
        return Host(name, name, name.encode("idna").decode("ascii"))  # emoji, which the newer rules leave out


def _address(plain: str, parts: SplitResult, at: Host) -> str:
    user, sign, _ = parts.netloc.rpartition("@")
    netloc = quote(user, safe=_SAFE) + sign + at.looked_up + ("" if parts.port is None else f":{parts.port}")
    rest = plain.partition("://")[2][len(parts.netloc) :]
    return f"{parts.scheme}://{netloc}{quote(rest, safe=_SAFE)}"


def _warnings_of_form(*, hidden: bool, named: bool, slashed: bool, words: str) -> Iterator[str]:
    if words:
        yield f"It stands behind the words “{words}”."
    if hidden:
        yield "Invisible characters were hidden in it."
    if not named:
        yield "It names no scheme; https is assumed."
    if slashed:
        yield "It has a backslash, which browsers read as a slash."


def _warnings_of_address(parts: SplitResult, at: Host) -> Iterator[str]:
    if parts.scheme == "http":
        yield "It is not encrypted (http)."
    if parts.username is not None:
        yield "What stands before the @ is a user name, not the host."
    if not at.name.isascii():
        yield f"Its host has letters beyond ASCII and may look like another one; it is {at.looked_up}."
    elif "xn--" in at.name:
        yield f"Its host is written in punycode; browsers may show it as {at.in_letters}."
    if at.mixes_scripts:
        yield "Its host mixes letters of several scripts: a look-alike."
    elif at.reads_as_ascii:
        yield f"Its host can be read as {matching_form(at.in_letters)}: a look-alike."
    if _is_number(at.name):
        yield "Its host is a number and not a name."


def _scripts(label: str) -> set[str]:
    if label.isascii():
        return set()
    return {unicodedata.name(letter, "").partition(" ")[0] for letter in label if letter.isalpha()} & _SCRIPTS


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return re.fullmatch(r"(0x[0-9a-f]+|[0-9]+)(\.(0x[0-9a-f]+|[0-9]+)){0,3}", name) is not None
    return True
