"""The settings of a workspace that everybody may read: `settings.public`."""

from collections.abc import Set

from quell_providers.rocketchat import rooms, wire
from quell_providers.rocketchat.rest import Rest
from quell_providers.rocketchat.server import SETTINGS_BY_ID, Version

_PAGE = 100
"""The server's own upper limit (`API_Upper_Count_Limit`)."""


async def fetch(rest: Rest, version: Version, wanted: Set[str]) -> dict[str, object]:
    """The values of some settings by name; those that the server does not tell are missing. Raises `RefusedError`.

    Servers that do not give single ones have all of theirs paged through, until a page brings nothing new.
    """
    by_id = {"_id": ",".join(sorted(wanted))} if version >= SETTINGS_BY_ID else {}
    found: dict[str, object] = {}
    offset = 0
    while True:
        params = by_id or {"count": str(_PAGE), "offset": str(offset)}
        page = await rest.get("settings.public", wire.PublicSettings, params)
        before = len(found)
        found |= {entry.id: entry.value for entry in rooms.read_each(page.settings, wire.Setting)}
        offset += len(page.settings)
        is_last = len(found) == before or not isinstance(page.total, int) or offset >= page.total
        if by_id or is_last or found.keys() >= wanted:
            return {name: found[name] for name in wanted & found.keys()}
