"""`quell delete --dry-run`: what the service is expected to answer."""

from quell.cli.deleting import tell_changed
from quell.cli.errors import ExitCode
from quell.cli.lookup import Found, Order, looked_up
from quell.cli.output import write, write_json
from quell.display import Printable, printable
from quell.display.wording import said, with_files
from quell.moderation.deletion import Target
from quell.moderation.forecast import summarize
from quell_providers.provider import Forecast


async def dry_run(order: Order, *, as_json: bool) -> ExitCode:
    """Print one forecast a message. Nothing is deleted and nothing is journalled."""
    async with looked_up(order) as found:
        tell_changed(found)
        forecasts = await found.forecasts()
    for target, forecast in zip(found.targets, forecasts, strict=True):
        if as_json:
            write_json(_fields(target, forecast))
        else:
            write(_line(target, forecast))
    return _summarize(found, forecasts, as_json=as_json)


def _fields(target: Target, forecast: Forecast) -> dict[str, object]:
    return {
        "message_id": target.message_id,
        "room": f"{target.account}/{target.room_id}",
        "forecast": forecast.verdict,
        "cause": forecast.cause,
        "remedy": forecast.remedy,
    }


def _line(target: Target, forecast: Forecast) -> Printable:
    words = said(target.author_name, with_files(target.text, target.attachments)) if target.seen else ""
    why = "; ".join(part for part in (forecast.cause, forecast.remedy) if part)
    parts = (f"{forecast.verdict:<8}", printable(target.message_id), printable(why), words)
    return Printable("  ".join(part for part in parts if part))


def _summarize(found: Found, forecasts: list[Forecast], *, as_json: bool) -> ExitCode:
    summary = summarize(found.targets, forecasts)
    refused = len(summary.refused_keys)
    if as_json:
        counts = {"allowed": summary.allowed, "refused": refused, "unknown": summary.unknown}
        write_json({"summary": counts, "dry_run": True})
    else:
        write(f"{summary.allowed} allowed, {refused} refused, {summary.unknown} unknown; nothing was sent")
    return ExitCode.INCOMPLETE if refused or found.changed else ExitCode.DONE
