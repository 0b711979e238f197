"""People: `users.*`, and the roles they hold in the workspace, `roles.*`."""

from collections.abc import Callable
from functools import partial

from quell_providers.sandbox.rocketchat import announce, membership
from quell_providers.sandbox.rocketchat.documents import public_user, user
from quell_providers.sandbox.rocketchat.errors import MeteorError, failure, not_permitted
from quell_providers.sandbox.rocketchat.paging import PAGE, page
from quell_providers.sandbox.rocketchat.permissions import ROLES
from quell_providers.sandbox.rocketchat.reading import named_person
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.shapes import Shape
from quell_providers.sandbox.rocketchat.values import Check, boolean, flag, listing, mapping, nullable, text
from quell_providers.sandbox.rocketchat.wire import Document, instant
from quell_providers.sandbox.rocketchat.workspace import Workspace
from quell_providers.sandbox.world import Person, Place


def _info(call: Call) -> Document:
    """`GET users.info` by `userId` or `username`."""
    return {"user": public_user(named_person(call))}


def _create(call: Call) -> Document:
    """`POST users.create` with `{email, name, password, username, …}`."""
    workspace, params = call.workspace, call.params
    if not workspace.permissions.has(call.person, "create-user"):
        raise MeteorError("error-action-not-allowed", "Creating users is not allowed")
    username, email = str(params["username"]), str(params["email"])
    if workspace.accounts.named(username) is not None:
        raise MeteorError("error-field-unavailable", f"<strong>{username}</strong> is already in use :(")
    if any(person.email == email for person in workspace.world.people.values()):
        raise MeteorError("error-field-unavailable", f"<strong>{email}</strong> is already in use :(")
    roles = params.get("roles")
    person = Person(
        workspace.world.new_id("rocketchat"),
        username,
        str(params["name"]),
        {str(role) for role in roles} if isinstance(roles, list) else {"user"},
        email=email,
        active=params.get("active") is not False,
        created_at=workspace.world.clock.now(),
    )
    workspace.world.add_person(person)
    workspace.accounts.set_password(person, str(params["password"]))
    if params.get("joinDefaultChannels") is not False:
        for place in (place for place in workspace.world.places_of("rocketchat") if place.name == "general"):
            membership.join(workspace, place, person)
    return {"user": public_user(person)}


def _delete(call: Call) -> Document:
    """`POST users.delete` by `userId` or `username`. Messages stay, signed by somebody who is no longer there."""
    workspace = call.workspace
    if not workspace.permissions.has(call.person, "delete-user"):
        raise not_permitted()
    person = named_person(call)
    for place in workspace.joined(person):
        place.members.remove(person)
        workspace.rows.touch_place(place)
    announce.forced_out(workspace, person)
    workspace.accounts.revoke_all(person)
    del workspace.world.people[person.id]
    return {"deletedRooms": []}


def _set_active(call: Call) -> Document:
    """`POST users.setActiveStatus`: who is no longer active is logged out everywhere."""
    permissions, params = call.workspace.permissions, call.params
    allowed = ("edit-other-user-active-status", "manage-moderation-actions")
    if not any(permissions.has(call.person, permission) for permission in allowed):
        raise not_permitted()
    person = call.workspace.world.people.get(str(params["userId"]))
    if person is None:
        raise MeteorError("error-invalid-user", "Invalid user")
    person.active = params["activeStatus"] is True
    if not person.active:
        announce.forced_out(call.workspace, person)
        call.workspace.accounts.revoke_all(person)
    return {"user": {"_id": person.id, "active": person.active}}


def _generate_token(call: Call) -> Document:
    """`POST users.generatePersonalAccessToken`: shown once, never expires."""
    if not call.workspace.permissions.has(call.person, "create-personal-access-tokens"):
        raise MeteorError("not-authorized", "Not Authorized")
    name = str(call.params["tokenName"])
    skips = call.params.get("bypassTwoFactor") is True
    return {"token": call.workspace.accounts.issue_personal(call.person, name, skips_second_factor=skips)}


def _roles(call: Call) -> Document:
    """`GET roles.list`: every role there is."""
    now = instant(call.workspace.world.clock.now())
    return {
        "roles": [
            {"_id": name, "name": name, "description": "", "scope": scope, "protected": True, "_updatedAt": now}
            for name, scope in ROLES.items()
        ]
    }


