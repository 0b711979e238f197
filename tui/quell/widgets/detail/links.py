"""The links in a text, taken apart: where each one really leads, and what is suspicious about it. Pure."""

import ipaddress
import re
import unicodedata
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from quell_providers.model import Message

_LINK = re.compile(r"(?<![\w.])(?:[a-z][a-z0-9+.-]{1,30}://|www\.)[^\s<>\"`]+", re.IGNORECASE)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_TRAILING = ".,;:!?'*_~|"
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_SAFE = "!$%&'()*+,/:;=?@[]~#-._"
"""What stands in an address as it is; everything else is percent-encoded before it is opened."""
_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "HEBREW", "ARABIC"})


class WebLink(NamedTuple):
    """One link. Every text in it is raw."""

    written: str
    """As it stands in the message, without invisible characters."""
    scheme: str
    host: str
    """With the port, where one is given; empty where there is none that can be understood."""
    address: str
    """What is opened: the whole address in ASCII; empty where it can not be opened safely."""
    warnings: tuple[str, ...]
    """What a moderator should know before opening it."""


def links_in(message: Message) -> tuple[WebLink, ...]:
    """Every link of a message, its quote included, each once and in order."""
    text = f"{message.text}\n{message.quote}"
    # Invisible characters hide a link from filters, and people type it off the screen without them.
    seen = _INVISIBLE.sub("", text)
    found = dict.fromkeys(_trimmed(match[0]) for match in _LINK.finditer(seen))
    return tuple(taken_apart(written, hidden=written not in text) for written in found)


def taken_apart(written: str, *, hidden: bool = False) -> WebLink:
    """A link as a browser would understand it.

    Args:
        written: The link.
        hidden: Whether invisible characters stood in it.
    """
    assumed = written if "://" in written else f"https://{written}"
    warnings = ["Invisible characters were hidden in it."] if hidden else []
    if assumed is not written:
        warnings.append("It names no scheme; https is assumed.")
    # Browsers read a backslash as a slash, so that what follows it is no longer part of the host.
    plain = _LONE_SURROGATE.sub("\ufffd", assumed.replace("\\", "/"))
    if "\\" in assumed:
        warnings.append("It has a backslash, which browsers read as a slash.")
    try:
        parts = urlsplit(plain)
        name, port = parts.hostname or "", parts.port
        ascii_name = _ascii_host(name)
    except ValueError:
        return WebLink(
            written, plain.partition("://")[0].lower(), "", "", (*warnings, "Its host can not be understood.")
        )
    host = name if port is None else f"{name}:{port}"
    if parts.scheme not in ("http", "https"):
        return WebLink(
            written, parts.scheme, host, "", (*warnings, f"A {parts.scheme} link is never opened from here.")
        )
    warnings += [*_scheme_warnings(parts.scheme), *_user_warnings(parts.username), *_host_warnings(name, ascii_name)]
    user, at, _ = parts.netloc.rpartition("@")
    netloc = quote(user, safe=_SAFE) + at + ascii_name + ("" if port is None else f":{port}")
    rest = plain.partition("://")[2][len(parts.netloc) :]
    address = f"{parts.scheme}://{netloc}{quote(rest, safe=_SAFE)}"
    return WebLink(written, parts.scheme, host, address if ascii_name else "", tuple(warnings))


def _trimmed(found: str) -> str:
    """Without the punctuation and brackets around it."""
    while found:
        last = found[-1]
        opening = _BRACKETS.get(last)
        if last not in _TRAILING and (opening is None or found.count(opening) >= found.count(last)):
            break
        found = found[:-1]
    return found


def _ascii_host(name: str) -> str:
    """The host as it is looked up.

    Raises:
        ValueError: No host can have this name.
    """
    if name.isascii():
        if not re.fullmatch(r"[a-z0-9._:-]+", name):
            raise ValueError(name)
        return f"[{name}]" if ":" in name else name
    return name.encode("idna").decode("ascii")


def _scheme_warnings(scheme: str) -> list[str]:
    return ["It is not encrypted (http)."] if scheme == "http" else []


def _user_warnings(user: str | None) -> list[str]:
    return [] if user is None else ["What stands before the @ is a user name, not the host."]


def _host_warnings(name: str, ascii_name: str) -> list[str]:
    warnings = []
    if not name.isascii():
        warnings.append(f"Its host has letters beyond ASCII and may look like another one; it is {ascii_name}.")
    elif any(label.startswith("xn--") for label in name.split(".")):
        warnings.append(f"Its host is written in punycode; browsers may show it as {_from_punycode(name)}.")
    if len(_scripts(name if not name.isascii() else _from_punycode(name))) > 1:
        warnings.append("Its host mixes letters of several scripts: a look-alike.")
    if _is_number(name):
        warnings.append("Its host is a number and not a name.")
    return warnings


def _from_punycode(name: str) -> str:
    try:
        return name.encode("ascii").decode("idna")
    except UnicodeError:
        return name


def _scripts(name: str) -> set[str]:
    first_words = {unicodedata.name(letter, "").partition(" ")[0] for letter in name if letter.isalpha()}
    return first_words & _SCRIPTS


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return re.fullmatch(r"(0x[0-9a-f]+|[0-9]+)(\.(0x[0-9a-f]+|[0-9]+)){0,3}", name) is not None
    return True
