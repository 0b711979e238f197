"""The forms in which a configuration names a secret, none of which is the secret itself.

`{ env = "NAME" }`, `{ file = "path" }`, `{ command = ["pass", "show", "x"] }` and `{ keyring = true }`. What can be
checked without asking anybody is checked at once: a variable must be set, a file must be there and be private. A
command or the keyring is asked when the secret is first needed, because either may ask for a password of its own.
"""

import importlib.util
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from quell.config.fetch import KEYRING_SERVICE, from_command, from_file, from_keyring
from quell.config.locate import KeyPath
from quell.config.problem import Findings, suggestion
from quell_providers.secret import Secret

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class _UnusableError(Exception):
    """A secret is named in a way that can not work; says why, and what would."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class SecretReader:
    """Turns the value of a key into a secret, or into a problem.

    Args:
        folder: Relative file names start here.
        findings: Where problems go.
    """

    def __init__(self, folder: Path, findings: Findings) -> None:
        self._folder = folder
        self._findings = findings

    def read(self, path: KeyPath, value: object) -> Secret:
        """The secret that the key at `path` names; an empty one where there is a problem with it."""
        try:
            return self._read(path, value)
        except _UnusableError as error:
            self._findings.add(path, str(error), error.hint)
            return Secret.of("")

    def _read(self, path: KeyPath, value: object) -> Secret:
        if isinstance(value, str):
            raise _UnusableError("a secret does not belong in this file", example(path))
        if not isinstance(value, dict) or len(value) != 1:
            raise _UnusableError("must be a table with one key, which tells where the secret is", example(path))
        ((form, argument),) = value.items()
        if form == "file":
            return _file(self._folder, argument)
        if form == "keyring":
            return _keyring(".".join(str(part) for part in path[1:]), argument)
        if form not in _FORMS:
            raise _UnusableError(
                f"a secret can not be named by `{form}`", suggestion(form, ("file", "keyring", *_FORMS))
            )
        return _FORMS[form](argument)


def example(path: KeyPath) -> str:
    """How to name the secret at this path."""
    variable = "_".join(["QUELL", *(str(part).upper().replace("-", "_") for part in path[1:])])
    others = '{ command = [...] }, { file = "..." } or { keyring = true }'
    return f'write {path[-1]} = {{ env = "{variable}" }}; in place of env also {others}'


def _env(name: object) -> Secret:
    if not isinstance(name, str) or not name:
        raise _UnusableError("env must be the name of an environment variable", 'such as { env = "QUELL_TOKEN" }')
    value = os.environ.get(name)
    if not value:
        state = "is empty" if name in os.environ else "is not set"
        raise _UnusableError(f"the environment variable {name} {state}", f"before starting Quell: export {name}=...")
    return Secret.of(value)


def _command(words: object) -> Secret:
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
        raise _UnusableError("command must be a list of words", 'such as { command = ["pass", "show", "chat/work"] }')
    return Secret(lambda: from_command(words))


def _file(folder: Path, name: object) -> Secret:
    if not isinstance(name, str) or not name:
        raise _UnusableError("file must be a path", "a relative path starts at the folder of this file")
    file = folder / Path(name).expanduser()
    try:
        mode = file.stat().st_mode
    except OSError as error:
        raise _UnusableError(f"{file}: {error.strerror}") from None
    if not stat.S_ISREG(mode):
        raise _UnusableError(f"{file} is not a file")
    if mode & _OTHERS:
        raise _UnusableError(f"others may read {file} (mode {stat.S_IMODE(mode):04o})", f"chmod 600 {file}")
    return Secret(lambda: from_file(file))


def _keyring(entry: str, wanted: object) -> Secret:
    if wanted is not True:
        raise _UnusableError("keyring must be true", f"the entry is {entry} of the service {KEYRING_SERVICE}")
    if importlib.util.find_spec("keyring") is None:
        raise _UnusableError("the keyring library is not installed", "pip install 'quell[keyring]'")
    return Secret(lambda: from_keyring(entry))


_FORMS: Mapping[str, Callable[[object], Secret]] = {"command": _command, "env": _env}
