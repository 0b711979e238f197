"""Reading the configuration file. Either everything in it is right, or `ConfigError` tells all that is wrong."""

import os
import pwd
import re
import tomllib
from pathlib import Path

from quell.config.accounts import read_accounts
from quell.config.convert import Converter
from quell.config.locate import KeyPath
from quell.config.paths import config_path
from quell.config.problem import ConfigError, Findings, Problem, suggestion
from quell.config.secrets import SecretReader
from quell.config.settings import Bookkeeping, Config, ConsoleSettings, DeletionSettings, JournalSettings
from quell.moderation.reasons import PRESETS, Preset, problem_with

KEYS = ("accounts", "console", "deletion", "journal", "moderator", "reasons")

FIRST_STEPS = """\
Write one; this is enough:

    [accounts.work]
    provider = "rocketchat"
    url = "https://chat.example.org"
    user_id = "aBcD1234"
    token = { env = "QUELL_WORK_TOKEN" }

  or try Quell without an account: quell demo"""

_SYNTAX_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def load_config(path: Path | None = None) -> Config:
    """The configuration of this file, or of the file in the usual place.

    Raises:
        ConfigError: There is no such file, or something in it must be changed first.
    """
    file = config_path(path)
    text = _read(file)
    document = _parse(file, text)
    findings = Findings(file, text)
    converter = Converter(file.parent, findings, SecretReader(file.parent, findings))
    for key in (key for key in document if key not in KEYS):
        findings.add((key,), "unknown key", suggestion(key, KEYS))
    accounts = read_accounts(document.get("accounts"), converter, findings)
    deletion = converter.struct(("deletion",), document.get("deletion", {}), DeletionSettings)
    if deletion is not None:
        _check_ceilings(deletion, document.get("accounts"), findings)
    console = converter.struct(("console",), document.get("console", {}), ConsoleSettings)
    journal = converter.struct(("journal",), document.get("journal", {}), JournalSettings)
    reasons = _reasons(document.get("reasons"), converter, findings)
    moderator = _moderator(document.get("moderator"), findings)
    if findings or deletion is None or console is None or journal is None:
        raise ConfigError(findings.problems())
    return Config(
        path=file,
        accounts=accounts,
        moderator=moderator,
        deletion=deletion,
        reasons=reasons,
        console=console,
        journal=journal,
    )


def load_bookkeeping(path: Path | None = None) -> Bookkeeping:
    """What the journal needs of this file, or of the file in the usual place. No secret is asked for.

    Raises:
        ConfigError: What it needs must be changed first.
    """
    file = config_path(path)
    if path is None and not file.exists():
        return Bookkeeping(_login_name(), None)
    text = _read(file)
    document = _parse(file, text)
    findings = Findings(file, text)
    converter = Converter(file.parent, findings, SecretReader(file.parent, findings))
    journal = converter.struct(("journal",), document.get("journal", {}), JournalSettings)
    moderator = _moderator(document.get("moderator"), findings)
    if findings:
        raise ConfigError(findings.problems())
    return Bookkeeping(moderator, journal)


def _read(file: Path) -> str:
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise ConfigError([Problem(file=file, message="there is no configuration here", hint=FIRST_STEPS)]) from None
    except OSError as error:
        raise ConfigError([Problem(file=file, message=f"can not be read: {error.strerror}")]) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError([Problem(file=file, line=line, message="is not UTF-8 text")]) from None


def _parse(file: Path, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _SYNTAX_PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1
        column = int(place[2]) if place and place[2] else None
        message = f"not valid TOML: {_SYNTAX_PLACE.sub('', str(error))}"
        raise ConfigError([Problem(file=file, line=line, column=column, message=message)]) from None


def _reasons(tables: object, converter: Converter, findings: Findings) -> tuple[Preset, ...]:
    if tables is None:
        return PRESETS
    if not isinstance(tables, list):
        findings.add(("reasons",), "must be a list of tables", "begin each with [[reasons]]")
        return ()
    read = [converter.struct(("reasons", index), table, Preset) for index, table in enumerate(tables)]
    taken: set[str] = set()
    for index, preset in enumerate(read):
        if preset is not None:
            _check_reason(("reasons", index), preset, taken, findings)
            taken.add(preset.key)
    return tuple(preset for preset in read if preset is not None)


def _check_reason(path: KeyPath, preset: Preset, taken: set[str], findings: Findings) -> None:
    if len(preset.key) != 1 or not preset.key.isprintable():
        findings.add((*path, "key"), "must be the one character that picks this reason", 'such as key = "1"')
    if preset.key in taken:
        findings.add((*path, "key"), f"{preset.key!r} already picks a reason before this one")
    if not preset.code.strip():
        findings.add((*path, "code"), "must not be empty", 'a short word for counting, such as code = "spam"')
    if problem := problem_with(preset.text, limit=None, required=False):
        findings.add((*path, "text"), problem)


def _check_ceilings(deletion: DeletionSettings, accounts: object, findings: Findings) -> None:
    names = list(accounts) if isinstance(accounts, dict) else []
    for name in deletion.ceiling_per_minute:
        if name not in names:
            findings.add(("deletion", "ceiling_per_minute", name), "there is no such account", suggestion(name, names))


def _moderator(name: object, findings: Findings) -> str:
    if name is None:
        return _login_name()
    if not isinstance(name, str) or not name.isprintable() or not name.strip():
        findings.add(("moderator",), "must be a name", "it is written into the journal with every deletion")
        return ""
    return name


def _login_name() -> str:
    """Who the operating system says is running this; not `$USER`, which anybody can set."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
