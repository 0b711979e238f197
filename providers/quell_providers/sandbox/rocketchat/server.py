"""What the server says of itself: `info`, `permissions.*`, `settings.*`."""

import json

from quell_providers.sandbox.rocketchat.documents import permission
from quell_providers.sandbox.rocketchat.errors import MeteorError, failure
from quell_providers.sandbox.rocketchat.paging import PAGE, page
from quell_providers.sandbox.rocketchat.permissions import ROLES
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.settings import SETTINGS
from quell_providers.sandbox.rocketchat.shapes import Shape
from quell_providers.sandbox.rocketchat.values import boolean, listing, nullable, text
from quell_providers.sandbox.rocketchat.versions import Feature, Version
from quell_providers.sandbox.rocketchat.wire import Document, parse_time

_CLIENTS = {"desktop": "3.9.6", "mobile": "4.39.0"}


def routes(version: Version) -> tuple[Route, ...]:
    """The routes as this version has them."""
    by_id = {"_id": text} if version.has(Feature.SETTINGS_BY_ID) else {}
    settings = Shape({**by_id, **PAGE, "query": text, "fields": text})
    return (*_ROUTES, Route("GET", "/api/v1/settings.public", _public_settings, settings, login=False))


def _info(call: Call) -> Document:
    """The version, without its last part for people who may not see statistics."""
    version = call.workspace.version
    if call.caller is not None and call.workspace.permissions.has(call.caller, "view-statistics"):
        return {"version": version.full, "info": {"version": version.full}, "minimumClientVersions": _CLIENTS}
    return {"version": version.short, "minimumClientVersions": _CLIENTS}


def _permissions(call: Call) -> Document:
    """`GET permissions.listAll`. Permissions bear no time of their last change here, so all are always listed."""
    since = call.params.get("updatedSince")
    if since:
        try:
            parse_time(str(since))
        except ValueError:
            raise MeteorError(
                "error-roomId-param-invalid", 'The "updatedSince" query parameter must be a valid date.'
            ) from None
    return {"update": _all_permissions(call), "remove": []}


def _update_permissions(call: Call) -> Document:
    """`POST permissions.update` with `{permissions: [{_id, roles}]}`."""
    wanted = call.params["permissions"]
    assert isinstance(wanted, list)
    if any(entry["_id"] not in call.workspace.permissions.grants for entry in wanted):
        raise failure("Invalid permission", "error-invalid-permission")
    if any(role not in ROLES for entry in wanted for role in entry["roles"]):
        raise failure("Invalid role", "error-invalid-role")
    for entry in wanted:
        call.workspace.permissions.change(entry["_id"], entry["roles"])
    return {"permissions": _all_permissions(call)}


def _all_permissions(call: Call) -> list[Document]:
    return [permission(call.workspace, name) for name in sorted(call.workspace.permissions.grants)]


def _public_settings(call: Call) -> Document:
    """`GET settings.public`: all of them, or those named in `_id`, a list with commas."""
    wanted = _wanted(call)
    found = [entry for entry in call.workspace.settings.public().items() if wanted is None or entry[0] in wanted]
    return page(call, "settings", found, lambda entry: {"_id": entry[0], "value": entry[1], "enterprise": False})


def _wanted(call: Call) -> set[str] | None:
    """The settings asked for by name: with `_id`, or before version 7 with `query`."""
    if call.params.get("_id"):
        return {name.strip() for name in str(call.params["_id"]).split(",")}
    if not call.params.get("query") or not call.workspace.version.has(Feature.QUERY_PARAMETER):
        return None
    try:
        condition = json.loads(str(call.params["query"])).get("_id")
    except (ValueError, AttributeError):
        raise MeteorError(
            "error-invalid-query", f'Invalid query parameter provided: "{call.params["query"]}"'
        ) from None
    if isinstance(condition, dict):
        return {str(name) for name in condition.get("$in", ())}
    return None if condition is None else {str(condition)}


def _setting(call: Call) -> Document:
    """`GET settings/:id`."""
    name = _setting_name(call)
    return {"_id": name, "value": call.workspace.settings.value(name)}


def _change_setting(call: Call) -> Document:
    """`POST settings/:id` with `{value}`."""
    name = _setting_name(call)
    if "value" not in call.params:
        raise failure()
    call.workspace.settings.change(name, call.params["value"])
    return {}


def _setting_name(call: Call) -> str:
    name = call.path["name"]
    if name not in call.workspace.world.settings and name not in SETTINGS:
        raise failure()
    return name


_PERMISSION = Shape({"_id": text, "roles": listing(text)}, ("_id", "roles"))
_CHANGE = Shape({"execute": boolean, "editor": text}, open=True)

_ROUTES = (
    Route("GET", "/api/info", _info, login=False, limited=False),
    Route("GET", "/api/v1/info", _info, login=False),
    Route("GET", "/api/v1/permissions.listAll", _permissions, Shape({"updatedSince": nullable(text)})),
    Route(
        "POST",
        "/api/v1/permissions.update",
        _update_permissions,
        Shape({"permissions": listing(_PERMISSION)}, ("permissions",)),
        permissions=("access-permissions",),
    ),
    Route("GET", "/api/v1/settings/{name}", _setting, permissions=("view-privileged-setting",)),
    Route(
        "POST",
        "/api/v1/settings/{name}",
        _change_setting,
        _CHANGE,
        permissions=("edit-privileged-setting",),
        two_factor=True,
    ),
)
