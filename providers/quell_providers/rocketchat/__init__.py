"""Rocket.Chat: REST for asking and deleting, one realtime (DDP) socket for what happens."""

from msgspec import Struct

from quell_providers.provider import Provider, ProviderPlugin
from quell_providers.rocketchat.settings import RocketChatSettings

__all__ = ["RocketChatSettings", "plugin"]


def _open(settings: Struct) -> Provider:
    from quell_providers.rocketchat.provider import RocketChatProvider

    assert isinstance(settings, RocketChatSettings)
    return RocketChatProvider(settings)


plugin = ProviderPlugin(name="rocketchat", title="Rocket.Chat", settings=RocketChatSettings, open=_open)
