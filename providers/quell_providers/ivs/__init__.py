"""Amazon IVS Chat: rooms and deletions over its control plane, live events over its messaging socket, history from
the CloudWatch log a room may keep."""

from msgspec import Struct

from quell_providers.ivs.settings import IvsSettings
from quell_providers.provider import Provider, ProviderPlugin


def _open(settings: Struct) -> Provider:
    from quell_providers.ivs.provider import IvsProvider

    if not isinstance(settings, IvsSettings):
        raise TypeError(f"expected IvsSettings, got {type(settings).__name__}")
    return IvsProvider(settings)


plugin = ProviderPlugin(name="ivs", title="Amazon IVS Chat", settings=IvsSettings, open=_open)
