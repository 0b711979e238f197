"""`rocketchat_API`, the Python client of the community.

This module runs in that client's own environment, which has neither the sandbox nor any of Quell's libraries.
"""

import importlib
import json
import sys
from collections.abc import Callable
from typing import Any

from tests.conformance.cases import MismatchError, Table, describe, expect, require

# Not a plain import: where types are checked, the client is not there.
_CLIENT = importlib.import_module("rocketchat_API.rocketchat")
_EXCEPTIONS = importlib.import_module("rocketchat_API.APIExceptions.RocketExceptions")

CASES: Table["Guests", None] = Table()
case = CASES.case

_EVER = ("2099-01-01T00:00:00.000Z", "2016-01-01T00:00:00.000Z")


class Guests:
    """People who use the client, and the wishes that they have for the sandbox."""

    def __init__(self) -> None:
        self._asked = 0

    def ask(self, wish: str, **details: object) -> Any:
        """Have something done to the sandbox."""
        self._asked += 1
        _say({"ask": wish, "id": self._asked, "with": details})
        answer = json.loads(sys.stdin.readline())
        if "error" in answer:
            raise MismatchError(answer["error"])
        return answer["value"]

    def client(self, who: str = "admin") -> Any:
        """The client of somebody, by token."""
        login = self.ask("login", who=who)
        return _CLIENT.RocketChat(
            user_id=login["userId"], auth_token=login["token"], server_url=self.ask("address"), proxies={}
        )


def _refusal(call: Callable[[], object]) -> Any:
    try:
        answer = call()
    except _EXCEPTIONS.RocketApiException as error:
        return error
    raise MismatchError(f"it was not refused but answered {answer!r}")


@case("rc-api-01", "login by password, me, info")
def login(guests: Guests) -> None:
    known = guests.ask("login", who="moderator")
    client = _CLIENT.RocketChat("moderator", known["password"], server_url=guests.ask("address"))
    expect(client.me()["_id"], known["userId"], "_id of me")
    require(client.info()["version"], "info has no version")


@case("rc-api-02", "login by a wrong password: RocketAuthenticationException")
def wrong_login(guests: Guests) -> None:
    address = guests.ask("address")
    try:
        _CLIENT.RocketChat("moderator", "wrong", server_url=address)
    except _EXCEPTIONS.RocketAuthenticationException:
        return
    raise MismatchError("it was not refused")


@case("rc-api-03", "rooms_get, subscriptions_get, rooms_info: the same rooms")
def rooms(guests: Guests) -> None:
    client = guests.client("moderator")
    rooms = client.rooms_get()["update"]
    expect({one["rid"] for one in client.subscriptions_get()["update"]}, {one["_id"] for one in rooms}, "the rooms")
    expect(client.rooms_info(room_id=rooms[0]["_id"])["room"]["_id"], rooms[0]["_id"], "the room")


@case("rc-api-04", "channels_list, channels_list_joined, groups_list, dm_list: every page")
def lists(guests: Guests) -> None:
    client = guests.client("moderator")
    for method in (client.channels_list, client.channels_list_joined, client.groups_list, client.dm_list):
        everything = [one["_id"] for one in method()]
        expect([one["_id"] for one in method(count=1)], everything, f"the pages of {method.__name__}")


@case("rc-api-05", "channels_history: what was written, in every page")
def history(guests: Guests) -> None:
    room = guests.ask("room")
    ids = [guests.ask("say", room=room, text=f"number {number}") for number in range(3)]
    found = list(guests.client().channels_history(room))
    expect([one["_id"] for one in found if one["_id"] in ids], ids[::-1], "the messages")


@case("rc-api-06", "groups_history, dm_history")
def private_histories(guests: Guests) -> None:
    client = guests.client("moderator")
    group, direct = next(iter(client.groups_list())), next(iter(client.dm_list()))
    for found in (client.groups_history(group["_id"]), client.dm_history(direct["_id"])):
        require(list(found), "there are no messages")


@case("rc-api-07", "chat_delete: deletes; again it is refused")
def delete(guests: Guests) -> None:
    room = guests.ask("room")
    message = guests.ask("say", room=room)
    client = guests.client()
    expect(client.chat_delete(room, message)["_id"], message, "_id")
    error = _refusal(lambda: client.chat_delete(room, message))
    text = f'No message found with the id of "{message}".'
    expect((error.status_code, error.error, error.error_type), (400, text, None), "the refusal")


@case("rc-api-08", "chat_delete: a reason is a key too many")
def delete_with_reason(guests: Guests) -> None:
    room = guests.ask("room")
    message = guests.ask("say", room=room)
    error = _refusal(lambda: guests.client().chat_delete(room, message, reason="spam"))
    expect((error.status_code, error.error_type), (400, "invalid-params"), "the refusal")


