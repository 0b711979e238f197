"""`quell audit export`: the journal for other programs, one record a message or disconnection."""

import csv
import io
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from quell.cli.audit_filter import filter_of, filter_options
from quell.cli.audit_text import Record, disconnection_record, record_fields
from quell.cli.errors import CommandError, ExitCode
from quell.cli.journals import opened_journal
from quell.cli.options import config_option
from quell.cli.output import tell
from quell.cli.runtime import run
from quell.config import journal_path
from quell.display import json_line, printable
from quell.moderation.journal import Journal, JournalFilter

_PAGE = 500
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet takes for the beginning of a formula."""
_ERRORS = "backslashreplace"
"""Half a surrogate pair has no UTF-8 form; it is written as its number."""

Pages = Callable[[Journal, JournalFilter], AsyncIterator[Sequence[Record]]]
Render = Callable[[Iterable[Record], bool], str]
Sink = Callable[[str], object]


@click.command("export", short_help="Write the journal for other programs.")
@filter_options
@click.option(
    "--of",
    type=click.Choice(["deletions", "disconnections"]),
    default="deletions",
    show_default=True,
    help="What to write.",
)
@click.option(
    "--format",
    "as_",
    type=click.Choice(["csv", "jsonl"]),
    default="jsonl",
    show_default=True,
    help="A table for spreadsheets, or one JSON object a line.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write here, for your eyes only."
)
@config_option
def command(of: str, as_: str, out: Path | None, **options: Any) -> None:
    """Write one record for each deletion (or disconnection) of the journal that all filters fit, newest first.

    In the table, a cell that a spreadsheet would take for a formula gets an apostrophe in front, and the names of
    several files stand on a line each.

    \b
    Fields of a deletion, by what they answer:
      which record  record record_id action schema tool_version batch_id
                    prev_hash hash (of the chain that `quell audit verify` checks)
      where         provider endpoint_host account room_id room_name thread_id
      what          message_id sent_at author_id author_name text_sha256 (keyed)
                    text attachments evidence evidence_expires_at erased_at
      why           reason_code reason_text
      who           moderator acting_account (the service's id of the login)
      what happened requested_at released_at attempt operation_id server_code
                    server_message state state_at confirmed_by visibility_effect
    """
    if not journal_path().exists():
        tell("nothing was deleted yet")
        return
    wanted, pages = filter_of(options), _PAGES[of]
    if out is None:
        render = _csv_for_terminal if as_ == "csv" and _goes_to_terminal() else _RENDERERS[as_]
        run(_export(pages, wanted, render, _write_out))
        return
    if out.exists() and not out.is_file():
        raise CommandError(f"{out} is no file")
    try:
        with _private_file(out) as write:
            run(_export(pages, wanted, _RENDERERS[as_], write))
    except OSError as error:
        problem = f"{out} can not be written: {error.strerror or type(error).__name__}"
        raise CommandError(problem, code=ExitCode.INCOMPLETE) from None


def _write_out(text: str) -> None:
    click.echo(text.encode("utf-8", _ERRORS), nl=False)  # from text it would take out what looks like colours


def _goes_to_terminal() -> bool:
    return sys.stdout.isatty()


async def _export(pages: Pages, wanted: JournalFilter, render: Render, sink: Sink) -> None:
    is_first = True
    async with opened_journal() as journal:
        async for page in pages(journal, wanted):
            sink(render(page, is_first))
            is_first = False


async def _deletions(journal: Journal, wanted: JournalFilter) -> AsyncIterator[Sequence[Record]]:
    before: int | None = None
    while page := await journal.search(wanted, limit=_PAGE, before=before):
        yield [record_fields(entry, journal.evidence) for entry in page]
        before = page[-1].record


async def _disconnections(journal: Journal, wanted: JournalFilter) -> AsyncIterator[Sequence[Record]]:
    before: int | None = None
    while page := await journal.disconnections(wanted, limit=_PAGE, before=before):
        yield [disconnection_record(entry) for entry in page]
        before = page[-1].record


def _jsonl(page: Iterable[Record], _: bool) -> str:
    return "".join(f"{json_line(record)}\n" for record in page)


def _csv(page: Iterable[Record], is_first: bool) -> str:
    return _table(page, is_first, neutral)


def _csv_for_terminal(page: Iterable[Record], is_first: bool) -> str:
    return _table(page, is_first, lambda cell: printable(neutral(cell)))


def _table(records: Iterable[Record], is_first: bool, shown: Callable[[str], str]) -> str:
    """Every cell is quoted, so that none falls into two where a spreadsheet separates by something else."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    for number, record in enumerate(records):
        if is_first and number == 0:
            writer.writerow(record)
        cells = ["\n".join(cell) if isinstance(cell, tuple) else cell for cell in record.values()]
        writer.writerow([shown(cell) if isinstance(cell, str) else cell for cell in cells])
    return text.getvalue()


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


_RENDERERS = {"csv": _csv, "jsonl": _jsonl}
_PAGES = {"deletions": _deletions, "disconnections": _disconnections}


@contextmanager
def _private_file(file: Path) -> Iterator[Sink]:
    """Write a file that only its owner can read; it takes its name when all of it is there."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors=_ERRORS, newline="") as unfinished:
            yield unfinished.write
        os.replace(name, file)
    except BaseException:
        os.unlink(name)
        raise
