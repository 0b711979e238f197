"""Whether an expression is display text: a literal, a number, what `quell.display` makes, or made of such only."""

import ast
from collections.abc import Iterable, Iterator, Sequence

from tests.support.door.names import bindings, bound_to
from tests.support.door.sources import Function, Package, Source

_TEXT_METHODS = frozenset(
    {
        "join",
        "ljust",
        "rjust",
        "center",
        "strip",
        "lstrip",
        "rstrip",
        "replace",
        "upper",
        "lower",
        "title",
        "capitalize",
    }
    | {
        "format",
        "format_map",
        "split",
        "splitlines",
        "removeprefix",
        "removesuffix",
        "get",
        "items",
        "values",
        "pop",
        "copy",
    }
    | {"stylize", "truncate", "astimezone", "strftime", "isoformat", "total", "count", "most_common", "index"}
)
"""Methods whose result is made of their object and arguments."""
_TRANSPARENT = frozenset(
    {"str", "repr", "format", "min", "max", "sorted", "reversed", "list", "tuple", "set", "cast", "set_cell_size"}
    | {"enumerate", "zip", "filter", "map", "next", "iter", "dict", "frozenset", "chain"}
)
"""Functions whose result is made of their arguments."""
_COUNTING = frozenset(
    {"len", "int", "float", "round", "abs", "sum", "range", "divmod", "any", "all", "bool", "cell_len", "ord"}
)
"""Functions whose result is a number."""
_CHECKED = frozenset({"piece", "run", "option"})
"""Names that are given to a `Piece`, `Run` or `Option` only, whose texts were looked at where those were made."""
_NUMBERS = frozenset({"width", "height", "cell_length", "microsecond", "columns", "x", "y", "pid", "value_count"})
"""Attributes of foreign types that are numbers."""