@case("rc-api-09", "chat_delete: not allowed to the moderator of another room")
def delete_not_allowed(guests: Guests) -> None:
    room = guests.ask("room", member="moderator")
    message = guests.ask("say", room=room)
    error = _refusal(lambda: guests.client("moderator").chat_delete(room, message))
    wanted = (400, "Not allowed [error-action-not-allowed]", "error-action-not-allowed")
    expect((error.status_code, error.error, error.error_type), wanted, "the refusal")


@case("rc-api-10", "chat_delete: a wrong token")
def delete_unknown(guests: Guests) -> None:
    room = guests.ask("room")
    client = _CLIENT.RocketChat(user_id="x", auth_token="x", server_url=guests.ask("address"))
    error = _refusal(lambda: client.chat_delete(room, "x"))
    expect((error.status_code, error.error), (401, "You must be logged in to do this."), "the refusal")


@case("rc-api-11", "chat_get_message, chat_sync_messages, chat_get_deleted_messages")
def messages(guests: Guests) -> None:
    room, client = guests.ask("room"), guests.client()
    since = guests.ask("now")
    kept, gone = guests.ask("say", room=room), guests.ask("say", room=room)
    client.chat_delete(room, gone)
    expect(client.chat_get_message(kept)["message"]["_id"], kept, "the message")
    result = client.chat_sync_messages(room, since)["result"]
    expect([one["_id"] for one in result["updated"]], [kept], "what is new")
    expect([one["_id"] for one in result["deleted"]], [gone], "what is gone")
    expect([one["_id"] for one in client.chat_get_deleted_messages(room, since)], [gone], "what was deleted")


@case("rc-api-12", "chat_get_thread_messages, chat_get_threads_list")
def threads(guests: Guests) -> None:
    room, client = guests.ask("room"), guests.client()
    parent = guests.ask("say", room=room)
    reply = guests.ask("say", room=room, thread_id=parent)
    expect([one["_id"] for one in client.chat_get_thread_messages(parent)], [reply], "the thread")
    expect([one["_id"] for one in client.chat_get_threads_list(room)], [parent], "the threads")


@case("rc-api-13", "moderation: report, look at it, dismiss it")
def moderation(guests: Guests) -> None:
    room, client = guests.ask("room"), guests.client()
    message = guests.ask("say", room=room)
    client.chat_report_message(message, "spam")
    reports = list(client.moderation_reports(message))
    expect([one["description"] for one in reports], ["spam"], "the reports")
    expect(client.moderation_report_info(reports[0]["_id"])["report"]["_id"], reports[0]["_id"], "the report")
    require(message in {one["msgId"] for one in client.moderation_reports_by_users()}, "the message is not listed")
    client.moderation_dismiss_reports(msg_id=message, reason="fine", action="none")
    expect(list(client.moderation_reports(message)), [], "the reports afterwards")


@case("rc-api-14", "moderation: what a plain user may not see")
def moderation_forbidden(guests: Guests) -> None:
    client = guests.client("moderator")
    error = _refusal(lambda: list(client.moderation_reports_by_users()))
    text = "User does not have the permissions required for this action [error-unauthorized]"
    expect((error.status_code, error.error), (403, text), "the refusal")


@case("rc-api-15", "rooms_clean_history: the room is empty")
def clean(guests: Guests) -> None:
    room, client = guests.ask("room"), guests.client()
    guests.ask("say", room=room)
    expect(client.rooms_clean_history(room, *_EVER)["count"], 1, "count")
    expect(list(client.channels_history(room)), [], "the history")


@case("rc-api-16", "permissions_list_all, settings_public: every page")
def preflight(guests: Guests) -> None:
    client = guests.client("moderator")
    require("delete-message" in {one["_id"] for one in client.permissions_list_all()["update"]}, "no delete-message")
    names = [one["_id"] for one in client.settings_public()]
    require("Message_AllowDeleting" in names, "Message_AllowDeleting is not public")
    expect([one["_id"] for one in client.settings_public(count=2)], names, "the pages of settings_public")


def _say(said: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Play every case, and tell each outcome as `child.py` wants it."""
    guests = Guests()
    for one in CASES.cases:
        outcome, detail = "ok", ""
        try:
            one.run(guests)
        except Exception as error:  # noqa: BLE001 - whatever a case raises is its failure, and the next one still runs
            outcome, detail = "FAIL", describe(error)
        _say({"case": one.name, "says": one.says, "outcome": outcome, "detail": detail})


if __name__ == "__main__":
    main()
