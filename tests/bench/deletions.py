"""Deletions against a limited sandbox: share of the allowed rate, and calls refused, beside the usual contenders.

The share is the least time that the limit allows over the time taken; what was never deleted is left out of both.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
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
from tests.bench.contenders import THREADS, aws_cli, aws_cli_loop, boto3_loop, boto3_threads
from tests.bench.limits import LATENCY_SECONDS, Limit, LimitedService, limited_service

COUNT = 1_000
AWS_CLI_COUNT = 20
LOOP_COUNT = 200
COMPARED_BURST = 10
"""Where the others show what they make of a limit; a large burst hides it."""


@dataclass(frozen=True)
class Case:
    """A limit and what must hold under it."""

    name: str
    limit: Limit
    share: float
    throttled: float
    """Calls at most, as a part of the deletions."""


def on_ivs(calls: int, burst: int) -> Limit:
    return Limit(service="ivs", messages=COUNT, calls=calls, burst=burst)


IVS = (
    Case("100/s, burst 100", on_ivs(100, 100), 0.99, 0.003),
    Case("100/s, burst 10", on_ivs(100, 10), 0.99, 0.003),
    Case("50/s that nobody tells of", on_ivs(50, 50), 0.97, 0.04),
)
ROCKETCHAT = Case("10 per 2 s", Limit(service="rocketchat", messages=60, calls=10, seconds=2.0, burst=10), 0.97, 1 / 60)


def quell(service: LimitedService) -> float:
    """Seconds that the engine takes from when a batch is journalled to the last outcome."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_delete(provider_of(service, Path(folder)), service, Path(folder)))


def provider_of(service: LimitedService, folder: Path) -> Provider:
    ready = service.ready
    if service.limit.service == "ivs":
        return ivs.open(ivs_settings(service, folder))
    token = Secret.of(ready["auth_token"])
    return rocketchat.open(RocketChatSettings(url=ready["url"], user_id=ready["user_id"], token=token))


def ivs_settings(service: LimitedService, folder: Path) -> IvsSettings:
    """Where the service is; its keys are written into a file of this folder."""
    ready, keys = service.ready, folder / "aws"
    keys.write_text(
        f"[bench]\naws_access_key_id = {ready['access_key_id']}\naws_secret_access_key = {ready['secret_access_key']}\n"
    )
    return IvsSettings(
        region=ready["region"],
        profile="bench",
        credentials_file=keys,
        endpoint_url=ready["endpoint_url"],
        messaging_url=ready["messaging_url"],
        logs_endpoint_url=ready["endpoint_url"],
    )


async def _delete(provider: Provider, service: LimitedService, folder: Path) -> float:
    journal = await Journal.open(folder / "journal.sqlite3")
    engine = Engine(journal, grace_seconds=0.0)
    engine.attach("bench", provider)
    targets = tuple(
        Target(
            account="bench",
            provider=service.limit.service,
            room_id=service.room_id,
            room_name="bench",
            message_id=message_id,
            text="spam",
        )
        for message_id in service.message_ids
    )
    batch = Batch(moderator="bench", reason=Reason("spam", "spam"), targets=targets, confirmed_at=time.time())
    try:
        with suppress(RefusedError):  # the first call imports the libraries, which is not what is measured
            await provider.rooms()
        await engine.submit(batch)
        began_at = time.perf_counter()
        await engine.settled()
        seconds = time.perf_counter() - began_at
        assert engine.totals() == {State.ACCEPTED: len(targets)}, engine.totals()
    finally:
        await engine.aclose()
        await journal.close()
        await provider.aclose()
    return seconds


def measured(name: str, limit: Limit, run: Callable[[LimitedService], float]) -> tuple[float, float, float]:
    """Run once and print one line; returns seconds, share of the allowed rate, and part of the calls refused."""
    with limited_service(limit) as service:
        seconds, figures = run(service), service.figures()
    assert figures.strangers == 0, f"{figures.strangers} messages were deleted that nobody asked for"
    share, throttled = limit.least(figures.deleted) / seconds, figures.throttled / limit.messages
    print(
        f"  {name:<32} {seconds:8.2f} s   share {share:5.3f}   throttled {figures.throttled:4} ({throttled:6.2%})"
        f"   never deleted {limit.messages - figures.deleted}"
    )
    return seconds, share, throttled


def scaled(name: str, limit: Limit, count: int, run: Callable[[LimitedService], float]) -> float:
    """Run a loop on a few messages only; prints and returns the seconds that all of them would take."""
    with limited_service(replace(limit, messages=count)) as service:
        seconds = run(service) * limit.messages / count
    print(f"  {f'{name}, {count} scaled':<32} {seconds:8.2f} s   share {limit.least(limit.messages) / seconds:5.3f}")
    return seconds


def judged(case: Case) -> float:
    """How Quell does; returns its seconds."""
    limit = case.limit
    print(f"{limit.service}, {limit.messages} deletions, {LATENCY_SECONDS * 1e3:.0f} ms latency, {case.name}")
    seconds, share, throttled = measured("quell", limit, quell)
    verdict = "holds" if share >= case.share and throttled <= case.throttled else "MISSED"
    print(f"  share at least {case.share}, throttled at most {case.throttled:.1%}: {verdict}")
    return seconds


def compared(limit: Limit, own: float) -> None:
    """How the usual ways do under the same limit, and how much longer they take than Quell's `own` seconds."""
    taken = {"boto3 loop": scaled("boto3 loop", limit, LOOP_COUNT, boto3_loop)}
    for mode in ("standard", "adaptive"):
        name = f"boto3, {THREADS} threads, {mode}"
        taken[name], _, _ = measured(name, limit, partial(boto3_threads, mode=mode))
    if aws := aws_cli():
        taken["AWS CLI loop"] = scaled("AWS CLI loop", limit, AWS_CLI_COUNT, partial(aws_cli_loop, aws=aws))
    else:
        print("  AWS CLI loop                     left out: there is no aws; `make conformance` installs one")
    print(f"  over Quell's seconds: {', '.join(f'{name} {each / own:.2f}' for name, each in taken.items())}")


def main() -> None:
    for case in IVS:
        own = judged(case)
        if case.limit.burst == COMPARED_BURST:
            compared(case.limit, own)
    judged(ROCKETCHAT)


if __name__ == "__main__":
    main()
