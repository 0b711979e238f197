"""Logging in and out, and who one is: `login`, `logout`, `me`."""

from quell_providers.sandbox.rocketchat.accounts import Login, is_unknown_user
from quell_providers.sandbox.rocketchat.documents import profile
from quell_providers.sandbox.rocketchat.errors import AnswerError, MeteorError
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.wire import Document


def _login(call: Call) -> Document:
    """`POST login` with `{resume}`, or `{user | username | email, password}`; `code` where a second factor is due."""
    try:
        login = _log_in(call)
    except MeteorError as error:
        # Before version 9 the answer has the error's own code and sentence, but hides that a user does not exist.
        unknown = is_unknown_user(error)
        told: Document = {
            "error": "Unauthorized" if unknown else error.code,
            "message": "Unauthorized" if unknown else error.reason,
        }
        if error.details is not None:
            told["details"] = error.details
        raise AnswerError(401, {"status": "error", **told}) from error
    me = profile(call.workspace.world.people[login.user_id], call.base_url)
    return {"status": "success", "data": {"userId": login.user_id, "authToken": login.auth_token, "me": me}}


def _log_in(call: Call) -> Login:
    accounts, params = call.workspace.accounts, call.params
    if "resume" in params:
        return accounts.resume(params["resume"])
    user = next((params[key] for key in ("user", "username", "email") if key in params), None)
    if isinstance(user, dict):
        user = user.get("username", user.get("email"))
    code = params.get("code") or call.headers.get("x-2fa-code")
    return accounts.log_in_with_password(user, params.get("password"), code)


def _logout(call: Call) -> Document:
    """`POST logout`: the token of the request is no longer good."""
    call.workspace.accounts.revoke(call.headers["X-Auth-Token"])
    return {"status": "success", "data": {"message": "You've been logged out!"}}


def _me(call: Call) -> Document:
    return profile(call.person, call.base_url)


ROUTES = (
    Route("POST", "/api/v1/login", _login, login=False),
    Route("POST", "/api/v1/logout", _logout),
    Route("GET", "/api/v1/me", _me),
)
