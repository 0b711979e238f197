"""`quell audit verify`: was anything in the journal changed by hand?"""

import re

import click

from quell.cli.errors import ExitCode
from quell.cli.journals import opened_journal
from quell.cli.options import config_option, json_option
from quell.cli.output import tell, write, write_json
from quell.cli.runtime import run
from quell.config import journal_path
from quell.display import Printable, printable
from quell.moderation.journal import Fault, Verification

_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})", re.ASCII)


class Head(click.ParamType[tuple[int, str]]):
    """Number and hash of a record, such as `42:9f86…`."""

    name = "number:hash"

    def convert(
        self, value: str | tuple[int, str], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, str]:
        """Both parts."""
        if isinstance(value, tuple):
            return value
        found = _HEAD.fullmatch(value)
        if found is None:
            self.fail(f"{value!r} is no head as this command prints it", param, ctx)
        return int(found[1]), found[2]


@click.command("verify", short_help="Check that nothing was changed by hand.")
@click.option("--head", type=Head(), metavar="N:HASH", help="A head printed earlier, which must still be part of it.")
@json_option
@config_option
@click.pass_context
def command(context: click.Context, head: tuple[int, str] | None, as_json: bool) -> None:
    """Check every record of the journal; the exit code is 1 when one was changed, removed, added or moved.

    Whoever can write the file could replace it by one that is sound in itself. Keep the head that is printed somewhere
    else, and give it back with --head: then that shows too.
    """
    if not journal_path().exists() and head is None:
        tell("nothing was deleted yet")
        return
    found = run(_verification(head))
    if as_json:
        write_json(_fields(found))
    elif found.fault is None:
        write(printable(f"intact: {found.records} records; head {found.records}:{found.head}"))
    else:
        write(_fault_line(found.fault))
        write(f"the {found.records} records from the first one on are in order")
    context.exit(ExitCode.DONE if found.fault is None else ExitCode.INCOMPLETE)


async def _verification(head: tuple[int, str] | None) -> Verification:
    async with opened_journal() as journal:
        return await journal.verify(head)


def _fields(found: Verification) -> dict[str, object]:
    fault = found.fault
    return {
        "intact": fault is None,
        "records": found.records,
        "head": f"{found.records}:{found.head}",
        "fault": {"record": fault.record, "kind": fault.kind, "id": fault.id, "problem": fault.problem}
        if fault
        else None,
    }


def _fault_line(fault: Fault) -> Printable:
    if fault.record == 0:
        return printable(f"BROKEN: the file {fault.problem}")
    about = " ".join(part for part in (fault.kind, fault.id) if part)
    return printable(f"BROKEN: record {fault.record}{f' ({about})' if about else ''} {fault.problem}")
