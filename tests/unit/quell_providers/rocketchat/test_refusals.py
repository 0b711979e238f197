import json
from typing import Any

import pytest

from quell_providers.refusal import Refusal, RefusalKind
from quell_providers.rocketchat import refusals, wire
from quell_providers.rocketchat.refusal_table import RULES

K = RefusalKind
SLOW_DOWN = "Error, too many requests. Please slow down. You must wait 37 seconds before trying"


def explained(status: int, body: dict[str, Any]) -> Refusal:
    code, text = refusals.words(wire.read(json.dumps(body).encode(), wire.Body))
    return refusals.explain(status, code, text, retry_after=37.0)


def failure(error: str, error_type: str | None = None) -> dict[str, Any]:
    return {"success": False, "error": error} | ({} if error_type is None else {"errorType": error_type})


LOGGED_OUT = "You must be logged in to do this."
AS_USER = 'Unauthorized. You must have the permission "force-delete-message" to delete other\'s message as them.'

REST: list[tuple[int, dict[str, Any], RefusalKind, str]] = [
    # chat.delete
    (401, {"success": False, "error": LOGGED_OUT, "status": "error", "message": LOGGED_OUT}, K.LOGIN, "revoked"),
    (401, {"status": "error", "message": LOGGED_OUT}, K.LOGIN, "revoked"),
    (400, failure("must have required property 'msgId' [invalid-params]", "invalid-params"), K.INVALID, "understand"),
    (
        400,
        failure("must have required property 'msgId'\n must match a schema in anyOf", "invalid-params"),
        K.INVALID,
        "",
    ),
    (400, failure("must NOT have additional properties", "invalid-params"), K.INVALID, "understand"),
    (400, failure("must be string", "error-invalid-params"), K.INVALID, "understand"),
    (400, failure('No message found with the id of "X".'), K.NOT_FOUND, "no such message any more"),
    (400, failure('No message found with the file id: "X".'), K.NOT_FOUND, "no such message any more"),
    (400, failure("The room id provided does not match where the message is from."), K.INVALID, "another room"),
    (400, failure(AS_USER), K.PERMISSION, "in the name of other people"),
    (400, failure("User not found"), K.INVALID, "does not exist any more"),
    (400, failure("Not allowed [error-action-not-allowed]", "error-action-not-allowed"), K.PERMISSION, "too old"),
    (400, failure("You can't delete messages because the room is readonly."), K.READ_ONLY, "read-only"),
    (
        400,
        failure(
            "A Rocket.Chat App prevented the message deleting. [error-app-prevented-deleting]",
            "error-app-prevented-deleting",
        ),
        K.VETOED,
        "app",
    ),
    (400, failure("Cannot delete message of a federated room"), K.VETOED, "federat"),
    (429, failure(f"{SLOW_DOWN} this endpoint again. [error-too-many-requests]"), K.THROTTLED, "no more calls"),
    (
        400,
        failure(f"{SLOW_DOWN} this endpoint again. [error-too-many-requests]", "error-too-many-requests"),
        K.THROTTLED,
        "no more calls",
    ),
    (400, failure("No username [error-unauthorized]", "error-unauthorized"), K.PERMISSION, "role"),
    (500, failure("Internal server error"), K.UNAVAILABLE, "failed"),
    (502, {}, K.UNAVAILABLE, "failed"),
    # methods called over REST, and the limits of the realtime API
    (400, failure(f"{SLOW_DOWN} again. [too-many-requests]", "too-many-requests"), K.THROTTLED, "no more calls"),
    (400, failure(f"{SLOW_DOWN} again."), K.THROTTLED, "no more calls"),
    (400, failure("Method 'deleteMessage' not found [404]"), K.INVALID, "does not have this function"),
    # logging in
    (401, {"status": "error", "error": "Unauthorized", "message": "Unauthorized"}, K.LOGIN, "revoked"),
    (401, {"success": False, "error": 403, "message": "User has been logged out"}, K.LOGIN, "revoked"),
    (
        401,
        {"status": "error", "error": "totp-required", "message": "TOTP Required", "details": {"method": "totp"}},
        K.LOGIN,
        "second factor",
    ),
    (400, failure("TOTP Required [totp-required]", "totp-required"), K.LOGIN, "second factor"),
    (400, failure("TOTP Invalid [totp-invalid]", "totp-invalid"), K.LOGIN, "second factor"),
    (400, failure("TOTP Maximun Failed Attempts Reached [x]", "totp-max-attempts"), K.LOGIN, "second factor"),
    # reading
    (403, failure("unauthorized"), K.PERMISSION, "no access"),
    (
        403,
        failure("User does not have the permissions required for this action [error-unauthorized]"),
        K.PERMISSION,
        "role",
    ),
    (400, failure("not-allowed", "Not Allowed"), K.PERMISSION, "no access"),
    (400, failure("error-not-authorized"), K.PERMISSION, "no access"),
    (
        400,
        failure("The room does not exist [error-room-not-found]", "error-room-not-found"),
        K.NOT_FOUND,
        "no such room",
    ),
    (400, failure("x [error-param-required]", "error-param-required"), K.INVALID, "understand"),
    (400, failure("x", "error-lastUpdate-param-invalid"), K.INVALID, "understand"),
    (400, failure("x [error-type-param-not-supported]", "error-type-param-not-supported"), K.INVALID, "understand"),
    (400, failure("x [error-cursor-conflict]", "error-cursor-conflict"), K.INVALID, "understand"),
    (400, failure("Invalid sort [error-invalid-sort]", "error-invalid-sort"), K.INVALID, "understand"),
    (400, failure('The required "roomId" query param is missing.'), K.INVALID, "understand"),
    (400, failure('The "since" query parameter must be a valid date.'), K.INVALID, "understand"),
    (400, failure("x [error-invalid-room]", "error-invalid-room"), K.NOT_FOUND, "no such room"),
    (400, {"success": False}, K.INVALID, "does not know"),
    # clearing a room
    (400, failure("Not allowed [error-not-allowed]", "error-not-allowed"), K.PERMISSION, "in this room"),
    (
        400,
        failure("User does not have access to the room [error-not-allowed]", "error-not-allowed"),
        K.PERMISSION,
        "no access",
    ),
    (400, failure("x [error-room-archived]", "error-room-archived"), K.PERMISSION, "archived"),
    # reports
    (400, failure("No reported messages found for this user."), K.NOT_FOUND, "no such report"),
    (400, failure("error-report-not-found"), K.NOT_FOUND, "no such report"),
    (400, failure("no-reports-found"), K.NOT_FOUND, "no such report"),
    (400, failure("must match exactly one schema in oneOf [invalid-params]", "invalid-params"), K.INVALID, ""),
    (400, failure("error-user-id-param-not-provided"), K.INVALID, "understand"),
    (400, failure("Invalid user id provided."), K.NOT_FOUND, "person does not exist"),
    (400, failure("error-invalid-description"), K.INVALID, "understand"),
    (400, failure("error-invalid-message_id"), K.NOT_FOUND, "no such message"),
    (400, failure("error-invalid-user"), K.NOT_FOUND, "person does not exist"),
    # people
    (400, failure("x [error-invalid-room-type]", "error-invalid-room-type"), K.INVALID, "of this type"),
    (400, failure("x [error-user-not-in-room]", "error-user-not-in-room"), K.NOT_FOUND, "not in the room"),
    (400, failure("Not allowed"), K.PERMISSION, "in this room"),
    (400, failure("User is not in this room"), K.NOT_FOUND, "not in the room"),
    (400, failure("User is already banned from this room"), K.INVALID, "banned"),
    (400, failure("x [error-you-are-last-owner]", "error-you-are-last-owner"), K.INVALID, "last owner"),
    (400, failure("You are the last owner. Please set new owner before leaving the room."), K.INVALID, "last owner"),
    # something else than a Rocket.Chat server answers
    (301, {}, K.INVALID, "another address"),
    (404, {}, K.INVALID, "no Rocket.Chat API"),
    (418, failure("I am a teapot", "error-teapot"), K.INVALID, "does not know"),
]


