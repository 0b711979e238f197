"""Logging in, and who one is: `login`, `me`."""

from quell_providers.sandbox.rocketchat.accounts import Login
from quell_providers.sandbox.rocketchat.documents import profile
from quell_providers.sandbox.rocketchat.errors import AnswerError, MeteorError
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.wire import Document


def _login(call: Call) -> Document:
    """`POST login` with `{resume}` or `{user | username, password}`."""
    try:
        login = _log_in(call)
    except MeteorError as error:
        # Before version 9 the answer has the error's own code and sentence, but hides that a user does not exist.
        unknown = error.reason == "User not found"
        told: Document = {
            "error": "Unauthorized" if unknown else error.code,
            "message": "Unauthorized" if unknown else error.reason,
        }
        raise AnswerError(401, {"status": "error", **told}) from error
    me = profile(call.workspace.world.people[login.user_id], call.base_url)
    return {"status": "success", "data": {"userId": login.user_id, "authToken": login.auth_token, "me": me}}


def _log_in(call: Call) -> Login:
    accounts = call.workspace.accounts
    if "resume" in call.params:
        return accounts.resume(call.params["resume"])
    username = call.params.get("user", call.params.get("username"))
    return accounts.log_in_with_password(username, call.params.get("password"))


def _me(call: Call) -> Document:
    return profile(call.person, call.base_url)


ROUTES = (
    Route("POST", "/api/v1/login", _login, login=False),
    Route("GET", "/api/v1/me", _me),
)
