"""Ways around the check: a sink that is handed on instead of called, a type that is only claimed, a raw stream."""

import ast

_SINKS = frozenset({"notify", "echo", "secho", "update", "copy_to_clipboard", "panic", "write", "write_line"})
"""Functions that show what they are given; whoever calls them in our place is not looked at."""
_CLASSES = frozenset({"Content", "Static", "Label", "Option", "Segment", "Piece", "Printable", "Text"})
_APPLYING = frozenset(
    {"map", "partial", "starmap", "call_later", "call_next", "call_after_refresh", "call_from_thread"}
)
_STREAMS = frozenset({"stdout", "stderr", "__stdout__", "__stderr__"})
_CLAIMED = frozenset({"Printable", "Content", "Text", "Run", "Strip"})


def evasion(node: ast.AST, *, on_screen: bool) -> str:
    """What is wrong with a node that is not what is called in a call; empty: nothing.

    Args:
        node: Any node.
        on_screen: Whether its module draws.
    """
    match node:
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id="sys"), attr=stream), attr="buffer" | "writelines"):
            return f"sys.{stream} is written to past the check" if stream in _STREAMS else ""
        case ast.Attribute(attr=name, ctx=ast.Load()) if on_screen and name in _SINKS:
            return f"{name} is handed on, where nobody sees what it is called with"
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=name), *_]) if name in _SINKS:
            return f"{name} is called where nobody sees it"
        case ast.Call(func=ast.Name(id="cast"), args=[claimed, _]) if _name(claimed) in _CLAIMED:
            return f"{_name(claimed)} is only claimed"
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]) if name in _APPLYING:
            return f"{_name(first)} is handed on" if _name(first) in _CLASSES | _SINKS else ""
        case ast.Call(func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="sys")), attr="writelines")):
            return "writelines has no place here"
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="buffer"), attr="write")):
            return "a buffer has no place here"
        case ast.Call(keywords=keywords) if any(each.arg == "link" for each in keywords):
            return "links are shown, never made"
    return ""


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=str() as name):
            return name
    return ""
