"""The configuration that `quell sandbox --config-out` writes: one account for each of the two services."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import tomlkit

PROFILE = "sandbox"
_AWS_KEYS = ("access_key_id", "secret_access_key")


def write_config(file: Path, rocketchat: Mapping[str, str], ivs: Mapping[str, str]) -> None:
    """Write a configuration for a running sandbox, and its secrets into two files beside it.

    They are `FILE.token`, the Rocket.Chat access token, and `FILE.aws`, the AWS keys. Nobody else can read any of the
    three, and each appears complete or not at all.

    Args:
        file: What to write.
        rocketchat: Address and login, as `Sandbox.describe` tells them.
        ivs: Addresses and keys, as `Sandbox.describe` tells them.

    Raises:
        OSError: One of the files can not be written.
    """
    token_file = file.with_name(f"{file.name}.token")
    aws_file = file.with_name(f"{file.name}.aws")
    _write(token_file, f"{rocketchat['auth_token']}\n")
    _write(aws_file, f"[{PROFILE}]\n" + "".join(f"aws_{key} = {ivs[key]}\n" for key in _AWS_KEYS))
    work: dict[str, object] = {
        "provider": "rocketchat",
        "url": rocketchat["url"],
        "user_id": rocketchat["user_id"],
        "token": tomlkit.inline_table().append("file", token_file.name),
    }
    live: dict[str, object] = {
        "provider": "ivs",
        "region": ivs["region"],
        "profile": PROFILE,
        "credentials_file": str(aws_file.absolute()),
        "endpoint_url": ivs["endpoint_url"],
        "messaging_url": ivs["messaging_url"],
        "logs_endpoint_url": ivs["endpoint_url"],
    }
    _write(file, tomlkit.dumps(_document({"work": work, "live": live})))


def _document(accounts: Mapping[str, object]) -> tomlkit.TOMLDocument:
    document = tomlkit.document()
    document.add(tomlkit.comment("Written by `quell sandbox`; good for as long as it runs."))
    document["accounts"] = accounts
    return document


def _write(file: Path, text: str) -> None:
    """Replace a file in one step by one that only its owner can read."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as unfinished:
            unfinished.write(text)
        os.replace(name, file)
    except BaseException:
        os.unlink(name)
        raise
