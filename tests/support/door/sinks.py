"""The places where text leaves the program, and what reaches them that is no display text.

Log lines are no sink here: `quell.logs` makes every line printable as it is written. Nor are messages of `CommandError`
and `ConfigError`: `quell.cli.errors` does it as they are told.
"""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from tests.support.door.evasions import evasion
from tests.support.door.judge import Judge
from tests.support.door.sources import Function, Package, Source

FIRST = frozenset(
    {"Content", "Text", "Static", "Label", "Button", "Option", "Link", "Checkbox", "RadioButton", "Collapsible", "Tab"}
    | {"Piece", "Segment", "Notice", "Printable", "notify", "styled", "write", "tell", "ask", "echo", "secho"}
    | {"prompt", "append_text", "set_window_title", "ClickException", "UsageError", "BadParameter", "fail"}
    | {"DiscoveryHit", "panic", "Input", "TextArea", "MaskedInput", "echo_via_pager", "SystemExit"}
    | {"add_option", "add_options", "set_options", "set_label", "add_leaf", "add_column", "write_line", "write_lines"}
    | {"load_text", "insert_text_at_cursor", "with_tooltip", "copy_to_clipboard", "Markdown", "Placeholder", "Pretty"}
    | {"Digits", "TabPane", "Tree", "Select"}
)
"""Callables whose first argument is shown."""
ALL = frozenset({"assemble", "add_row", "add_columns"})
"""Callables all of whose arguments are shown; of a tuple the first element."""
OTHERS = {
    "Hit": (1, 4),
    "Binding": (2,),
    "replace_option_prompt": (1,),
    "replace_option_prompt_at_index": (1,),
    "update_cell": (2,),
    "update_cell_at": (1,),
}
"""Callables of whose arguments others are shown, and which."""
OF_MODULES = {("sys", "exit"): 0, ("warnings", "warn"): 0, ("os", "write"): 1, ("click", "confirm"): 0}
"""Functions with common names, and which of their arguments is shown."""
KEYWORDS = frozenset({"placeholder", "tooltip", "help", "title", "subtitle", "label", "prompt", "border_title"}) | {
    "press",
    "click",
    "description",
}
"""Arguments that are shown, or done when somebody clicks."""
ATTRIBUTES = frozenset(
    {"title", "sub_title", "border_title", "border_subtitle", "tooltip", "placeholder", "prompt", "value", "content"}
)
"""What is shown when it is assigned to."""
CLASS_ATTRIBUTES = frozenset({"TITLE", "SUB_TITLE", "BORDER_TITLE", "BORDER_SUBTITLE"})
LITERAL = frozenset({"Static", "Label", "OptionList", "SelectionList", "notify"})
"""Callables that take plain text for markup unless they are told not to."""
MARKUP = frozenset({"from_markup", "from_ansi", "from_text", "print", "Console"}) | {
    "print_exc",
    "print_exception",
    "basicConfig",
    "StreamHandler",
}
"""Callables that have no place here."""
UNSEEN = frozenset({"id", "classes", "style", "severity"})
"""Arguments of those above that are not shown."""

SCREENS = ("/screens/", "/widgets/", "/app.py", "/commands.py")
STREAMS = ("stdout", "stderr", "__stdout__", "__stderr__")
SHOWN = FIRST | ALL | OTHERS.keys() | {"update"}


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
        called = {id(node.func) for _, node in source.nodes if isinstance(node, ast.Call)}
        if "/display/" in source.path or "/quell_providers/" in source.path:
            continue
        for function, node in source.nodes:
            name = function.name if function else ""
            if name in FIRST or any(source.path.endswith(end) and name == each for end, each in allowed):
                continue
            found.extend(_wrong(package, source, function, node))
            handed_on = id(node) not in called or isinstance(node, ast.Call)
            if handed_on and (problem := evasion(node, on_screen=_is_on_screen(source))):
                found.append(Violation(source.path, node.lineno, problem))  # type: ignore[attr-defined]
    return found


def _is_on_screen(source: Source) -> bool:
    return any(part in source.path for part in SCREENS)


