"""What is kept of a message's words: beside the chain, so that it can be erased, and committed to inside it.

The record of a deletion holds an HMAC-SHA256 under a random key of its own. While the key is kept, the words can be
checked against it; once words and key are erased, it tells nothing about them, not even by guessing.
"""

import hmac
import json
import secrets
from collections.abc import Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from quell.moderation.deletion import Target

Keep = Literal["none", "hash", "excerpt", "full"]
EXCERPT = 120
"""Characters of a message's text, and of each file's name, that `excerpt` keeps."""


class EvidencePolicy(Struct, frozen=True, kw_only=True):
    """What to keep of the messages' words, and for how long."""

    keep: Keep = "full"
    """`none` keeps nothing, `hash` what is needed to recognise the words, `excerpt` the beginning of the text and of
    each attached file's name, `full` all of them. The author's name is kept along with any text."""
    seconds: float | None = None
    """How long after the confirmation it is erased; `None`: it is kept until someone erases it."""

    def ends(self, confirmed_at: float) -> float | None:
        """Unix seconds at which evidence of a deletion that was confirmed then is erased; `None`: not by itself."""
        return None if self.seconds is None else confirmed_at + self.seconds


class Evidence(NamedTuple):
    """What is kept of one message."""

    key: bytes
    digest: bytes
    """Under the key: the author's name, the whole text and the files' names, whatever is kept of them."""
    author_name: str
    text: str
    attachments: str
    """Names of the attached files, a JSON array in ASCII; empty where there are none."""

    @property
    def commitment(self) -> str:
        """What stands in the chain for all of it, in hexadecimal."""
        names = (self.attachments,) if self.attachments else ()  # as it was before they were kept
        return _keyed(self.key, self.digest.hex(), self.author_name, self.text, *names).hex()


def taken(target: Target, keep: Keep) -> Evidence | None:
    """The evidence to keep of this message; `None` where there is nothing to keep."""
    author, text, files = target.author_name, target.text, target.attachments
    if keep == "none" or not (author or text or files):
        return None
    key = secrets.token_bytes(32)
    digest = _keyed(key, author, text, *files)
    match keep:
        case "hash":
            return Evidence(key, digest, "", "", "")
        case "excerpt":
            return Evidence(key, digest, author, text[:EXCERPT], _array([name[:EXCERPT] for name in files]))
        case "full":
            return Evidence(key, digest, author, text, _array(files))


def _array(names: Sequence[str]) -> str:
    return json.dumps(names) if names else ""


def _keyed(key: bytes, *texts: str) -> bytes:
    return hmac.digest(key, json.dumps(texts).encode("ascii"), "sha256")
