"""What `quell delete` prints while it runs and at its end."""

from collections.abc import Callable, Iterable

from quell.cli.errors import ExitCode
from quell.cli.outcome import counts, counts_line, exit_code, outcome_fields, outcome_lines
from quell.cli.output import silence, tell, write
from quell.display import Printable, json_line, printable
from quell.moderation.deletion import OPEN, Deletion, MessageKey


class Report:
    """Prints each deletion of a batch once, when nothing more is going to happen to it by itself.

    A reader that goes away does not stop the work: what was confirmed is carried out, and the journal tells of it.

    Args:
        batch_id: Deletions of other batches are passed over.
        as_json: One JSON object a line.
        before_line: Called before anything is printed.
    """

    def __init__(self, batch_id: str, *, as_json: bool, before_line: Callable[[], None] | None = None) -> None:
        self._batch_id = batch_id
        self._as_json = as_json
        self._before_line = before_line or (lambda: None)
        self._settled: dict[MessageKey, Deletion] = {}

    def note(self, deletion: Deletion) -> None:
        """Take notice of a deletion's new state."""
        if deletion.batch_id != self._batch_id or deletion.state in OPEN:
            return
        is_new = deletion.key not in self._settled
        self._settled[deletion.key] = deletion
        if is_new:
            self._print([json_line(outcome_fields(deletion))] if self._as_json else outcome_lines(deletion))

    def finish(self) -> None:
        """Print the summary, unless nothing was begun."""
        totals = counts(self._settled.values())
        if totals and self._as_json:
            summary = {state.value: number for state, number in totals.items()}
            self._print([json_line({"summary": summary, "batch_id": self._batch_id})])
        elif totals:
            self._print([printable(f"{counts_line(totals)} - batch {self._batch_id}")])

    def exit_code(self) -> ExitCode:
        """What the shell is told."""
        return exit_code(self._settled.values())

    def _print(self, lines: Iterable[Printable]) -> None:
        self._before_line()
        try:
            for line in lines:
                write(line)
        except BrokenPipeError:
            silence()
            tell(printable(f"nobody reads this any more; see what happened with: quell audit show {self._batch_id}"))
