"""From a parsed TOML table to a typed struct, field by field, so that every problem is found and not only the first."""

import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, TypeVar, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo

from quell.config.locate import KeyPath
from quell.config.problem import Findings, suggestion
from quell.config.secrets import SecretReader, example
from quell_providers.secret import Secret

S = TypeVar("S", bound=Struct)

_NAMES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "datetime": "a date with a time",
    "date": "a date",
    "time": "a time",
}


class Converter:
    """Reads tables into structs.

    Args:
        folder: Relative paths in fields of type `Path` start here.
        findings: Where problems go.
        secrets: Reads the fields of type `Secret`.
    """

    def __init__(self, folder: Path, findings: Findings, secrets: SecretReader) -> None:
        self._folder = folder
        self._findings = findings
        self._secrets = secrets

    def struct(self, path: KeyPath, table: object, kind: type[S]) -> S | None:
        """The table at `path` as a struct; `None` when nothing can be made of it. Problems are noted either way."""
        if not isinstance(table, dict):
            self._findings.add(path, "must be a table", "such as " + "[" + ".".join(map(str, path)) + "]")
            return None
        fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
        for key in (key for key in table if key not in fields):
            self._findings.add((*path, key), "unknown key", suggestion(key, fields))
        values: dict[str, object] = {}
        for key, field in fields.items():
            if key in table:
                self._convert((*path, key), table[key], field, values)
            elif field.required:
                hint = example((*path, key)) if _is_secret(field.type) else f"write {key} = ..."
                self._findings.add(path, f"the key `{key}` is missing", hint)
        if any(field.required and field.name not in values for field in fields.values()):
            return None
        return self._make(path, kind, values)

    def _convert(self, path: KeyPath, value: object, field: FieldInfo, values: dict[str, object]) -> None:
        def custom(kind: type, raw: object) -> object:
            if kind is Secret:
                return self._secrets.read(path, raw)
            if kind is Path:
                return self._path(raw)
            raise TypeError(f"can not be configured: {kind.__name__}")

        try:
            values[field.name] = msgspec.convert(value, field.type, dec_hook=custom)
        except msgspec.ValidationError as error:
            choices = _choices(field.type)
            hint = suggestion(value, choices) if choices and isinstance(value, str) else ""
            self._findings.add(path, "not one of the known values" if hint else _plain(str(error)), hint)

    def _path(self, raw: object) -> Path:
        if not isinstance(raw, str):
            raise msgspec.ValidationError("Expected `str`")
        return self._folder / Path(raw).expanduser()

    def _make(self, path: KeyPath, kind: type[S], values: dict[str, object]) -> S | None:
        """A struct of these values. It checks itself, and names the key it does not like in its `ValueError`."""
        try:
            return kind(**values)
        except ValueError as error:
            key = _first_named(str(error), values)
            message = str(error).removeprefix(f"{key}: ")
            self._findings.add((*path, key) if key else path, message, _nearest(values.get(key), message))
            return None


def _first_named(message: str, values: Iterable[str]) -> str:
    """The key that a struct's complaint is about: the first one it names; empty when it names none."""
    places = {key: found.start() for key in values if (found := re.search(rf"\b{re.escape(key)}\b", message))}
    return min(places, key=places.__getitem__, default="")


def _nearest(value: object, message: str) -> str:
    """When a complaint lists what would be valid, the one that is most like the value."""
    offered = {word for word in re.findall(r"[\w-]+", message) if word != value}
    near = difflib.get_close_matches(value, offered, n=1, cutoff=0.75) if isinstance(value, str) else []
    return f"did you mean `{near[0]}`?" if near else ""


def _is_secret(kind: object) -> bool:
    return kind is Secret or Secret in get_args(kind)


def _choices(kind: object) -> tuple[str, ...]:
    """The values that a field of literal strings takes; empty for every other type."""
    return tuple(map(str, get_args(kind))) if get_origin(kind) is Literal else ()


def _plain(error: str) -> str:
    """A type error in words for people who write configuration, not programs."""
    text, _, place = error.partition(" - at `$")
    text = re.sub(r"`([^`]*)`", lambda types: _in_words(types[1].split(" | ")), text)
    text = re.sub(r"^Expected (.*), got (.*)$", r"must be \1, not \2", text)
    text = re.sub(r"^Expected ", "must be ", text)
    return f"{text} (at {place.rstrip('`')})" if place else text


def _in_words(types: list[str]) -> str:
    """Names of msgspec's types for people; TOML has no null."""
    return " or ".join(_NAMES.get(name, name) for name in types if name != "null")
