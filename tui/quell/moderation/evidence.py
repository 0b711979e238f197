"""What is kept of a message's words: beside the chain, so that it can be erased, and committed to inside it.

The record of a deletion holds an HMAC-SHA256 under a random key of its own. While the key is kept, the words can be
checked against it; once words and key are erased, it tells nothing about them, not even by guessing.
"""

import hmac
import json
import secrets
from typing import Literal, NamedTuple

from msgspec import Struct

from quell.moderation.deletion import Target

Keep = Literal["none", "hash", "excerpt", "full"]
EXCERPT = 120
"""Characters of a message's text that `excerpt` keeps."""


class EvidencePolicy(Struct, frozen=True, kw_only=True):
    """What to keep of the messages' words, and for how long."""

    keep: Keep = "full"
    """`none` keeps nothing, `hash` what is needed to recognise the text, `excerpt` its beginning, `full` all of it.
    The author's name is kept along with any text."""
    seconds: float | None = None
    """How long after the confirmation it is erased; `None`: it is kept until someone erases it."""


class Evidence(NamedTuple):
    """What is kept of one message."""

    key: bytes
    digest: bytes
    """Under the key: the author's name and the whole text, whatever is kept of them."""
    author_name: str
    text: str

    @property
    def commitment(self) -> str:
        """What stands in the chain for all of it, in hexadecimal."""
        return _keyed(self.key, self.digest.hex(), self.author_name, self.text).hex()


def taken(target: Target, keep: Keep) -> Evidence | None:
    """The evidence to keep of this message; `None` where there is nothing to keep."""
    if keep == "none" or not (target.text or target.author_name):
        return None
    key = secrets.token_bytes(32)
    digest = _keyed(key, target.author_name, target.text)
    match keep:
        case "hash":
            return Evidence(key, digest, "", "")
        case "excerpt":
            return Evidence(key, digest, target.author_name, target.text[:EXCERPT])
        case "full":
            return Evidence(key, digest, target.author_name, target.text)


def _keyed(key: bytes, *texts: str) -> bytes:
    return hmac.digest(key, json.dumps(texts).encode("ascii"), "sha256")
