"""`quell audit erase`: forget what an author wrote, and keep what was done about it."""

import click

from quell.cli.errors import ExitCode
from quell.cli.journals import opened_journal
from quell.cli.options import bookkeeping, config_option, json_option
from quell.cli.output import tell, write, write_json
from quell.cli.runtime import run
from quell.config import journal_path
from quell.display import printable
from quell.moderation.journal import Erasure, Journal


@click.command("erase", short_help="Erase what an author wrote.")
@click.option("--author", required=True, metavar="AUTHOR_ID", help="Whose texts and name, by the service's id.")
@click.option("--account", default="", metavar="NAME", help="In this account only.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@config_option
@click.pass_context
def command(context: click.Context, author: str, account: str, yes: bool, as_json: bool) -> None:
    """Erase the text of all messages of one author, and the name, from the journal for good.

    That the messages were deleted stays on record, with their ids and the author's, and so does the erasure.
    """
    moderator = bookkeeping().moderator
    if not journal_path().exists():
        tell("nothing was deleted yet")
        return
    erased = run(_erase(author, account, moderator, ask_first=not yes))
    if as_json:
        write_json(
            {"author_id": author, "messages": erased.count, "record": erased.record, "complete": erased.complete}
        )
    else:
        write(printable(f"erased what {author} wrote in {erased.count} messages"))
    if not erased.complete:
        tell("another program uses the journal, so traces may be left in its file until Quell is started again")
    context.exit(ExitCode.DONE if erased.complete else ExitCode.INCOMPLETE)


async def _erase(author: str, account: str, moderator: str, *, ask_first: bool) -> Erasure:
    async with opened_journal() as journal:
        if ask_first:
            await _ask(journal, author, account)
        return await journal.erase_author(author, account, moderator=moderator)


async def _ask(journal: Journal, author: str, account: str) -> None:
    count = await journal.count_of_author(author, account)
    click.confirm(printable(f"Erase what {author} wrote in {count} messages, for good?"), abort=True, err=True)
