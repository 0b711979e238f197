"""Deletions against a limited service: share of the allowed rate, and calls refused, beside the usual contenders."""

import asyncio
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from quell.moderation.deletion import Batch, Reason, State, Target
from quell.moderation.engine import Engine
from quell.moderation.journal import Journal
from quell_providers.ivs import plugin as ivs
from quell_providers.ivs.settings import IvsSettings
from quell_providers.provider import Provider
from quell_providers.refusal import RefusedError
from quell_providers.rocketchat import plugin as rocketchat
from quell_providers.rocketchat.settings import RocketChatSettings
from quell_providers.secret import Secret
from tests.bench.contenders import KEYS, REGION, aws_cli_loop, boto3_loop, boto3_threads, message_ids
from tests.bench.limited_service import ROOM_ID
from tests.bench.limits import LimitedService, limited_service

COUNT = 1_000
AWS_CLI_COUNT = 20
LOOP_COUNT = 200
ROCKETCHAT_COUNT = 60


@dataclass(frozen=True)
class Case:
    """A limit and what must hold."""

    name: str
    rate: float
    burst: float
    share: float
    throttled: float
    """Part of the deletions."""


CASES = (
    Case("100/s, burst 100", 100, 100, 0.99, 0.003),
    Case("100/s, burst 10", 100, 10, 0.99, 0.003),
    Case("hidden 50/s, burst 50", 50, 50, 0.97, 0.04),
)


async def quell(provider: Provider, room_id: str, ids: list[str]) -> float:
    """Seconds that the engine takes from when a batch is journalled to the last outcome."""
    with tempfile.TemporaryDirectory() as folder:
        journal = await Journal.open(Path(folder) / "journal.sqlite3")
        engine = Engine(journal, grace_seconds=0.0)
        engine.attach("bench", provider)
        targets = tuple(
            Target(account="bench", provider="x", room_id=room_id, room_name="bench", message_id=id_, text="spam")
            for id_ in ids
        )
        batch = Batch(moderator="bench", reason=Reason("spam", "spam"), targets=targets, confirmed_at=time.time())
        try:
            with suppress(RefusedError):  # the first call imports the libraries, which is not what is measured
                await provider.rooms()
            await engine.submit(batch)
            began_at = time.perf_counter()
            await engine.settled()
            seconds = time.perf_counter() - began_at
            assert engine.totals() == {State.ACCEPTED: len(ids)}, engine.totals()
        finally:
            await engine.aclose()
            await journal.close()
            await provider.aclose()
        return seconds


def quell_on_ivs(url: str, count: int) -> float:
    settings = IvsSettings(region=REGION, endpoint_url=url, messaging_url="ws://127.0.0.1:9")
    return asyncio.run(quell(ivs.open(settings), ROOM_ID, message_ids(count)))


def report(name: str, service: LimitedService, count: int, seconds: float, least: float) -> tuple[float, float]:
    """Print one line; returns the share of the allowed rate and the part of calls refused."""
    figures = service.figures()
    deleted = len(figures.accepted)
    share, throttled = least * deleted / count / seconds, figures.throttled / count
    print(
        f"  {name:<32} {seconds:7.2f} s   share {share:5.3f}   throttled {figures.throttled:4} ({throttled:6.2%})"
        f"   never deleted {count - deleted}"
    )
    return share, throttled


def ivs_cases(service: LimitedService) -> None:
    for case in CASES:
        print(f"IVS, {COUNT} deletions, 20 ms latency, {case.name}")
        least = (COUNT - case.burst) / case.rate

        def measured(
            name: str, run: Callable[[], float], case: Case = case, least: float = least
        ) -> tuple[float, float]:
            service.reset(rate=case.rate, burst=case.burst)
            return report(name, service, COUNT, run(), least)

        share, throttled = measured("quell", lambda: quell_on_ivs(service.url, COUNT))
        if case.burst == 10:
            measured("boto3, 16 threads, standard", lambda: boto3_threads(service.url, COUNT, "standard"))
            measured("boto3, 16 threads, adaptive", lambda: boto3_threads(service.url, COUNT, "adaptive"))
        verdict = "holds" if share >= case.share and throttled <= case.throttled else "MISSED"
        print(f"  share at least {case.share}, throttled at most {case.throttled:.1%}: {verdict}")


def unlimited(service: LimitedService) -> None:
    print(f"IVS, {COUNT} deletions, 20 ms latency, burst of all of them: seconds, scaled where noted")
    service.reset(rate=100_000, burst=100_000)
    own = quell_on_ivs(service.url, COUNT)
    loop = boto3_loop(service.url, LOOP_COUNT) * COUNT / LOOP_COUNT
    cli = aws_cli_loop(service.url, AWS_CLI_COUNT)
    print(f"  quell (at the 100/s that IVS is known to allow) {own:8.2f}")
    print(f"  boto3 loop, {LOOP_COUNT} scaled                         {loop:8.2f}   {loop / own:6.1f} x quell")
    if cli is None:
        print("  AWS CLI loop                                     skipped: no aws on PATH")
    else:
        scaled = cli * COUNT / AWS_CLI_COUNT
        print(
            f"  AWS CLI loop, {AWS_CLI_COUNT} scaled                        {scaled:8.2f}   {scaled / own:6.1f} x quell"
        )


def rocketchat_case(service: LimitedService) -> None:
    print(f"Rocket.Chat, {ROCKETCHAT_COUNT} deletions, 10 in 2 s")
    service.reset(rate=10, window=2.0)
    settings = RocketChatSettings(url=service.url, user_id="aBcD1234efGH5678x", token=Secret.of("token"))
    seconds = asyncio.run(quell(rocketchat.open(settings), "GENERAL", message_ids(ROCKETCHAT_COUNT)))
    least = (ROCKETCHAT_COUNT / 10 - 1) * 2.0
    share, throttled = report("quell", service, ROCKETCHAT_COUNT, seconds, least)
    verdict = "holds" if share >= 0.97 and throttled * ROCKETCHAT_COUNT <= 1 else "MISSED"
    print(f"  share at least 0.97, throttled at most 1: {verdict}")


def main() -> None:
    os.environ.update(KEYS)
    with limited_service() as service:
        ivs_cases(service)
        unlimited(service)
        rocketchat_case(service)
