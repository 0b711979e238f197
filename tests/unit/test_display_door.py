"""Nothing reaches the screen or a line of output but through `quell.display`."""

from pathlib import Path

import pytest

from tests.support.door import Package, violations

ROOT = Path(__file__).parents[2]

DRAWN_AGAIN = {("quell/drawing/placement.py", "_with_text")} | {
    ("quell/drawing/strips.py", name) for name in ("settled", "_spaced", "_cut", "_ended")
}
ALLOWED = frozenset({("cli/audit_export.py", "_write_out"), *DRAWN_AGAIN})
"""A table for a spreadsheet goes out as it is, unless stdout is a terminal: the command looks, and tests look at it.
What is drawn again was looked at when it was drawn first."""


def test_every_text_that_is_shown_has_passed_the_door() -> None:
    package = Package.of(ROOT / "tui/quell", ROOT / "providers/quell_providers")
    found = violations(package, allowed=ALLOWED)
    assert not found, "\n".join(map(str, found))


HEAD = """
from textual.content import Content
from textual.widgets import Static
from quell.display import Printable, printable

class Message:
    text: str
    author: str
    number: int

def body(message: Message) -> Printable:
    return printable(message.text)

class Pane:
    def _say(self, problem: str) -> None:
        self.query_one("#problem", Static).update(problem)

    def fine(self):
        self._say("none")

"""

