"""Seeded damage to what a service sends."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

_KEYS = ("Type", "Id", "Sender", "Attributes", "rooms", "payload", "x", "")
_ATOMS: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 7, 1e308, -0.0, 2**70),
    *("", "x", "MESSAGE", "EVENT", "ERROR", "aws:DELETE_MESSAGE", "\ud800", "\x00", "\u202e", "9" * 400),
    *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2022-02-30T00:00:00Z", "2022-10-14"),
    *("2022-10-14T20:08:11.123456789Z", "2016-12-31T23:59:60Z"),
)


class Damage:
    """An endless source of damaged JSON, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def texts(self, originals: list[Any], count: int) -> Iterator[bytes]:
        """So many of these documents, each hurt in its values, in its bytes or in both."""
        for _ in range(count):
            document = json.loads(json.dumps(self._random.choice(originals)))
            way = self._random.random()
            if way < 0.75:
                for _ in range(self._random.randint(1, 3)):
                    document = self._hurt(document)
            data = json.dumps(document, ensure_ascii=self._random.random() < 0.5).encode("utf-8", "surrogatepass")
            yield self.scramble(data) if way > 0.5 else data

    def value(self, depth: int = 0) -> Any:
        """Any JSON value."""
        kind = self._random.random()
        if depth > 3 or kind < 0.7:
            return self._random.choice(_ATOMS)
        if kind < 0.85:
            return [self.value(depth + 1) for _ in range(self._random.randrange(3))]
        return {self._random.choice(_KEYS): self.value(depth + 1) for _ in range(self._random.randrange(3))}

    def _hurt(self, document: Any) -> Any:
        """The document with one value replaced, or gone."""
        holder, key = document, None
        while isinstance(holder, dict | list) and holder:
            inner = holder
            key = self._random.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
            holder = holder[key]
            if self._random.random() < 0.4:
                break
        else:
            if key is None:
                return self.value()
        if isinstance(inner, dict) and self._random.random() < 0.2:
            del inner[key]
        else:
            inner[key] = self.value()
        return document

    def scramble(self, data: bytes) -> bytes:
        """The bytes with some changed, doubled, cut off or put in."""
        hurt = bytearray(data)
        for _ in range(self._random.randint(1, 4)):
            at = self._random.randrange(len(hurt) + 1)
            way = self._random.randrange(4)
            if way == 0:
                hurt[at : at + 1] = self._random.randbytes(1)
            elif way == 1:
                hurt[at:at] = self._random.choice(
                    (b"\xff", b"[" * 2000, b'{"x":' * 2000, b'"', b"\\u", b"\x00", b"}", b",")
                )
            elif way == 2:
                del hurt[at:]
            else:
                hurt[at:at] = hurt[: self._random.randrange(40)]
        return bytes(hurt)
