"""Fetching a secret from where the configuration says it is.

Each function returns the value or raises `RefusedError`, just as a service that does not accept it would make a
provider do. No message of theirs holds any part of the secret.
"""

import subprocess
from pathlib import Path

from quell_providers.refusal import Refusal, RefusalKind, RefusedError

KEYRING_SERVICE = "quell"
COMMAND_TIMEOUT = 60.0
"""Seconds a command may take; a password manager may wait for its owner."""


def from_file(file: Path) -> str:
    """The content of a file, without the line break at its end."""
    try:
        value = file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise _failed(f"The file {file} with the secret can not be read", type(error).__name__) from None
    if not value:
        raise _failed(f"The file {file} with the secret is empty")
    return value


def from_command(words: list[str]) -> str:
    """The first line that a command prints. It runs without a terminal, so that it can not draw over the console."""
    name = words[0]
    try:
        done = subprocess.run(  # noqa: S603 - the user's own words are what is to be run, and no shell is involved
            words, stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True, timeout=COMMAND_TIMEOUT
        )
    except OSError as error:
        raise _failed(f"The command {name} for the secret could not be run", error.strerror or "") from None
    except subprocess.TimeoutExpired:
        raise _failed(f"The command {name} for the secret took longer than {COMMAND_TIMEOUT:.0f} seconds") from None
    if done.returncode != 0:
        complaint = done.stderr.decode(errors="replace").strip()
        raise _failed(f"The command {name} for the secret failed with status {done.returncode}", complaint)
    value, _, _ = done.stdout.decode(errors="replace").partition("\n")
    if not value.strip():
        raise _failed(f"The command {name} for the secret printed nothing")
    return value.rstrip("\r")


def from_keyring(entry: str) -> str:
    """The password that the system's keyring holds for this entry of the service `quell`."""
    import keyring
    import keyring.errors

    try:
        value = keyring.get_password(KEYRING_SERVICE, entry)
    except keyring.errors.KeyringError as error:
        raise _failed("The keyring did not answer", type(error).__name__) from None
    if not isinstance(value, str) or not value:
        raise _failed(f"The keyring has no entry {entry}", remedy=f"Make one: keyring set {KEYRING_SERVICE} {entry}")
    return value


def _failed(cause: str, detail: str = "", remedy: str = "Try it in a shell, then try again") -> RefusedError:
    return RefusedError(Refusal(kind=RefusalKind.LOGIN, cause=cause, detail=detail, remedy=remedy))