def _wrong(package: Package, source: Source, function: Function | None, node: ast.AST) -> Iterator[Violation]:
    def judged(shown: ast.expr) -> Iterator[Violation]:
        styled = isinstance(node, ast.Call) and _called(node, source) in ALL
        if not Judge(package, source, function, styled=styled).safe(shown):
            yield Violation(source.path, shown.lineno, f"not display text: {ast.unparse(shown)}")

    on_screen = _is_on_screen(source)
    match node:
        case ast.Call():
            name = _called(node, source)
            if name in MARKUP and isinstance(node.func, ast.Name | ast.Attribute) and not _is_method_of_ours(node):
                yield Violation(source.path, node.lineno, f"{name} has no place here")
            for shown in _shown(node, name, on_screen=on_screen):
                yield from judged(shown)
            if name in LITERAL and on_screen and not _is_literal(node):
                yield Violation(source.path, node.lineno, f"{name} without markup=False")
            if name == "__init__" and node.args and not _is_literal(node) and _takes_markup(package, function):
                yield Violation(source.path, node.lineno, "the text of a widget without markup=False")
        case ast.Assign() | ast.AugAssign() | ast.AnnAssign() if on_screen:
            for target, value in _assigned(node):
                if (isinstance(target, ast.Attribute) and target.attr in ATTRIBUTES) or (
                    isinstance(target, ast.Name) and target.id in CLASS_ATTRIBUTES
                ):
                    yield from judged(value)
        case ast.Return(value=ast.expr() as value) if on_screen and function is not None and function.name == "render":
            yield from judged(value)
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "@click" and not isinstance(value, ast.Attribute):
                    yield from judged(value)  # of what was kept, the text was looked at where it was made


def _assigned(node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> Iterator[tuple[ast.expr, ast.expr]]:
    if node.value is None:
        return
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        match target, node.value:
            case (ast.Tuple(elts=targets), ast.Tuple(elts=values)) if len(targets) == len(values):
                yield from zip(targets, values, strict=True)
            case (ast.Tuple(elts=targets), value):
                yield from ((each, value) for each in targets)
            case (_, value):
                yield target, value


def _shown(node: ast.Call, name: str, *, on_screen: bool) -> Iterator[ast.expr]:
    """The arguments of a call that are shown."""
    if node.args and _shows_first(node, name, on_screen=on_screen):
        yield from _parts(node.args[0])
    elif name in ALL:
        for argument in node.args:
            yield from _parts(argument)
    elif name in OTHERS:
        yield from (node.args[place] for place in OTHERS[name] if place < len(node.args))
    elif name == "run_action" and node.args and not isinstance(node.args[0], ast.Attribute):
        yield node.args[0]
    elif name == "SystemCommand":
        yield from node.args[:2]
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=function), args=arguments):
            place = OF_MODULES.get((module, function), len(arguments))
            yield from arguments[place : place + 1]
        case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value=attribute), shown]):
            if attribute in ATTRIBUTES:
                yield shown
    for keyword in node.keywords:
        if name in SHOWN and not _is_foreign_write(node, name, on_screen=on_screen):
            if keyword.arg not in UNSEEN and (name != "update" or on_screen):
                yield keyword.value
        elif on_screen and (keyword.arg in KEYWORDS or (name, keyword.arg) == ("exit", "message")):
            yield keyword.value


def _shows_first(node: ast.Call, name: str, *, on_screen: bool) -> bool:
    if name == "update":
        return on_screen and len(node.args) == 1 and not isinstance(node.args[0], ast.GeneratorExp)
    if name == "__init__":
        return any(keyword.arg == "markup" for keyword in node.keywords)
    return name in FIRST and not _is_foreign_write(node, name, on_screen=on_screen)


def _is_foreign_write(node: ast.Call, name: str, *, on_screen: bool) -> bool:
    return name in ("write", "fail") and not on_screen and _is_foreign(node)


def _parts(shown: ast.expr) -> Iterator[ast.expr]:
    """What is shown of an argument: of a piece with a style, the text."""
    match shown:
        case ast.Tuple(elts=[text, _]):
            yield text
        case _:
            yield shown


def _called(node: ast.Call, source: Source) -> str:
    """The name of what is called, whatever it is called here."""
    match node.func:
        case ast.Name(id=name):
            return source.imports.get(name, name).rpartition(".")[2]
        case ast.Attribute(attr=name):
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


def _takes_markup(package: Package, function: Function | None) -> bool:
    """Whether a method is one of a class that takes plain text for markup."""
    owner = package.owners.get(id(function))
    return owner is not None and any(isinstance(base, ast.Name) and base.id in LITERAL for base in owner.bases)


def _is_literal(node: ast.Call) -> bool:
    return any(each.arg == "markup" and getattr(each.value, "value", None) is False for each in node.keywords)
