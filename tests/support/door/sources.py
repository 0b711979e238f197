"""What the sources declare: functions, fields, enumerations and constants, by name."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef

SAFE_NAMES = frozenset(
    {
        "Printable",
        "Content",
        "Option",
        "Run",
        "Text",
        "int",
        "float",
        "bool",
        "None",
        "datetime",
        "Strip",
        "Style",
        "Severity",
    }
)
"""Types whose values are display text already, or can not carry any."""
CONTAINERS = frozenset(
    {
        "list",
        "tuple",
        "set",
        "frozenset",
        "dict",
        "Sequence",
        "Iterable",
        "Iterator",
        "Mapping",
        "Counter",
        "Collection",
    }
    | {"Awaitable", "Callable", "ClassVar", "Final", "Optional", "var", "reactive", "Generator", "Literal", "Coroutine"}
)


@dataclass
class Source:
    """One module."""

    path: str
    tree: ast.Module
    constants: dict[str, ast.expr] = field(default_factory=dict)
    functions: dict[str, list[Function]] = field(default_factory=lambda: defaultdict(list))
    nodes: list[tuple[Function | None, ast.AST]] = field(default_factory=list)
    """Every node, with the outermost function around it, whose names the inner ones see too."""
    imports: dict[str, str] = field(default_factory=dict)
    """Dotted names by the names they have here."""


class Package:
    """All modules that are looked at.

    Args:
        texts: The source text of each, by path.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.sources = [Source(path, ast.parse(text)) for path, text in texts.items()]
        self.functions: dict[str, list[Function]] = defaultdict(list)
        self.fields: dict[str, list[ast.expr]] = defaultdict(list)
        self.constants: dict[str, list[ast.expr]] = defaultdict(list)
        self.classes: dict[str, list[ast.ClassDef]] = defaultdict(list)
        self.homes: dict[int, Source] = {}
        """The module of each function, by its identity."""
        self.owners: dict[int, ast.ClassDef] = {}
        """The class of each method, by its identity."""
        self.harmless = set(SAFE_NAMES)
        self.calls: dict[str, list[tuple[Source, Function | None, ast.Call]]] = defaultdict(list)
        """Calls by the name of what is called, each with the outermost function around it."""
        for source in self.sources:
            self._read(source)
        self._find_harmless_classes()

    @classmethod
    def of(cls, *folders: Path) -> "Package":
        """The modules in these folders, but for the sandbox, which shows nothing."""
        files = (file for folder in folders for file in sorted(folder.rglob("*.py")) if "sandbox" not in file.parts)
        return cls({str(file): file.read_text() for file in files})

    def is_safe_type(self, annotation: ast.expr | None) -> bool:
        """Whether values of this type can only be display text, or none."""
        match annotation:
            case ast.Constant(value=str() as text):
                return self.is_safe_type(ast.parse(text, mode="eval").body)
            case ast.Constant(value=None):
                return True
            case ast.Name(id=name) | ast.Attribute(attr=name):
                return name in self.harmless
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return self.is_safe_type(left) and self.is_safe_type(right)
            case ast.Subscript(value=ast.Name(id="Literal")):
                return True
            case ast.Subscript(value=ast.Name(id="Mapping" | "dict"), slice=ast.Tuple(elts=[_, value])):
                return self.is_safe_type(value)
            case ast.Subscript(value=ast.Name(id=name), slice=inner) if name in CONTAINERS:
                parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                return all(self.is_safe_type(part) for part in parts if not _is_ellipsis(part))
        return False

    def gives_display_text(self, function: Function) -> bool:
        """Whether a function says that it returns display text, or is one of the door."""
        text = isinstance(function.returns, ast.Name) and function.returns.id == "str"
        return self.is_safe_type(function.returns) or (text and "/display/" in self.homes[id(function)].path)

    def module(self, dotted: str) -> Source | None:
        """The module or package of this name."""
        ends = (f"/{dotted.replace('.', '/')}.py", f"/{dotted.replace('.', '/')}/__init__.py")
        return next((source for source in self.sources if f"/{source.path}".endswith(ends)), None)

    def imported(self, source: Source, name: str) -> list[Function]:
        """The functions that a name of a module stands for; all of that name where it can not be told."""
        if source.functions.get(name):
            return source.functions[name]
        module, _, original = source.imports.get(name, "").rpartition(".")
        home = self.module(module) if module else None
        return self.imported(home, original) if home else self.functions.get(name, [])

    def classes_named(self, annotation: ast.expr | None) -> list[ast.ClassDef]:
        """The classes that an annotation may mean, alone, beside `None`, or as what a collection holds."""
        match annotation:
            case ast.Constant(value=str() as text):
                return self.classes_named(ast.parse(text, mode="eval").body)
            case ast.BinOp(left=left, right=ast.Constant(value=None)):
                return self.classes_named(left)
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Name() as held) if name in CONTAINERS:
                return self.classes_named(held)
            case ast.Name(id=name) | ast.Attribute(attr=name):
                return self.classes.get(name, [])
        return []

    def field_of(self, node: ast.ClassDef, name: str) -> ast.expr | None:
        """The annotation of a field or property of a class or one of its bases."""
        for declared_name, annotation in declared(node):
            if declared_name == name:
                return annotation
        for method in node.body:
            if isinstance(method, Function) and method.name == name and _is_property(method):
                return method.returns
        bases = (each for base in node.bases for each in self.classes_named(base) if each is not node)
        return next((found for base in bases if (found := self.field_of(base, name))), None)

    def _read(self, source: Source) -> None:
        _collect(source.tree, None, source.nodes)
        for _, node in source.nodes:
            if isinstance(node, Function):
                self.functions[node.name].append(node)
                self.homes[id(node)] = source
                source.functions[node.name].append(node)
                if _is_property(node) and node.returns is not None:
                    self.fields[node.name].append(node.returns)
            elif isinstance(node, ast.ImportFrom) and node.module:
                source.imports.update({each.asname or each.name: f"{node.module}.{each.name}" for each in node.names})
            elif isinstance(node, ast.ClassDef):
                self.classes[node.name].append(node)
                self.owners.update({id(method): node for method in node.body if isinstance(method, Function)})
                for name, annotation in declared(node):
                    self.fields[name].append(annotation)
        for function, node in source.nodes:
            match node:
                case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                    self.calls[name].append((source, function, node))
        for statement in source.tree.body:
            for name, value in _assigned(statement):
                source.constants[name] = value
                self.constants[name].append(value)

    def _find_harmless_classes(self) -> None:
        """Enumerations, and classes all of whose fields are harmless."""
        classes = [node for nodes in self.classes.values() for node in nodes]
        found = True
        while found:
            found = False
            for node in classes:
                if node.name not in self.harmless and self._is_harmless(node):
                    self.harmless.add(node.name)
                    found = True

    def _is_harmless(self, node: ast.ClassDef) -> bool:
        bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        if bases & {"Enum", "StrEnum", "IntEnum"}:
            return True
        if "NamedTuple" not in bases:
            return False
        return all(self.is_safe_type(annotation) for _, annotation in declared(node))


def declared(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """Annotated fields of a class, those set in its methods included."""
    for statement in ast.walk(node):
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name)):
                yield name, statement.annotation
            case ast.FunctionDef(name="__init__", args=arguments, body=body):
                kept = {each.arg: each.annotation for each in (*arguments.args, *arguments.kwonlyargs)}
                for line in body:
                    match line:
                        case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Name(id=argument)):
                            if (annotation := kept.get(argument)) is not None:
                                yield name, annotation


def _assigned(statement: ast.stmt) -> Iterable[tuple[str, ast.expr]]:
    match statement:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                if isinstance(target, ast.Name):
                    yield target.id, value
                elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                    pairs = zip(target.elts, value.elts, strict=False)
                    yield from ((name.id, each) for name, each in pairs if isinstance(name, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value


def _is_property(node: Function) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "property" for each in node.decorator_list)


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def _collect(node: ast.AST, function: Function | None, found: list[tuple[Function | None, ast.AST]]) -> None:
    for child in ast.iter_child_nodes(node):
        inside = child if function is None and isinstance(child, Function) else function
        found.append((inside, child))
        _collect(child, inside, found)
