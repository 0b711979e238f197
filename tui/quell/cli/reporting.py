"""Telling how a batch goes while an engine works on it: lines as they are decided, and a bar on a terminal."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from quell.cli.bar import Bar
from quell.cli.report import Report
from quell.moderation.engine import Engine

_REFRESH = 0.2
"""Seconds between two drawings of the bar."""


@asynccontextmanager
async def reported(engine: Engine, batch_id: str, *, as_json: bool) -> AsyncIterator[Report]:
    """Print what becomes of this batch inside; at the end the engine is closed and the summary printed."""
    bar = Bar(shares_terminal=sys.stdout.isatty()) if sys.stderr.isatty() else None
    report = Report(batch_id, as_json=as_json, before_line=bar.clear if bar else None)
    engine.subscribe(report.note)
    drawing = asyncio.create_task(_draw(engine, batch_id, bar)) if bar else None
    try:
        yield report
    finally:
        try:
            await engine.aclose()
        finally:
            if drawing is not None and bar is not None:
                drawing.cancel()
                await asyncio.gather(drawing, return_exceptions=True)
                bar.clear()
            report.finish()


async def _draw(engine: Engine, batch_id: str, bar: Bar) -> None:
    while True:
        for progress in engine.batches.progress():
            if progress.id == batch_id:
                bar.draw(progress)
        await asyncio.sleep(_REFRESH)