def _public_roles(call: Call) -> Document:
    """`GET roles.getUsersInPublicRoles`: who holds a role that is shown beside names."""
    holders = [person for person in call.workspace.world.people.values() if person.roles - {"user"}]
    return {"users": [{**user(person), "roles": sorted(person.roles - {"user"})} for person in holders]}


def _users_in_role(call: Call) -> Document:
    """`GET roles.getUsersInRole` of `role`, with `roomId` where it is held in a room."""
    if not call.workspace.permissions.has(call.person, "access-permissions"):
        raise not_permitted()
    role, place = str(call.params["role"]), call.workspace.place(call.params.get("roomId"))
    if role not in ROLES:
        raise MeteorError("error-invalid-roleId", "Invalid role")
    people = call.workspace.world.people.values()
    holders = [
        person for person in people if role in person.roles or (place and role in place.roles.get(person.id, ()))
    ]
    return page(call, "users", holders, public_user)


def _change_role(change: Callable[[Workspace, Person, str, Place | None], None], call: Call) -> Document:
    """`POST roles.addUserToRole`, `roles.removeUserFromRole` with `username` and `roleId`, or once `roleName`."""
    workspace, params = call.workspace, call.params
    if not workspace.permissions.has(call.person, "access-permissions"):
        raise MeteorError("error-action-not-allowed", "Accessing permissions is not allowed")
    role = str(params.get("roleId") or params.get("roleName") or "")
    if role not in ROLES:
        raise MeteorError("error-invalid-role-properties", "The role properties are invalid.")
    person = workspace.accounts.named(str(params["username"]))
    if person is None:
        raise failure("There is no user with this username")
    place = workspace.place(params.get("roomId") or params.get("scope"))
    change(workspace, person, role, place)
    return {"role": {"_id": role, "name": role, "scope": ROLES[role]}}


_PERSON: dict[str, Check] = {"userId": text, "username": text, "user": text, "includeUserRooms": text, "fields": text}
_NEW_PERSON: dict[str, Check] = {
    "email": text,
    "name": text,
    "password": text,
    "username": text,
    "active": flag,
    "bio": nullable(text),
    "nickname": nullable(text),
    "statusText": nullable(text),
    "roles": listing(text),
    "joinDefaultChannels": flag,
    "requirePasswordChange": flag,
    "setRandomPassword": flag,
    "sendWelcomeEmail": flag,
    "verified": flag,
    "customFields": mapping,
    "fields": nullable(text),
    "freeSwitchExtension": nullable(text),
}
_ROLE: dict[str, Check] = {"username": text, "roleName": text, "roleId": text, "scope": text, "roomId": text}

ROUTES = (
    Route("GET", "/api/v1/users.info", _info, Shape(_PERSON)),
    Route("POST", "/api/v1/users.create", _create, Shape(_NEW_PERSON, ("email", "name", "password", "username"))),
    Route(
        "POST",
        "/api/v1/users.delete",
        _delete,
        Shape({"userId": text, "username": text, "confirmRelinquish": flag}),
    ),
    Route(
        "POST",
        "/api/v1/users.setActiveStatus",
        _set_active,
        Shape({"userId": text, "activeStatus": boolean, "confirmRelinquish": flag}, ("userId", "activeStatus")),
    ),
    Route(
        "POST",
        "/api/v1/users.generatePersonalAccessToken",
        _generate_token,
        Shape({"tokenName": text, "bypassTwoFactor": boolean}, ("tokenName",)),
        two_factor=True,
    ),
    Route("GET", "/api/v1/roles.list", _roles),
    Route("GET", "/api/v1/roles.getUsersInPublicRoles", _public_roles),
    Route(
        "GET",
        "/api/v1/roles.getUsersInRole",
        _users_in_role,
        Shape({"role": text, "roomId": text, **PAGE}, ("role",)),
    ),
    Route(
        "POST",
        "/api/v1/roles.addUserToRole",
        partial(_change_role, membership.give_role),
        Shape(_ROLE, ("username",)),
    ),
    Route(
        "POST",
        "/api/v1/roles.removeUserFromRole",
        partial(_change_role, membership.take_role),
        Shape(_ROLE, ("username",)),
    ),
)
