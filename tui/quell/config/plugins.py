"""The providers that are installed, by name.

`importlib.metadata` takes longer to import than all the rest of the configuration; a console that is being opened does
not wait for it.
"""

from typing import TYPE_CHECKING

from quell_providers.provider import ProviderPlugin

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "quell.providers"


class PluginError(Exception):
    """A provider is installed but can not be used."""


def installed() -> dict[str, "EntryPoint"]:
    """Every provider that registered itself, none of them imported."""
    from importlib.metadata import entry_points

    return {entry.name: entry for entry in entry_points(group=GROUP)}


def load(entry: "EntryPoint") -> ProviderPlugin:
    """Import one provider's description. Raises `PluginError`."""
    try:
        plugin = entry.load()
    except (ImportError, AttributeError) as error:
        raise PluginError(f"the provider {entry.name} can not be loaded: {error}") from error
    if not isinstance(plugin, ProviderPlugin):
        raise PluginError(f"the provider {entry.name} is no provider: {entry.value} must be a ProviderPlugin")
    return plugin
