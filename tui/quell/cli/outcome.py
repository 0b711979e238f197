"""What became of deletions: as JSON, as text, as an exit code."""

from collections import Counter
from collections.abc import Iterable, Mapping

from quell.cli.errors import ExitCode, in_words
from quell.cli.output import utc
from quell.display import GLYPHS, WORDS, Printable, printable
from quell.display.wording import said, with_files
from quell.moderation.deletion import DONE, Deletion, State
from quell_providers.refusal import RefusalKind


def outcome_fields(deletion: Deletion) -> dict[str, object]:
    """One deletion as a JSON object; `cause` and `remedy` are there only when the service said no."""
    target, refusal = deletion.target, deletion.refusal
    fields: dict[str, object] = {
        "message_id": target.message_id,
        "room": f"{target.account}/{target.room_id}",
        "state": deletion.state.value,
        "code": refusal.code if refusal else None,
        "detail": refusal.detail if refusal else None,
        "operation_id": deletion.operation_id,
        "at": utc(deletion.at),
    }
    if refusal:
        fields |= {"cause": refusal.cause, "remedy": refusal.remedy}
    return fields


def outcome_lines(deletion: Deletion) -> list[Printable]:
    """One deletion for people: its state and message, then why not and what would help."""
    target, refusal = deletion.target, deletion.refusal
    words = f"  {said(target.author_name, with_files(target.text, target.attachments))}" if target.seen else ""
    state = f"{GLYPHS[deletion.state]} {WORDS[deletion.state]:<12}"
    why = [in_words(refusal), refusal.remedy] if refusal else []
    return [
        Printable(f"{state}  {printable(target.message_id)}{words}"),
        *(Printable(f"    {printable(line)}") for line in why if line),
    ]


def counts(deletions: Iterable[Deletion]) -> Counter[State]:
    """How many deletions are in each state."""
    return Counter(deletion.state for deletion in deletions)


def counts_line(totals: Mapping[State, int]) -> str:
    """The counts in the order of a deletion's life, without those that are nought."""
    return ", ".join(f"{totals[state]} {WORDS[state]}" for state in State if totals.get(state))


def exit_code(deletions: Iterable[Deletion]) -> ExitCode:
    """What the shell is told when these are all deletions that were asked for."""
    unfinished = [deletion for deletion in deletions if deletion.state not in DONE]
    if any(deletion.refusal and deletion.refusal.kind is RefusalKind.LOGIN for deletion in unfinished):
        return ExitCode.LOGIN
    return ExitCode.INCOMPLETE if unfinished else ExitCode.DONE