class Judge:
    """Judges expressions of one function.

    Args:
        package: What is declared.
        source: The module.
        function: The function around the expression; `None` at module level.
        arguments_safe: Whether to take text parameters for safe, because what is given for them is looked at instead.
        styled: Whether a pair is a text and the name of its style, which is never shown.
    """

    def __init__(
        self,
        package: Package,
        source: Source,
        function: Function | None,
        *,
        arguments_safe: bool = False,
        styled: bool = False,
    ) -> None:
        self._package = package
        self._source = source
        self._function = function
        self._arguments_safe = arguments_safe
        self._styled = styled
        self._asked: set[str] = set()
        self._inner: list[list[ast.comprehension]] = []
        """The loops of the comprehensions around what is looked at."""

    def safe(self, node: ast.expr | None) -> bool:
        """Whether the expression is display text, a number, or a collection of such."""
        match node:
            case None | ast.Constant():
                return True
            case ast.JoinedStr(values=parts):
                return all(self.safe(part) for part in parts)
            case ast.FormattedValue(value=value, conversion=conversion, format_spec=spec):
                return (conversion in (ord("r"), ord("a")) or self.safe(value)) and self.safe(spec)
            case ast.Name(id=name):
                return self._safe_name(name)
            case ast.Attribute():
                return self._safe_attribute(node)
            case ast.Call():
                return self._safe_call(node)
            case ast.BinOp(left=left, op=ast.Mult()):
                return self.safe(left)
            case ast.BinOp(left=left, right=right):
                return self.safe(left) and self.safe(right)
            case ast.IfExp(body=body, orelse=orelse):
                return self.safe(body) and self.safe(orelse)
            case ast.Tuple(elts=[text, _]) if self._styled:
                return self.safe(text)
            case ast.BoolOp(values=values) | ast.List(elts=values) | ast.Tuple(elts=values) | ast.Set(elts=values):
                return all(self.safe(value) for value in values)
            case ast.Dict(values=values):
                return all(self.safe(value) for value in values)
            case ast.Subscript(value=value):
                return self.safe(value)
            case ast.Starred(value=value) | ast.Await(value=value) | ast.NamedExpr(value=value):
                return self.safe(value)
            case ast.UnaryOp() | ast.Compare():
                return True
            case ast.GeneratorExp(elt=element) | ast.ListComp(elt=element) | ast.SetComp(elt=element):
                return self._safe_inside(element, node.generators)
            case ast.DictComp(value=value):
                return self._safe_inside(value, node.generators)
        return False

    def _safe_inside(self, element: ast.expr, loops: list[ast.comprehension]) -> bool:
        self._inner.append(loops)
        try:
            return self.safe(element)
        finally:
            self._inner.pop()

    def _safe_name(self, name: str) -> bool:
        if name in self._asked or name in self._package.harmless:
            return True
        self._asked.add(name)
        try:
            for loops in reversed(self._inner):
                if inner := [each for loop in loops for each in bound_to(loop.target, loop.iter, name)]:
                    return all(self.safe(each) for each in inner)
            bound = bindings(self._function, name) if self._function else ()
            if bound:
                return all(self._safe_binding(each) for each in bound)
            if name in self._source.constants:
                return self.safe(self._source.constants[name])
            found = self._package.constants.get(name, [])
            return bool(found) and all(Judge(self._package, self._source, None).safe(each) for each in found)
        finally:
            self._asked.discard(name)

    def _safe_binding(self, bound: "ast.expr | ast.arg") -> bool:
        if not isinstance(bound, ast.arg):
            return self.safe(bound)
        return self._arguments_safe or self._package.is_safe_type(bound.annotation) or self._given_safe(bound.arg)

    def _given_safe(self, argument: str) -> bool:
        """Whether a function is given display text wherever it is called."""
        function = self._function
        if function is None or function.name.startswith("__"):
            return False
        if (key := f"{function.name}({argument})") in self._asked:
            return True
        given = list(calls_with(self._package, function, argument))
        judges = [(Judge(self._package, source, caller, styled=self._styled), value) for source, caller, value in given]
        for judge, _ in judges:
            judge._asked.update({key}, (each for each in self._asked if "(" in each))
        return bool(given) and all(judge.safe(value) for judge, value in judges)

    def _safe_attribute(self, node: ast.Attribute) -> bool:
        if isinstance(node.value, ast.Name) and node.value.id in _CHECKED:
            return True
        if isinstance(node.value, ast.Name) and node.value.id in self._package.harmless:
            return True  # a member of an enumeration
        owners = self._classes_of(node.value)
        known = [annotation for owner in owners if (annotation := self._package.field_of(owner, node.attr))]
        annotations = known or self._package.fields.get(node.attr, [])
        if annotations:
            return all(self._package.is_safe_type(annotation) for annotation in annotations)
        return node.attr in _NUMBERS

    def _classes_of(self, node: ast.expr) -> list[ast.ClassDef]:
        """The classes that an expression's value may be of, where annotations tell it."""
        match node:
            case ast.Name(id="self") if id(self._function) in self._package.owners:
                return [self._package.owners[id(self._function)]]
            case ast.Name(id=name):
                bound = bindings(self._function, name) if self._function else ()
                if len(bound) != 1 or isinstance(bound[0], ast.Name):
                    return []
                if isinstance(bound[0], ast.arg):
                    return self._package.classes_named(bound[0].annotation)
                return self._classes_of(bound[0])
            case ast.Attribute(value=value, attr=name):
                fields = (self._package.field_of(owner, name) for owner in self._classes_of(value))
                return [each for annotation in fields for each in self._package.classes_named(annotation)]
            case ast.Call(func=ast.Name(id=name)):
                functions = self._package.imported(self._source, name)
                return self._package.classes_named(functions[0].returns if functions else ast.Name(name))
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)):
                methods = self._source.functions.get(name, [])
                return self._package.classes_named(methods[0].returns) if len(methods) == 1 else []
            case ast.Await(value=value):
                return self._classes_of(value)
        return []

    def _safe_call(self, node: ast.Call) -> bool:
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        match node.func:
            case ast.Name(id=name):
                if name in self._package.harmless:
                    return True  # checked where it is made
                if name in _COUNTING:
                    return True
                if name == "map" and isinstance(node.args[0], ast.Name):
                    functions = self._package.imported(self._source, node.args[0].id)
                    if functions and all(self._package.gives_display_text(function) for function in functions):
                        return True
                if name in _TRANSPARENT:
                    skipped = 1 if name in ("filter", "map", "cast") else 0
                    return all(self.safe(argument) for argument in arguments[skipped:])
                return self._returns_safe(self._package.imported(self._source, name), name, arguments)
            case ast.Attribute(value=ast.Name(id=base)) if base in self._package.harmless or base == "unicodedata":
                return True
            case ast.Attribute(value=value, attr=name):
                if name in ("get", "pop") and self.safe(value):
                    return all(self.safe(argument) for argument in arguments[1:])
                if name in _TEXT_METHODS and name not in self._package.functions:
                    return self.safe(value) and all(self.safe(argument) for argument in arguments)
                if name in _TEXT_METHODS and self.safe(value):
                    return all(self.safe(argument) for argument in arguments)
                functions = self._methods(value, name)
                return self._gives_display_text(node.func) or self._returns_safe(functions, name, arguments)
        return False

    def _gives_display_text(self, called: ast.Attribute) -> bool:
        """Whether a field holds a function that returns display text."""
        for owner in self._classes_of(called.value):
            match self._package.field_of(owner, called.attr):
                case ast.Subscript(value=ast.Name(id="Callable"), slice=ast.Tuple(elts=[_, returned])):
                    return self._package.is_safe_type(returned)
        return False

    def _methods(self, value: ast.expr, name: str) -> list[Function]:
        """What may be called by this name of a value: of a module its function, of `self` the methods of the module."""
        if isinstance(value, ast.Name) and value.id == "self" and self._source.functions.get(name):
            return self._source.functions[name]
        module = self._module_of(value)
        return module.functions.get(name, []) if module else self._package.functions.get(name, [])

    def _module_of(self, node: ast.expr) -> Source | None:
        imported = self._source.imports.get(node.id) if isinstance(node, ast.Name) else None
        return self._package.module(imported) if imported else None

    def _returns_safe(self, functions: Sequence[Function], name: str, arguments: Iterable[ast.expr]) -> bool:
        """Whether all these functions return display text, or a local one text made of nothing but its arguments."""
        if functions and all(self._package.gives_display_text(function) for function in functions):
            return True
        if len(functions) != 1 or name in self._asked:
            return False
        from_arguments = all(self.safe(argument) for argument in arguments)
        home = self._package.homes[id(functions[0])]
        inside = Judge(self._package, home, functions[0], arguments_safe=from_arguments, styled=self._styled)
        inside._asked.update(self._asked, {name})
        given = [
            each.value
            for each in ast.walk(functions[0])
            if isinstance(each, ast.Return | ast.Yield | ast.YieldFrom) and each.value is not None
        ]
        return bool(given) and all(inside.safe(value) for value in given)


def calls_with(
    package: Package, function: Function, argument: str
) -> Iterator[tuple[Source, Function | None, ast.expr]]:
    """What a function is given for an argument: the module, the outermost function around the call, and the value."""
    home, alone = package.homes[id(function)], len(package.functions[function.name]) == 1
    private = function.name.startswith("_") and len(home.functions[function.name]) == 1
    if not alone and not private:
        return
    names = [each.arg for each in function.args.args]
    place = names.index(argument) - (names[0] in ("self", "cls")) if argument in names else None
    for source, caller, call in package.calls.get(function.name, []):
        if not alone and source is not home:
            continue
        if function.args.vararg is not None and function.args.vararg.arg == argument:
            yield from ((source, caller, value) for value in call.args[len(names) :])
        elif place is not None and place < len(call.args):
            yield source, caller, call.args[place]
        yield from ((source, caller, keyword.value) for keyword in call.keywords if keyword.arg == argument)
