"""The tables `[accounts.<name>]`."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from quell.config import plugins
from quell.config.convert import Converter
from quell.config.locate import KeyPath
from quell.config.problem import Findings, suggestion
from quell.config.settings import Account
from quell_providers.provider import ProviderPlugin

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_NAME = re.compile(r"[a-z0-9_-]+")


def read_accounts(tables: object, converter: Converter, findings: Findings) -> tuple[Account, ...]:
    """Every account that is configured without a problem, in the order of the file."""
    if not isinstance(tables, dict) or not tables:
        findings.add(("accounts",), "no account is configured", 'begin with [accounts.work] and provider = "..."')
        return ()
    installed = plugins.installed()
    accounts = (_read(("accounts", name), table, installed, converter, findings) for name, table in tables.items())
    return tuple(account for account in accounts if account is not None)


def _read(
    path: tuple[str, str],
    table: object,
    installed: Mapping[str, "EntryPoint"],
    converter: Converter,
    findings: Findings,
) -> Account | None:
    name = path[1]
    if not _NAME.fullmatch(name):
        findings.add(path, "not a name for an account", "use small letters, digits, - and _ only")
    if not isinstance(table, dict):
        findings.add(path, "must be a table", f"begin it with [accounts.{name}]")
        return None
    plugin = _plugin(path, table, installed, findings)
    if plugin is None:
        return None
    keys = {key: value for key, value in table.items() if key != "provider"}
    settings = converter.struct(path, keys, plugin.settings)
    return Account(name, plugin, settings) if settings is not None else None


def _plugin(
    path: KeyPath, table: dict[str, object], installed: Mapping[str, "EntryPoint"], findings: Findings
) -> ProviderPlugin | None:
    name = table.get("provider")
    if name is None:
        findings.add(path, "the key `provider` is missing", f"one of: {', '.join(sorted(installed))}")
    elif not isinstance(name, str) or name not in installed:
        findings.add((*path, "provider"), f"no such provider: {name}", suggestion(str(name), installed))
    else:
        try:
            return plugins.load(installed[name])
        except plugins.PluginError as error:
            findings.add((*path, "provider"), str(error))
    return None
