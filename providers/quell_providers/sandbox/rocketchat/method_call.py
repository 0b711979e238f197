"""DDP methods over REST: `method.call/:method`, and `method.callAnon/:method` for those who are not logged in."""

import json
import secrets

from quell_providers.sandbox.rocketchat import frames
from quell_providers.sandbox.rocketchat.errors import AnswerError, MeteorError
from quell_providers.sandbox.rocketchat.methods import Invocation, run
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.shapes import Shape
from quell_providers.sandbox.rocketchat.values import InvalidError, choice, text
from quell_providers.sandbox.rocketchat.wire import Document, from_ejson, to_ejson


def _call(call: Call) -> Document:
    """The body holds a DDP frame as text, and so does the answer. An error is told in that frame, with HTTP 400."""
    frame = _frame(call)
    # The path names it too, but there clients write colons for slashes.
    call_id, name, params = str(frame["id"]), str(frame["method"]), frame["params"]
    try:
        # Every request counts as a connection of its own, so that only the rules for users ever apply.
        call.workspace.ddp_limits.count(name, call.caller.id if call.caller else None, secrets.token_hex(8))
        parsed = [from_ejson(param) for param in params] if isinstance(params, list) else []
        outcome = frames.result(call_id, run(name, Invocation(call.workspace, call.caller, parsed)))[0]
    except MeteorError as error:
        refused = frames.refused_call(call_id, error)[0]
        raise AnswerError(400, {"message": to_ejson(refused)}) from error
    return {"message": to_ejson(outcome)}


def _frame(call: Call) -> Document:
    try:
        frame = _FRAME(json.loads(str(call.params["message"])))
    except ValueError:
        raise MeteorError("invalid-params", "must be object") from None
    except InvalidError as invalid:
        raise MeteorError("invalid-params", str(invalid)) from None
    return frame


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise InvalidError("must be array")
    return value


_FRAME = Shape(
    {"method": text, "params": _list, "id": text, "msg": choice("method")}, ("method", "params", "id", "msg")
)
_BODY = Shape({"message": text}, ("message",))

ROUTES = (
    Route("POST", "/api/v1/method.call/{method:.+}", _call, _BODY, limited=False),
    Route("POST", "/api/v1/method.callAnon/{method:.+}", _call, _BODY, login=False, limited=False),
)