@pytest.mark.parametrize(("status", "body", "kind", "cause"), REST)
def test_rest(status: int, body: dict[str, Any], kind: RefusalKind, cause: str) -> None:
    refusal = explained(status, body)
    assert refusal.kind is kind
    assert cause in refusal.cause
    assert refusal.retry_after == (37.0 if kind is K.THROTTLED else None)


@pytest.mark.parametrize(("status", "body", "kind", "cause"), REST)
def test_the_servers_words_are_kept(status: int, body: dict[str, Any], kind: RefusalKind, cause: str) -> None:
    said = [text for text in (body.get("error"), body.get("message")) if isinstance(text, str)]
    assert explained(status, body).detail in [*said, ""][: len(said) or 1]


def test_every_row_of_the_table_has_its_test() -> None:
    cases = [(status, *refusals.words(wire.read(json.dumps(body).encode(), wire.Body))) for status, body, *_ in REST]
    used = {next(index for index, rule in enumerate(RULES) if rule.matches(*case)) for case in cases}
    assert [rule for index, rule in enumerate(RULES) if index not in used] == []


def test_a_remedy_wherever_there_is_one() -> None:
    mends_itself = {K.THROTTLED, K.UNAVAILABLE, K.NOT_FOUND, K.INVALID}
    for status, body, kind, _ in REST:
        assert explained(status, body).remedy or kind in mends_itself, body


