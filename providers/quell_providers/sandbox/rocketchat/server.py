"""What the server says of itself: `info`, `permissions.listAll`, `settings.public`."""

from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.shapes import Shape, number, text
from quell_providers.sandbox.rocketchat.wire import Document, instant

VERSION = "8.8.1"


def _info(call: Call) -> Document:
    """The version, without its last part for people who may not see statistics."""
    clients = {"desktop": "3.9.6", "mobile": "4.39.0"}
    if call.caller is not None and call.workspace.permissions.has(call.caller, "view-statistics"):
        return {"version": VERSION, "info": {"version": VERSION}, "minimumClientVersions": clients}
    return {"version": VERSION.rpartition(".")[0], "minimumClientVersions": clients}


def _permissions(call: Call) -> Document:
    grants = call.workspace.permissions.grants
    now = instant(call.workspace.world.clock.now())
    update = [{"_id": name, "roles": sorted(roles), "_updatedAt": now} for name, roles in sorted(grants.items())]
    return {"update": update, "remove": []}


def _settings(call: Call) -> Document:
    """The public settings, or those named in `_id`, a list with commas."""
    names = str(call.params.get("_id", ""))
    wanted = {name.strip() for name in names.split(",")} if names else None
    found: list[Document] = [
        {"_id": name, "value": value, "enterprise": False}
        for name, value in sorted(call.workspace.world.settings.items())
        if wanted is None or name in wanted
    ]
    return {"settings": found, "count": len(found), "offset": 0, "total": len(found)}


ROUTES = (
    Route("GET", "/api/info", _info, login=False, limited=False),
    Route("GET", "/api/v1/info", _info, login=False),
    Route("GET", "/api/v1/permissions.listAll", _permissions, Shape({"updatedSince": text})),
    Route(
        "GET",
        "/api/v1/settings.public",
        _settings,
        Shape({"_id": text, "count": number, "offset": number, "sort": text, "query": text}),
        login=False,
    ),
)
