"""What differs between versions of Rocket.Chat, and a server that is not at the root of its host."""

import json
from collections.abc import Awaitable

from tests.conformance.cases import Report, Table, expect, play, require
from tests.conformance.chat_stage import Chat, Reply, chat_stage

CASES: Table[None, Awaitable[None]] = Table()
case = CASES.case


async def _post(chat: Chat, path: str, body: object, who: str = "admin") -> Reply:
    """A call that is not judged: the schemas at hand are of the newest version."""
    return await chat.send("POST", path, chat.headers(who), json=body)


@case("11-01", "api/info: the version that is played, without its last part")
async def version(_: None) -> None:
    for played in ("6.13", "7.13", "8.8"):
        async with chat_stage(version=played) as chat:
            reply = await chat.send("GET", "info", {})
            expect(reply.body["version"], played, "version")


@case("11-02", "chat.delete by fileId: not before 8.6")
async def by_file(_: None) -> None:
    async with chat_stage(version="7") as chat:
        reply = await _post(chat, "chat.delete", {"fileId": "x"})
        reply.expect(400, success=False, errorType="invalid-params")


@case("11-03", "limit before validation in 7.x: an invalid body uses a call up")
async def limit_first(_: None) -> None:
    async with chat_stage(version="7", limit=(1, 60.0)) as chat:
        who = chat.someone().username
        (await _post(chat, "chat.delete", {}, who)).expect(400)
        (await _post(chat, "chat.delete", {}, who)).expect(429)


@case("11-04", "deleteMessage over DDP: in 6.x, not in 7.x")
async def ddp_delete(_: None) -> None:
    for played, status in (("6", 200), ("7", 400)):
        async with chat_stage(version=played) as chat:
            post = chat.say(chat.room())
            frame = {"msg": "method", "id": "1", "method": "deleteMessage", "params": [{"_id": post.id}]}
            reply = await _post(chat, "method.call/deleteMessage", {"message": json.dumps(frame)})
            message = json.loads(reply.expect(status)["message"])
            expect(post.deleted_at is not None, status == 200, f"whether {played} deleted it")
            if status == 400:
                expect(message["error"]["message"], "Method 'deleteMessage' not found [404]", "the refusal")


@case("11-05", "chat.delete without access to the room: allowed in 6.x")
async def no_access_check(_: None) -> None:
    async with chat_stage(version="6") as chat:
        author = chat.someone()
        place = chat.room(author, kind="p")
        post = chat.say(place, author)
        place.members.remove(author)
        (await _post(chat, "chat.delete", {"roomId": place.id, "msgId": post.id}, author.username)).expect(200)


@case("11-06", "settings.public by _id: not in 6.x")
async def settings_by_id(_: None) -> None:
    async with chat_stage(version="6") as chat:
        reply = await chat.send("GET", "settings.public", {}, params={"_id": "Message_KeepHistory"})
        require(reply.status == 400 or len(reply.body["settings"]) > 1, "6.x took _id into account")


@case("11-07", "rooms.banUser, chat.syncMessages by cursor: not in 6.x")
async def newer_routes(_: None) -> None:
    async with chat_stage(version="6") as chat:
        place = chat.room()
        expect(await chat.status("POST", "rooms.banUser"), 404, "the status of rooms.banUser")
        params = {"roomId": place.id, "type": "UPDATED", "next": "1"}
        (await chat.send("GET", "chat.syncMessages", chat.headers("admin"), params=params)).expect(400)


@case("path-01", "a server under a path of its host")
async def under_a_path(_: None) -> None:
    async with chat_stage(path="/chat") as chat:
        require(chat.service.url.endswith("/chat"), f"its address is {chat.service.url}")
        (await chat.send("GET", "me", chat.headers("admin"))).expect(200, success=True)


async def run(report: Report) -> None:
    """Play every case of versions."""
    await play(report, CASES.cases, None)
