"""The providers' process of the soak: follows every room into a timeline, and answers questions on its stdin."""

import asyncio
import ctypes
import functools
import gc
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from quell.moderation.timeline import Timeline
from quell_providers import ivs
from quell_providers.ivs import live
from quell_providers.ivs import provider as ivs_provider
from quell_providers.model import Gap, StateChanged
from quell_providers.provider import Provider
from quell_providers.refusal import TRANSIENT, RefusalKind, RefusedError
from quell_providers.rocketchat import catchup
from quell_providers.rocketchat.pacing import Pacing
from quell_providers.rocketchat.provider import RocketChatProvider
from quell_providers.rocketchat.settings import RocketChatSettings
from quell_providers.secret import Secret
from tests.bench.soak_process import SPEED, dump_tasks

KEPT = 2_000
"""Messages of each timeline; a round of talk fits in."""
_TRIES = 8


class Listening:
    """Rooms of any number of accounts, each followed into a timeline."""

    def __init__(self) -> None:
        self.providers: dict[str, Provider] = {}
        self.timelines: dict[str, Timeline] = {}
        self.stands: dict[str, str] = {}
        """By room: the last state of its live stream."""
        self.gaps = 0
        """How many were told: none may be, because all that is missed can be asked for."""
        self._tasks: list[asyncio.Task[None]] = []
        self._began_with = _open_things()

    async def begin(self, accounts: dict[str, Any], follow: dict[str, list[str]]) -> None:
        """Open the accounts, and follow these rooms until all of them are live."""
        _hurry()
        self.providers = {
            "rocketchat": _rocketchat(**accounts["rocketchat"]),
            "ivs": ivs.plugin.open(ivs.plugin.settings(**_with_path(accounts["ivs"]))),
        }
        for service, room_ids in follow.items():
            for room_id in room_ids:
                self.timelines[room_id] = Timeline(KEPT)
                self._tasks.append(asyncio.create_task(self._follow(service, room_id)))
        async with asyncio.timeout(60):
            while set(self.stands.values()) != {"live"} or len(self.stands) < len(self.timelines):  # noqa: ASYNC110 - there is no event for all of them
                await asyncio.sleep(0.02)

    def show(self) -> dict[str, dict[str, tuple[str, bool]]]:
        """Every message by room and id: its text, and whether it is marked as deleted."""
        return {
            room_id: {message.id: (message.text, message.deleted) for message in timeline}
            for room_id, timeline in self.timelines.items()
        }

    def forget(self) -> None:
        """Begin anew with empty timelines."""
        for room_id in self.timelines:
            self.timelines[room_id] = Timeline(KEPT)

    async def delete(self, doomed: list[list[str]]) -> None:
        """Delete messages, with patience."""
        await asyncio.gather(*(self._delete(*each) for each in doomed))

    async def close(self) -> dict[str, int]:
        """Close everything. Returns what is more of than in the beginning."""
        for provider in self.providers.values():
            await provider.aclose()
        await asyncio.gather(*self._tasks)
        self.providers.clear()
        now = _open_things()
        for _ in range(500):
            if all(now[what] <= self._began_with[what] for what in now):
                break
            await asyncio.sleep(0.02)
            now = _open_things()
        return {what: now[what] - self._began_with[what] for what in now}

    async def _follow(self, service: str, room_id: str) -> None:
        async for event in self.providers[service].follow(room_id):
            if isinstance(event, StateChanged):
                self.stands[room_id] = f"{event.state} {event.cause} {event.detail}".rstrip()
            else:
                self.timelines[room_id].apply(event)
                self.gaps += isinstance(event, Gap)

    async def _delete(self, service: str, room_id: str, message_id: str) -> None:
        for _ in range(_TRIES):
            try:
                await self.providers[service].delete(room_id, message_id, None)
            except RefusedError as error:
                if error.refusal.kind is RefusalKind.NOT_FOUND:
                    return
                if error.refusal.kind not in TRANSIENT:
                    raise
                await asyncio.sleep(0.05)
            else:
                return


def _hurry() -> None:
    """Have the providers wait as much less as the services are faster."""
    link = functools.partial(live.Link, lag=live.LOG_LAG_SECONDS / SPEED)
    setattr(ivs_provider, "Link", link)  # noqa: B010 - a function in place of a class
    for module, name in ((live, "_LONGEST_DELAY"), (live, "_STEADY_SECONDS"), (catchup, "_PAUSE")):
        setattr(module, name, getattr(module, name) / SPEED)


def _rocketchat(url: str, user: str, password: str) -> Provider:
    settings = RocketChatSettings(url=url, user=user, password=Secret.of(password))
    return RocketChatProvider(settings, pacing=Pacing(seconds=40.0 / SPEED))


def _with_path(account: dict[str, Any]) -> dict[str, Any]:
    return account | {"credentials_file": Path(account["credentials_file"])}


def _open_things() -> dict[str, int]:
    own = [thread for thread in threading.enumerate() if not thread.name.startswith("asyncio_")]
    sockets = [name for name in os.listdir("/proc/self/fd") if _is_socket(name)]
    return {"tasks": len(asyncio.all_tasks()), "threads": len(own), "sockets": len(sockets)}


def _is_socket(name: str) -> bool:
    try:
        return os.readlink(f"/proc/self/fd/{name}").startswith("socket:")
    except OSError:
        return False


def _memory() -> int:
    """Bytes of this process that are in memory now.

    What was let go of counts no more: neither what only the next collection of garbage would find, nor what the
    allocator holds back for later, such as room for the answers to our own questions.
    """
    gc.collect()
    with suppress(OSError, AttributeError):  # glibc has it
        ctypes.CDLL(None).malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def _answer(listening: Listening, question: dict[str, Any]) -> Any:
    match question:
        case {"accounts": accounts, "follow": follow}:
            await listening.begin(accounts, follow)
        case {"show": True}:
            return {"messages": listening.show(), "stands": listening.stands}
        case {"stands": True}:
            return listening.stands
        case {"forget": True}:
            listening.forget()
            return {"memory": _memory()}
        case {"delete": doomed}:
            await listening.delete(doomed)
        case {"close": True}:
            return {"left": await listening.close(), "gaps": listening.gaps}
    return {}


async def main() -> None:
    read: Callable[[], str] = sys.stdin.readline
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, dump_tasks, "the providers' process")
    listening = Listening()
    while line := await asyncio.to_thread(read):
        try:
            told: dict[str, Any] = {"done": await _answer(listening, json.loads(line))}
        except Exception:  # noqa: BLE001 - whatever it is, the process that asked must learn of it, not wait in vain
            told = {"failed": traceback.format_exc()}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
