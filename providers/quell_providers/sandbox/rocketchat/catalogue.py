"""Every REST route of a version."""

from quell_providers.sandbox.rocketchat import (
    auth,
    creation,
    deletion,
    dismissal,
    histories,
    listings,
    members,
    method_call,
    moderation,
    prune,
    rooms,
    sending,
    server,
    sync,
    threads,
    users,
)
from quell_providers.sandbox.rocketchat.rest import Route
from quell_providers.sandbox.rocketchat.versions import Version

_ALIKE = (auth, creation, dismissal, histories, method_call, moderation, prune, rooms, threads, users)
_BY_VERSION = (deletion, listings, members, sending, server, sync)


def routes_of(version: Version) -> tuple[Route, ...]:
    """All routes that a server of this version has, as it has them."""
    alike = [route for module in _ALIKE for route in module.ROUTES]
    return (*alike, *(route for module in _BY_VERSION for route in module.routes(version)))
