"""Asks for the code that a login takes besides the password."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import ScreenResume
from textual.message import Message
from textual.widgets import Input, Static

from quell.display import printable
from quell.display.wording import plural
from quell.screens.decision import DecisionScreen
from quell.session.codes import CodeDesk, CodeRequest
from quell.widgets.key_bar import Key, KeyBar
from quell_providers.secret import Secret

MOST_CHARACTERS = 64
"""Longer than any code a service makes; a whole page pasted by mistake is cut off."""


class CodeInput(Input):
    """A field that shows a dot for each character, and puts what is typed into no message and no clipboard."""

    class Entered(Message):
        """Enter was pressed. What was typed is not in here."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, password=True, max_length=MOST_CHARACTERS, compact=True, select_on_focus=False)
        self.disable_messages(Input.Changed, Input.Submitted, Input.Blurred)  # each would carry it

    async def action_submit(self) -> None:
        """Enter."""
        self.post_message(self.Entered())

    def action_copy(self) -> None:
        """What is hidden is not copied either."""

    def action_cut(self) -> None:
        """What is hidden is not copied either."""


class CodeScreen(DecisionScreen[None]):
    """Answers one request, and goes away as soon as it is answered or nobody waits for it any more.

    Args:
        request: The open request.
        service: The service's own name.
        desk: To tell how many requests come after this one.
    """

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "give_none", "No code", id="code.none")]

    def __init__(self, request: CodeRequest, service: str, desk: CodeDesk) -> None:
        super().__init__()
        self._request = request
        self._service = service
        self._desk = desk

    def compose(self) -> ComposeResult:
        """Which account, what code, the field, the keys."""
        account = printable(f"{self._request.account} · {self._service}")
        with Vertical(classes="dialog"):
            yield Static(
                Content.assemble("A code to log in  ", (account, "$foreground")), classes="title", markup=False
            )
            yield Static(printable(self._request.question), id="question", markup=False)
            yield CodeInput(id="code")
            yield Static(id="problem", markup=False)
            yield Static(_explained(len(self._desk.open_requests) - 1), id="others", markup=False)
            yield KeyBar(
                self, [Key("Enter", "sends the code", "answer"), Key("Esc", "gives none", "give_none")], id="keys"
            )

    def on_mount(self) -> None:
        """Leave when the request is over."""
        self._request.when_over(lambda: self.call_later(self._leave))

    @on(CodeInput.Entered)
    def action_answer(self) -> None:
        """Give the code that was typed."""
        field = self.query_one(CodeInput)
        if field.value.strip():
            self._request.answer(Secret.of(field.value))
            field.value = ""
        else:
            problem = self.query_one("#problem", Static)
            problem.display = True
            problem.update("Type the code first; Esc gives none.")

    def action_give_none(self) -> None:
        """The account can not log in now."""
        self._request.answer(Secret.of(""))

    @on(ScreenResume)
    def _leave(self) -> None:
        """Go, unless the request is open or another screen is on top, after which this is called again."""
        if not self._request.is_open and self.app.screen is self:
            self.dismiss(None)


def _explained(others: int) -> Content:
    """What happens without a code, and how many logins ask next."""
    waiting = f"\n{plural(others, 'more login waits', 'more logins wait')} for a code after this." if others > 0 else ""
    return Content.assemble(
        ("Without a code the account stays logged out until you press ctrl+r.", "$foreground-muted"),
        (waiting, "$warning"),
    )
