"""What the names of a function stand for."""

import ast
from collections.abc import Iterator
from functools import lru_cache

from tests.support.door.sources import Function

_PUTTING = frozenset({"append", "extend", "insert", "add", "appendleft", "setdefault"})
"""Methods that put what they are given into their object."""


@lru_cache(20_000)
def bindings(scope: Function, name: str) -> tuple[ast.expr | ast.arg, ...]:
    """Everything that a function gives a name to: arguments, assignments, loops, patterns, and what is added to it."""
    return tuple(_bindings(scope, name))


def _bindings(scope: Function, name: str) -> Iterator[ast.expr | ast.arg]:
    for node in ast.walk(scope):
        match node:
            case ast.arg(arg=found) if found == name:
                yield node
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    yield from bound_to(target, value, name)
                    yield from _put_into(target, value, name)
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.AugAssign(target=target, value=value):
                yield from bound_to(target, value, name)
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                yield from bound_to(target, value, name)
            case ast.NamedExpr(target=target, value=value):
                yield from bound_to(target, value, name)
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                yield from bound_to(target, value, name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=called), attr=method)) if called == name:
                if method in _PUTTING:
                    yield from (*node.args, *(keyword.value for keyword in node.keywords))
            case ast.ExceptHandler(name=caught) if caught == name:
                yield ast.Name("an exception")
            case ast.MatchAs(name=caught) | ast.MatchStar(name=caught) if caught == name:
                yield ast.Name("a pattern")


def _put_into(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    match target:
        case ast.Subscript(value=ast.Name(id=found)) if found == name:
            yield value


def bound_to(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    """What a name gets where a target gets a value."""
    match target, value:
        case ast.Name(id=found), _ if found == name:
            yield value
        case ((ast.Tuple(elts=targets) | ast.List(elts=targets)), ast.Tuple(elts=values)) if len(targets) == len(
            values
        ):
            for each, its in zip(targets, values, strict=True):
                yield from bound_to(each, its, name)
        case ((ast.Tuple(elts=targets) | ast.List(elts=targets)), _):
            values_of = _pairwise(value, len(targets))
            for each, its in zip(targets, values_of, strict=True):
                yield from bound_to(each, its, name)
        case ast.Starred(value=inner), _:
            yield from bound_to(inner, value, name)


def _pairwise(value: ast.expr, count: int) -> list[ast.expr]:
    """What each of several targets gets of an iterable: its own part where that is known, else all of it."""
    match value:
        case ast.Call(func=ast.Name(id="zip"), args=args) if len(args) == count:
            return list(args)
        case ast.Call(func=ast.Name(id="enumerate"), args=[counted, *_]) if count == 2:
            return [ast.Constant(0), counted]
        case ast.Call(func=ast.Attribute(value=counted, attr="most_common")) if count == 2:
            return [counted, ast.Constant(0)]
        case ast.Tuple(elts=rows) | ast.List(elts=rows) if all(
            isinstance(row, ast.Tuple) and len(row.elts) == count for row in rows
        ):
            columns = zip(*(row.elts for row in rows if isinstance(row, ast.Tuple)), strict=True)
            return [ast.Tuple(list(column)) for column in columns]
    return [value] * count