@pytest.mark.parametrize(
    ("body", "code", "text"),
    [
        (failure("Not allowed [error-x]", "error-x"), "error-x", "Not allowed [error-x]"),
        (
            failure("Slow down [error-too-many-requests]"),
            "error-too-many-requests",
            "Slow down [error-too-many-requests]",
        ),
        ({"error": "totp-required", "message": "TOTP Required"}, "totp-required", "TOTP Required"),
        (failure("not-allowed"), "not-allowed", "not-allowed"),
        (failure('No message found with the id of "X".'), "", 'No message found with the id of "X".'),
        ({"error": {"odd": 1}, "message": 5, "errorType": []}, "", ""),
    ],
)
def test_code_and_text_wherever_they_stand(body: dict[str, Any], code: str, text: str) -> None:
    assert refusals.words(wire.read(json.dumps(body).encode(), wire.Body)) == (code, text)


DDP: list[tuple[dict[str, Any], RefusalKind, str]] = [
    ({"isClientSafe": True, "error": "not-allowed", "message": "[not-allowed]"}, K.PERMISSION, "not-allowed"),
    ({"error": "too-many-requests", "reason": f"{SLOW_DOWN} again."}, K.THROTTLED, "too-many-requests"),
    (
        {"error": 404, "reason": "Subscription 'x' not found", "message": "Subscription 'x' not found [404]"},
        K.INVALID,
        "404",
    ),
    ({"error": "invalid-event-name"}, K.INVALID, "invalid-event-name"),
    ({"error": "error-not-allowed", "reason": "Not allowed"}, K.PERMISSION, "error-not-allowed"),
    ({}, K.INVALID, ""),
]


@pytest.mark.parametrize(("error", "kind", "code"), DDP)
def test_realtime(error: dict[str, Any], kind: RefusalKind, code: str) -> None:
    read = wire.read(json.dumps(error).encode(), wire.DdpError)
    refusal = refusals.explain(0, *refusals.words_of_ddp(read))
    assert (refusal.kind, refusal.code) == (kind, code)


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        ("403", "You've been logged out by the server. Please log in again.", K.LOGIN),
        ("403", "Your session has expired. Please log in again.", K.LOGIN),
        ("totp-required", "TOTP Required", K.LOGIN),
        ("too-many-requests", f"{SLOW_DOWN} again.", K.THROTTLED),
    ],
)
def test_realtime_login(code: str, text: str, kind: RefusalKind) -> None:
    refusal = refusals.login(code, text, 37.0)
    assert (refusal.kind, refusal.code, refusal.detail) == (kind, code, text)
    assert refusal.remedy or kind is K.THROTTLED


def test_message_ids_can_not_forge_a_cause() -> None:
    forged = 'No message found with the id of "too many requests. readonly federat".'
    assert explained(400, failure(forged)).kind is K.NOT_FOUND
