"""`quell delete --plan`: what would be done, written down to be reviewed, edited and applied later."""

import os
from pathlib import Path

from quell import __version__
from quell.cli.errors import CommandError, ExitCode
from quell.cli.lookup import Order, looked_up
from quell.cli.output import tell, utc
from quell.cli.plan import Header, Plan, Row, written
from quell.display import printable
from quell.moderation.forecast import summarize


async def write_plan(order: Order, file: Path) -> ExitCode:
    """Write the plan. Nothing is deleted and nothing is journalled; 1 when anything will be refused, as it stands now.

    Raises:
        CommandError: The order can not be carried out, or the file not be written.
        RefusedError: The service lets nobody in, or can not be reached.
    """
    async with looked_up(order) as found:
        forecasts = await found.forecasts()
    header = Header(
        tool_version=__version__,
        account=order.account.name,
        provider=order.account.plugin.name,
        room_id=found.room.id,
        room_name=found.room.name,
        moderator=order.config.moderator,
        reason_code=order.reason.code,
        reason=order.reason.text,
        urgent=order.urgent,
    )
    rows = [
        Row(
            message_id=target.message_id,
            author_id=target.author_id,
            author=target.author_name,
            sent_at=utc(target.sent_at),
            text=target.text if target.seen else None,
            attachments=target.attachments,
            thread_id=target.thread_id,
            forecast=forecast.verdict,
            cause=forecast.cause,
            remedy=forecast.remedy,
        )
        for target, forecast in zip(found.targets, forecasts, strict=True)
    ]
    _write(file, written(Plan(header, tuple(rows))))
    summary = summarize(found.targets, forecasts)
    refused = len(summary.refused_keys)
    counts = f"{summary.allowed} allowed, {refused} refused, {summary.unknown} unknown"
    tell(printable(f"{len(rows)} planned in {file} ({counts}); nothing was sent"))
    tell(printable(f"  review it, take out lines, then: quell apply {file}"))
    return ExitCode.INCOMPLETE if refused else ExitCode.DONE


def _write(file: Path, text: str) -> None:
    """Write what people wrote where only its owner reads it."""
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            out.write(text)
    except OSError as error:
        raise CommandError(f"{file} can not be written: {error.strerror}") from None
