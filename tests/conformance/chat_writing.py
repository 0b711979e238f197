"""What the vendor's own end-to-end cases are set up with: rooms, messages, settings and grants made over REST."""

import json
from collections.abc import Awaitable

from tests.conformance.cases import Report, Table, expect, play, require
from tests.conformance.chat_stage import Chat, chat_stage

CASES: Table[Chat, Awaitable[None]] = Table()
case = CASES.case


@case("10-01", "channels.create, chat.postMessage, chat.sendMessage, chat.update: as the vendor has it")
async def write(chat: Chat) -> None:
    channel = (await chat.post("channels.create", {"name": "made-here"})).expect(200, success=True)["channel"]
    posted = (await chat.post("chat.postMessage", {"roomId": channel["_id"], "text": "one"})).expect(200, success=True)
    require(isinstance(posted["ts"], int), f"ts {posted['ts']!r} of chat.postMessage is not a number of ms")
    message = {"rid": channel["_id"], "msg": "two", "tmid": posted["message"]["_id"]}
    sent = (await chat.post("chat.sendMessage", {"message": message})).expect(200, success=True)["message"]
    expect((sent["msg"], sent["tmid"]), ("two", posted["message"]["_id"]), "text and thread")
    body = {"roomId": channel["_id"], "msgId": sent["_id"], "text": "three"}
    updated = (await chat.post("chat.update", body)).expect(200, success=True)["message"]
    expect((updated["_id"], updated["msg"]), (sent["_id"], "three"), "the message")
    require("editedAt" in updated, "the message has no editedAt")


@case("10-02", "login, users.create: somebody new can log in and be refused")
async def somebody_new(chat: Chat) -> None:
    body = {"name": "New", "username": "new.one", "email": "new.one@example.org", "password": "a-password-of-16"}
    user = (await chat.post("users.create", body)).expect(200, success=True)["user"]
    login = {"user": "new.one", "password": "a-password-of-16"}
    expect((await chat.post("login", login, None)).expect(200)["data"]["userId"], user["_id"], "the user's id")


@case("10-03", "settings/:id, permissions.update: change the rules while the server runs")
async def rules(chat: Chat) -> None:
    author = chat.someone()
    place = chat.room(author)
    body = {"roomId": place.id, "msgId": chat.say(place, author).id}
    (await chat.post("settings/Message_AllowDeleting", {"value": False})).expect(200, success=True)
    (await chat.post("chat.delete", body, author.username)).expect(400, errorType="error-action-not-allowed")
    (await chat.post("settings/Message_AllowDeleting", {"value": True})).expect(200, success=True)
    without = {"permissions": [{"_id": "delete-own-message", "roles": ["admin"]}]}
    (await chat.post("permissions.update", without)).expect(200, success=True)
    (await chat.post("chat.delete", body, author.username)).expect(400, errorType="error-action-not-allowed")
    with_it = {"permissions": [{"_id": "delete-own-message", "roles": ["admin", "user"]}]}
    (await chat.post("permissions.update", with_it)).expect(200, success=True)
    (await chat.post("chat.delete", body, author.username)).expect(200, success=True)


@case("10-04", "method.call: the frame as text, a refusal in it with HTTP 400")
async def method_call(chat: Chat) -> None:
    answers = []
    for method, status in (("rooms/get", 200), ("noSuchMethod", 400)):
        frame = json.dumps({"msg": "method", "id": "7", "method": method, "params": []})
        path = f"method.call/{method.replace('/', ':')}"
        reply = await chat.send("POST", path, chat.headers("admin"), json={"message": frame})
        answers.append(json.loads(reply.expect(status, success=status == 200)["message"]))
    done, refused = answers
    expect((done["msg"], done["id"], set(done)), ("result", "7", {"msg", "id", "result"}), "the frame")
    expect((refused["id"], refused["error"]["error"]), ("7", 404), "the refusal")


async def run(report: Report) -> None:
    """Play every case of writing."""
    async with chat_stage() as chat:
        await play(report, CASES.cases, chat)
