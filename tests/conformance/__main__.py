"""Run every case against the sandbox: `make conformance`."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

from tests.conformance import (
    aws_cli,
    chat_clients,
    chat_deletion,
    chat_moderation,
    chat_rooms,
    chat_shapes,
    chat_versions,
    chat_writing,
    ivs_model,
    ivs_sdk,
)
from tests.conformance.cases import Report, describe
from tests.conformance.installation import InstallationError, install

CLIENTS: tuple[tuple[str, Callable[[Report], Awaitable[None]]], ...] = (
    ("Amazon IVS Chat: boto3, answers held against its model", ivs_model.run),
    ("Amazon IVS Chat: the official JavaScript SDK", ivs_sdk.run),
    ("Amazon IVS Chat: the AWS command line", aws_cli.run),
    ("Rocket.Chat: deleting, held against rest-typings and core-typings", chat_deletion.run),
    ("Rocket.Chat: reports and moderation, likewise", chat_moderation.run),
    ("Rocket.Chat: rooms and messages, likewise", chat_rooms.run),
    ("Rocket.Chat: writing, likewise", chat_writing.run),
    ("Rocket.Chat: its versions", chat_versions.run),
    ("Rocket.Chat: requests, right and wrong, held against rest-typings", chat_shapes.run),
    ("Rocket.Chat: the official DDP client", chat_clients.run_ddp),
    ("Rocket.Chat: rocketchat_API", chat_clients.run_rest),
)


async def _play(wanted: list[str]) -> bool:
    report = Report()
    for title, run in CLIENTS:
        if not wanted or any(word in run.__module__ for word in wanted):
            report.heading(title)
            began = time.perf_counter()
            try:
                await run(report)
            except Exception as error:  # noqa: BLE001 - what one client cannot even begin must not keep the others from it
                report.tell("FAIL", run.__module__.rpartition(".")[2], "its cases can be played", describe(error))
            sys.stderr.write(f"({time.perf_counter() - began:.1f} s)\n")
    return report.close()


def main() -> int:
    """Install what is missing, run the cases (of the modules named, or of all), tell how it went."""
    try:
        install()
    except InstallationError as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    return 0 if asyncio.run(_play(sys.argv[1:])) else 1


sys.exit(main())