RAW = {
    "a widget": "def show(message: Message): return Static(message.text, markup=False)",
    "a formatted string": 'def show(message: Message): return Static(f"by {message.author}", markup=False)',
    "an update": "def show(self, message: Message): self.query_one(Static).update(message.text)",
    "styled text": 'def show(message: Message): return Content.styled(message.text, "bold")',
    "a part among others": 'def show(message: Message): return Content.assemble("a", (message.author, "bold"))',
    "a variable": "def show(message: Message):\n    said = message.text\n    return Content(said)",
    "an addition": 'def show(it: Message):\n    said = "by "\n    said += it.author\n    return Content(said)',
    "a list": "def show(it: Message):\n    all = []\n    all.append(it.text)\n    return Content.assemble(*all)",
    "a loop": "def show(texts: list[str]): return [Content(text) for text in texts]",
    "an argument": "def show(text: str): return Content(text)",
    "an argument of a private function": "class More(Pane):\n    def go(self, it: Message): self._say(it.text)",
    "a method of a text": 'def show(message: Message): return Content(", ".join([message.text]))',
    "a choice": 'def show(message: Message): return Content("a" if message.number else message.text)',
    "a notification": "def show(self, message: Message): self.notify(message.text, markup=False)",
    "a notification's title": 'def show(self, message: Message): self.notify("a", title=message.text, markup=False)',
    "a title": "def show(self, message: Message): self.border_title = message.text",
    "the window's title": "def show(self, message: Message): self.title = message.text",
    "a placeholder": "def show(message: Message): return Input(placeholder=message.text)",
    "a value": "def show(self, message: Message): self.value = message.text",
    "an option": "def show(message: Message): return Option(message.text)",
    "a table": "def show(table, message: Message): table.add_row(message.text)",
    "a palette entry": "def show(message: Message): return Hit(1, message.text, None)",
    "a piece of a row": 'def show(message: Message): return Piece(message.text, "text")',
    "a segment": "def show(message: Message): return Segment(message.text)",
    "a forged printable": "def show(message: Message): return Printable(message.text)",
    "a line of output": "def show(message: Message): write(message.text)",
    "click": "def show(message: Message): click.echo(message.text)",
    "a stream": "def show(message: Message): sys.stdout.write(message.text)",
    "an error of click": "def show(message: Message): raise click.UsageError(message.text)",
    "print": 'def show(): print("a")',
    "markup": 'def show(): return Content.from_markup("a")',
    "markup by default": 'def show(): return Static("a")',
    "what is drawn": "class Shown:\n    def render(self): return self.it.text",
    "the end of the program": "def show(it: Message): sys.exit(it.text)",
    "its end as an exception": "def show(it: Message): raise SystemExit(it.text)",
    "a warning": "def show(it: Message): warnings.warn(it.text)",
    "a descriptor": "def show(it: Message): os.write(1, it.text.encode())",
    "bytes of a stream": "def show(it: Message): sys.stdout.buffer.write(it.text.encode())",
    "lines of a stream": "def show(it: Message): sys.stderr.writelines([it.text])",
    "an added option": "def show(self, it: Message): self.query_one(OptionList).add_option(it.text)",
    "added options": "def show(self, it: Message): self.query_one(OptionList).add_options([it.text])",
    "another prompt": "def show(self, it: Message): self.query_one(OptionList).replace_option_prompt('a', it.text)",
    "a cell": "def show(self, it: Message): self.query_one(DataTable).update_cell('a', 'b', it.text)",
    "a leaf": "def show(tree, it: Message): tree.root.add_leaf(it.text)",
    "a line of a log": "def show(self, it: Message): self.query_one(Log).write_line(it.text)",
    "a log": "def show(self, it: Message): self.query_one(RichLog).write(it.text)",
    "an input": "def show(it: Message): return Input(it.text)",
    "an input's value": "def show(it: Message): return Input(value=it.text)",
    "a question": "def show(it: Message): click.confirm(it.text)",
    "a pager": "def show(it: Message): click.echo_via_pager(it.text)",
    "a console of Rich": "def show(it: Message): Console().out(it.text)",
    "two at once": "def show(self, it: Message): self.border_title, self.x = it.text, 1",
    "more of a title": "def show(self, it: Message): self.border_title += it.text",
    "an annotated title": "def show(self, it: Message): self.border_title: str = it.text",
    "an attribute by name": "def show(self, it: Message): setattr(self, 'border_title', it.text)",
    "another name": "def show(self, it: Message):\n    say = self.notify\n    say(it.text, markup=False)",
    "later": "def show(self, it: Message): self.call_later(self.notify, it.text, markup=False)",
    "from a thread": "def show(self, it: Message): self.call_from_thread(self.query_one(Static).update, it.text)",
    "a part of a call": "def show(self, it: Message): return partial(self.notify, it.text)",
    "each of them": "def show(texts: list[str]): return list(map(Content, texts))",
    "a keyword": "def show(self, it: Message): self.notify(message=it.text, markup=False)",
    "a keyword of a widget": "def show(it: Message): return Static(content=it.text, markup=False)",
    "a keyword of an update": "def show(self, it: Message): self.query_one(Static).update(content=it.text)",
    "keywords in a table": "def show(it: Message): return Static(**{'content': it.text}, markup=False)",
    "an imported name": "from textual.widgets import Static as S\ndef show(it: Message): S(it.text, markup=False)",
    "a claimed type": "def show(it: Message): return cast(Printable, it.text)",
    "an action": "def show(self, it: Message): self.run_action(f\"open('{it.text}')\")",
    "an action of a click": "def show(it: Message): return Style.from_meta({'@click': f'open({it.text})'})",
    "an action of a text": "def show(it: Message): return Content('a').on(click=f'open({it.text})')",
    "a binding": "def show(self, it: Message): self.bind('x', 'act', description=it.text)",
    "a title of a class": "class Shown(Static):\n    BORDER_TITLE = Message.text",
    "a method by name": "def show(self, it: Message): getattr(self, 'notify')(it.text)",
    "a link": "def show(it: Message): return Style(link=it.text)",
    "the clipboard": "def show(self, it: Message): self.app.copy_to_clipboard(it.text)",
    "a method of a literal": "def show(it: Message): return Content('{}'.format(it.text))",
    "a built-in function": "def show(it: Message): return Content(format(it.text))",
    "a format": "def show(it: Message): return Content(f'{1:{it.text}>3}')",
    "an item": "def show(it: Message):\n    all = {}\n    all['a'] = it.text\n    return Content(all['a'])",
    "an inserted item": "def show(it: Message):\n    all = ['a']\n    all.insert(0, it.text)\n    Content(all[0])",
    "a document": "def show(it: Message): return Markdown(it.text)",
    "a choice of several": "def show(it: Message): return Select([(it.text, 1)])",
    "a branch": "def show(it: Message): return Tree(it.text)",
    "a tooltip": "def show(self, it: Message): self.with_tooltip(it.text)",
    "help of a palette entry": "def show(it: Message): return Hit(1, 'a', None, 'a', it.text)",
    "a key's description": "def show(it: Message): return Binding('x', 'act', it.text)",
    "last words": "def show(self, it: Message): self.app.exit(message=it.text)",
    "text that is markup": "def show(): return Content.from_text('a')",
    "a traceback": "def show(): traceback.print_exc()",
    "a log without the formatter": "def show(): logging.StreamHandler()",
    "markup of a class": "class W(Static):\n    def __init__(self, it: Message): super().__init__(body(it))",
    "an exception": "def show():\n    try: pass\n    except ValueError as error: Content(str(error))",
}
SEEN = {
    "nothing": "",
    "a literal": 'def show(): return Static("a", markup=False)',
    "printable text": "def show(message: Message): return Static(printable(message.text), markup=False)",
    "a function that returns it": "def show(message: Message): return Content(body(message))",
    "numbers": 'def show(message: Message): return Content(f"{message.number:,} and {len(message.text)}")',
    "its representation": 'def show(message: Message): return Content(f"{message.text!r}")',
    "made of such": 'def show(it: Message):\n    parts = ["a", body(it)]\n    return Content(" ".join(parts))',
    "a style that is not shown": 'def show(message: Message): return Content.assemble(("a", message.author))',
    "an argument of that type": "def show(text: Printable): return Content(text)",
    "what a private function is given": 'class More(Pane):\n    def go(self, it: Message): self._say("a" + body(it))',
    "an option that was looked at": "def show(options, it: Message): options.add_option(Option(body(it)))",
    "an action with a number": "def show(it: Message): return Style.from_meta({'@click': f'open({it.number})'})",
    "an update of something else": "def show(self, found): self.seen.update(each.text for each in found)",
}


def planted(code: str) -> list[str]:
    package = Package(
        {"quell/widgets/planted.py": HEAD + code, "quell/display/printable.py": DOOR, "quell/logs.py": OF_THE_SAME_NAME}
    )
    return [each.problem for each in violations(package)]


DOOR = "def printable(text: str) -> Printable: ..."
OF_THE_SAME_NAME = """
class Formatter:
    def format(self, record: object) -> Printable: ...
"""


@pytest.mark.parametrize("code", RAW.values(), ids=RAW.keys())
def test_raw_text_is_found_at_every_sink(code: str) -> None:
    assert planted(code)


@pytest.mark.parametrize("code", SEEN.values(), ids=SEEN.keys())
def test_display_text_passes(code: str) -> None:
    assert not planted(code)
