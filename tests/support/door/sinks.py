"""The places where text leaves the program, and what reaches them that is no display text.

Log lines are no sink here: `quell.logs` makes every line printable as it is written. Nor are messages of `CommandError`
and `ConfigError`: `quell.cli.errors` does it as they are told.
"""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from tests.support.door.judge import Judge
from tests.support.door.sources import Function, Package, Source

FIRST = frozenset(
    {"Content", "Text", "Static", "Label", "Button", "Option", "Link", "Checkbox", "RadioButton", "Collapsible", "Tab"}
    | {"Piece", "Segment", "Notice", "Printable", "notify", "styled", "write", "tell", "ask", "echo", "secho"}
    | {"prompt", "append_text", "set_window_title", "ClickException", "UsageError", "BadParameter", "fail"}
    | {"DiscoveryHit", "copy_to_clipboard_text", "panic"}
)
"""Callables whose first argument is shown."""
ALL = frozenset({"assemble", "add_row", "add_columns"})
"""Callables all of whose arguments are shown; of a tuple the first element."""
SECOND = {"Hit": 1}
"""Callables of whose arguments another one is shown."""
KEYWORDS = frozenset({"placeholder", "tooltip", "help", "title", "subtitle", "label", "prompt", "border_title"})
ATTRIBUTES = frozenset(
    {"title", "sub_title", "border_title", "border_subtitle", "tooltip", "placeholder", "prompt", "value", "content"}
)
"""What is shown when it is assigned to."""
LITERAL = frozenset({"Static", "Label", "OptionList", "SelectionList", "notify"})
"""Callables that take plain text for markup unless they are told not to."""
MARKUP = frozenset({"from_markup", "from_ansi", "print"})
"""Callables that have no place here."""

SCREENS = ("/screens/", "/widgets/", "/app.py", "/commands.py")
STREAMS = ("stdout", "stderr", "__stdout__", "__stderr__")


class Violation(NamedTuple):
    """Text that reaches a sink without passing `quell.display`."""

    path: str
    line: int
    problem: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.problem}"


def violations(package: Package, *, allowed: frozenset[tuple[str, str]] = frozenset()) -> list[Violation]:
    """Everything that is wrong, in the order of the sources.

    Args:
        package: What to look at; modules of `quell/display/` are the door itself, and are passed over.
        allowed: Functions that are passed over too, each as end of a path and name.
    """
    found: list[Violation] = []
    for source in package.sources:
        if "/display/" in source.path or "/quell_providers/" in source.path:
            continue
        for function, node in source.nodes:
            name = function.name if function else ""
            if name in FIRST or any(source.path.endswith(end) and name == each for end, each in allowed):
                continue
            found.extend(_wrong(package, source, function, node))
    return found


def _wrong(package: Package, source: Source, function: Function | None, node: ast.AST) -> Iterator[Violation]:
    def judged(shown: ast.expr) -> Iterator[Violation]:
        styled = isinstance(node, ast.Call) and _called(node) in ALL
        if not Judge(package, source, function, styled=styled).safe(shown):
            yield Violation(source.path, shown.lineno, f"not display text: {ast.unparse(shown)}")

    on_screen = any(part in source.path for part in SCREENS)
    match node:
        case ast.Call():
            name = _called(node)
            if name in MARKUP and isinstance(node.func, ast.Name | ast.Attribute) and not _is_method_of_ours(node):
                yield Violation(source.path, node.lineno, f"{name} has no place here")
            for shown in _shown(node, name, on_screen=on_screen):
                yield from judged(shown)
            if name in LITERAL and on_screen and not _is_literal(node):
                yield Violation(source.path, node.lineno, f"{name} without markup=False")
        case ast.Assign(targets=targets, value=value) if on_screen:
            if any(isinstance(each, ast.Attribute) and each.attr in ATTRIBUTES for each in targets):
                yield from judged(value)


def _shown(node: ast.Call, name: str, *, on_screen: bool) -> Iterator[ast.expr]:
    """The arguments of a call that are shown."""
    if node.args and _shows_first(node, name, on_screen=on_screen):
        yield from _parts(node.args[0])
    elif name in ALL:
        for argument in node.args:
            yield from _parts(argument)
    elif name in SECOND and len(node.args) > SECOND[name]:
        yield node.args[SECOND[name]]
    elif name == "SystemCommand":
        yield from node.args[:2]
    if on_screen:
        yield from (keyword.value for keyword in node.keywords if keyword.arg in KEYWORDS)


def _shows_first(node: ast.Call, name: str, *, on_screen: bool) -> bool:
    if name == "update":
        return on_screen and len(node.args) == 1 and not isinstance(node.args[0], ast.GeneratorExp)
    if name == "__init__":
        return any(keyword.arg == "markup" for keyword in node.keywords)
    return name in FIRST and not (name in ("write", "fail") and _is_foreign(node))


def _parts(shown: ast.expr) -> Iterator[ast.expr]:
    """What is shown of an argument: of a piece with a style, the text."""
    match shown:
        case ast.Tuple(elts=[text, _]):
            yield text
        case _:
            yield shown


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _is_foreign(node: ast.Call) -> bool:
    """Whether a `write` is one of something else than a standard stream, such as a file."""
    match node.func:
        case ast.Name():
            return False
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id="sys"), attr=stream)) if stream in STREAMS:
            return False
    return True


def _is_method_of_ours(node: ast.Call) -> bool:
    return (
        isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == "self"
    )


def _is_literal(node: ast.Call) -> bool:
    return any(each.arg == "markup" and getattr(each.value, "value", None) is False for each in node.keywords)
