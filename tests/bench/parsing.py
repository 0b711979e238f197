"""What a frame costs: CPU time from its bytes to a model message, and the memory a message then takes.

The contender is the standard library: `json.loads`, `datetime.fromisoformat`, and one slotted dataclass, measured on
the same frames in the same run.
"""

import gc
import json
import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from quell_providers.ivs.wire import decode_frame
from quell_providers.model import Message, Posted
from quell_providers.rocketchat import translate
from quell_providers.rocketchat import wire as rocketchat

FRAMES = 20_000
ROUNDS = 7
HELD = 100_000
ALLOWED_BYTES = 400
AUTHORS = 500
_TALK = "the that was what a game chat this is so good no yes where when raid mods team win lose naïve 👏 lol"
_WORDS = _TALK.split()


@dataclass(frozen=True)
class Case:
    """One service's frames, and two ways to read them."""

    name: str
    frames: Callable[[int], list[bytes]]
    """Makes so many different frames."""
    ours: Callable[[bytes], Message]
    contender: Callable[[bytes], object]
    allowed_microseconds: float


@dataclass(frozen=True, slots=True)
class PlainMessage:
    """What the contender makes of a frame."""

    id: str
    author_id: str
    author_name: str
    text: str
    sent_at: float


def sentence(random: Random) -> str:
    """What somebody may say."""
    return " ".join(random.choices(_WORDS, k=random.randint(1, 14)))


def ivs_frames(count: int) -> list[bytes]:
    """MESSAGE frames of a busy room."""
    random = Random(1)
    frames = []
    for number in range(count):
        author = random.randrange(AUTHORS)
        frames.append(
            {
                "Type": "MESSAGE",
                "Id": f"Mes{number:09}",
                "RequestId": "",
                "Attributes": {},
                "Content": sentence(random),
                "SendTime": f"2026-11-22T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.258800067Z",
                "Sender": {
                    "UserId": f"7575{author:04}-0f32-4c1e-9d7e-75758272aaaa",
                    "Attributes": {"displayName": f"Somebody {author}"},
                },
            }
        )
    return [json.dumps(frame, ensure_ascii=False).encode() for frame in frames]


def ivs_message(frame: bytes) -> Message:
    """Quell's own way."""
    event = decode_frame(frame, "AbCdEfGhIjKl")
    if not isinstance(event, Posted):
        raise TypeError("a MESSAGE frame that is no message")
    return event.message


def ivs_plain(frame: bytes) -> PlainMessage:
    """The standard library's way."""
    told: dict[str, Any] = json.loads(frame)
    sender = told["Sender"]
    return PlainMessage(
        told["Id"],
        sender["UserId"],
        sender["Attributes"].get("displayName") or sender["UserId"],
        told["Content"],
        datetime.fromisoformat(told["SendTime"]).timestamp(),
    )


def ddp_frames(count: int) -> list[bytes]:
    """`changed` frames of `stream-room-messages`, with the parsed text that the server sends along (`md`)."""
    random = Random(1)
    return [json.dumps(_ddp_frame(number, random), ensure_ascii=False).encode() for number in range(count)]


def _ddp_frame(number: int, random: Random) -> dict[str, Any]:
    author, text, at = random.randrange(AUTHORS), sentence(random), {"$date": 1_763_800_000_000 + number}
    message = {
        "_id": f"Message{number:010}",
        "rid": "GENERAL",
        "msg": text,
        "ts": at,
        "u": {"_id": f"User{author:013}", "username": f"somebody.{author}", "name": f"Somebody {author}"},
        "_updatedAt": at,
        "urls": [],
        "mentions": [],
        "channels": [],
        "md": [{"type": "PARAGRAPH", "value": [{"type": "PLAIN_TEXT", "value": text}]}],
    }
    fields = {"eventName": "GENERAL", "args": [message]}
    return {"msg": "changed", "collection": "stream-room-messages", "id": "id", "fields": fields}


def ddp_message(frame: bytes) -> Message:
    """Quell's own way."""
    fields = rocketchat.read(frame, rocketchat.Frame).fields
    if fields is None:
        raise TypeError("a frame that tells of nothing")
    return translate.message(rocketchat.read(fields.args[0], rocketchat.Message))


def ddp_plain(frame: bytes) -> PlainMessage:
    """The standard library's way."""
    told: dict[str, Any] = json.loads(frame)["fields"]["args"][0]
    author = told["u"]
    sent_at = told["ts"]["$date"] / 1000
    return PlainMessage(told["_id"], author["_id"], author["name"] or author["username"], told["msg"], sent_at)


CASES = [
    Case("IVS MESSAGE frame", ivs_frames, ivs_message, ivs_plain, allowed_microseconds=8.0),
    Case("DDP message frame", ddp_frames, ddp_message, ddp_plain, allowed_microseconds=10.0),
]


def microseconds(read: Callable[[bytes], object], frames: Sequence[bytes]) -> float:
    """CPU time for one frame, in a run over all of them."""
    started = time.process_time()
    for frame in frames:
        read(frame)
    return (time.process_time() - started) / len(frames) * 1e6


def measure_time(case: Case) -> None:
    """Print what reading a frame costs, in turns with the contender."""
    frames = case.frames(FRAMES)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(microseconds(case.ours, frames))
        theirs.append(microseconds(case.contender, frames))
    mine, plain = statistics.median(ours), statistics.median(theirs)
    verdict = "holds" if mine <= case.allowed_microseconds else "MISSED"
    print(f"  {case.name:<22} {mine:6.2f} µs, at most {case.allowed_microseconds:g}: {verdict}")
    print(f"  {'stdlib json':<22} {plain:6.2f} µs;  ratio {mine / plain:.2f}")


def measure_memory(case: Case) -> None:
    """Print what messages take that are held, their text and authors included."""
    frames = case.frames(HELD)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    held = [case.ours(frame) for frame in frames]
    each = (tracemalloc.get_traced_memory()[0] - before) / len(held)
    tracemalloc.stop()
    verdict = "holds" if each <= ALLOWED_BYTES else "MISSED"
    print(f"  {case.name:<22} {each:6.0f} bytes a message at {HELD:,}, at most {ALLOWED_BYTES}: {verdict}")


def main() -> None:
    print(f"Bytes on the wire to a model message, CPU time, median of {ROUNDS} runs over {FRAMES:,} frames")
    for case in CASES:
        measure_time(case)
    print("Messages held in memory")
    for case in CASES:
        measure_memory(case)


if __name__ == "__main__":
    main()
