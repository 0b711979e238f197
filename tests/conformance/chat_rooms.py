"""Rooms and their messages: the vendor's own end-to-end cases, and what a moderation client reads."""

from collections.abc import Awaitable
from datetime import UTC, datetime

from quell_providers.sandbox.world import Place
from tests.conformance.cases import Report, Table, expect, play, require
from tests.conformance.chat_stage import Chat, Reply, chat_stage

CASES: Table[Chat, Awaitable[None]] = Table()
case = CASES.case

_EVER = {"oldest": "2016-01-01T00:00:00.000Z", "latest": "2099-01-01T00:00:00.000Z"}


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def _clean(chat: Chat, place: Place, who: str = "admin", /, **more: object) -> Reply:
    return await chat.post("rooms.cleanHistory", {"roomId": place.id, **_EVER, **more}, who)


@case("C1", "rooms.cleanHistory: in a public, a private and a direct room")
async def clean_every_kind(chat: Chat) -> None:
    for kind in ("c", "p", "d"):
        place = chat.room(chat.someone(), kind=kind)
        chat.say(place)
        body = (await _clean(chat, place)).expect(200, success=True, _id=place.id)
        expect(body["count"], 1, f"count in a room of type {kind}")


@case("C2", "rooms.cleanHistory: placeholders of deleted messages are not counted, with and without a limit")
async def clean_placeholders(chat: Chat) -> None:
    with chat.settings(Message_ShowDeletedStatus=True):
        no_limit: dict[str, object] = {}
        for more in (no_limit, {"limit": 2000}):
            place = chat.room()
            post = chat.say(place)
            (await chat.post("chat.delete", {"roomId": place.id, "msgId": post.id})).expect(200)
            (await _clean(chat, place, **more)).expect(200, success=True, count=0)


@case("C3", "rooms.cleanHistory: not for a plain user")
async def clean_without_permission(chat: Chat) -> None:
    person = chat.someone()
    reply = await _clean(chat, chat.room(person), person.username)
    reply.expect(400, success=False, errorType="error-not-allowed", error="Not allowed [error-not-allowed]")


@case("C4", "rooms.cleanHistory: permitted, but not in the private room")
async def clean_without_access(chat: Chat) -> None:
    person = chat.someone()
    with chat.granted("clean-channel-history", "user"):
        reply = await _clean(chat, chat.room(kind="p"), person.username)
    error = "User does not have access to the room [error-not-allowed]"
    reply.expect(400, success=False, error=error, errorType="error-not-allowed")


@case("C5", "rooms.cleanHistory: filesOnly keeps messages and quotes, drops files")
async def clean_files(chat: Chat) -> None:
    place = chat.room()
    quote = {"text": "as somebody said", "author_name": "somebody", "message_link": "/channel/general?msg=x"}
    with_file = chat.say(place, text="look", files=("cat.png",))
    with_quote = chat.say(place, text="yes", attachments=(quote,))
    (await _clean(chat, place, filesOnly=True)).expect(200, success=True)
    messages = (await chat.get("channels.messages", roomId=place.id)).expect(200)["messages"]
    by_id = {message["_id"]: message for message in messages}
    expect(set(by_id), {with_file.id, with_quote.id}, "the messages")
    attachments = by_id[with_file.id].get("attachments", [])
    require(not any(one.get("type") == "file" for one in attachments), f"there still is a file in {attachments}")
    expect([one["text"] for one in by_id[with_quote.id]["attachments"]], [quote["text"]], "the quote")


@case("I1", "rooms.info: by id and by name")
async def info(chat: Chat) -> None:
    place = chat.room()
    wanted = {"_id", "name", "fname", "t", "msgs", "usersCount", "u", "ts", "ro", "sysMes", "default", "_updatedAt"}
    for params in ({"roomId": place.id}, {"roomName": place.name}):
        room = (await chat.get("rooms.info", **params)).expect(200, success=True)["room"]
        require(wanted <= room.keys(), f"the room lacks {wanted - room.keys()}")
        expect((room["_id"], room["name"], room["t"]), (place.id, place.name, "c"), "the room")


@case("G1", "chat.getDeletedMessages: one after one deletion; with count, with offset")
async def deleted_messages(chat: Chat) -> None:
    place = chat.room()
    since = _iso(chat.stage.clock.now() - 1)
    post = chat.say(place)
    (await chat.post("chat.delete", {"roomId": place.id, "msgId": post.id})).expect(200)
    for params in ({}, {"count": 1}, {"count": 1, "offset": 0}):
        reply = await chat.get("chat.getDeletedMessages", roomId=place.id, since=since, **params)
        expect(reply.expect(200, success=True)["messages"], [{"_id": post.id}], "the messages")


@case("G2", "chat.getDeletedMessages: without a room, without a time, with a time that is none")
async def deleted_messages_refused(chat: Chat) -> None:
    place = chat.room()
    since = _iso(chat.stage.clock.now())
    for params in ({"since": since}, {"roomId": place.id}, {"roomId": place.id, "since": "InvalidaDate"}):
        (await chat.get("chat.getDeletedMessages", **params)).expect(400, success=False)


@case("4-01", "rooms.get, subscriptions.get: the same rooms, every document as the vendor has it")
async def rooms(chat: Chat) -> None:
    for who in ("moderator", "admin"):
        rooms = (await chat.get("rooms.get", who)).expect(200, success=True)["update"]
        subscriptions = (await chat.get("subscriptions.get", who)).expect(200, success=True)["update"]
        expect({one["rid"] for one in subscriptions}, {one["_id"] for one in rooms}, f"the rooms of {who}")


@case("4-02", "channels.list, channels.list.joined, groups.list, im.list: paged, with a total")
async def lists(chat: Chat) -> None:
    for path, name in (
        ("channels.list", "channels"),
        ("channels.list.joined", "channels"),
        ("groups.list", "groups"),
        ("im.list", "ims"),
    ):
        body = (await chat.get(path, "moderator", count=1)).expect(200, success=True, count=1, offset=0)
        expect(len(body[name]), 1, f"rooms on a page of {path}")
        require(body["total"] >= 1, f"total of {path} is {body['total']}")


@case("4-03", "rooms.info, rooms.adminRooms, channels.history: rooms that one may not see")
async def rooms_refused(chat: Chat) -> None:
    who = chat.someone().username
    place = chat.room(kind="p")
    reply = await chat.get("rooms.info", who, roomId=place.id)
    reply.expect(400, success=False, error="not-allowed", errorType="Not Allowed")
    (await chat.get("channels.history", who, roomId=place.id)).expect(400, errorType="error-room-not-found")
    body = (await chat.get("rooms.adminRooms", who)).expect(400, success=False)
    require("error-not-authorized" in str(body), str(body))
    (await chat.get("rooms.adminRooms", count=3)).expect(200, success=True, count=3)


@case("4-04", "sort: a text that is no order is refused")
async def sort_refused(chat: Chat) -> None:
    for sort in ("up", '{"name": 2}'):
        (await chat.get("channels.list", sort=sort)).expect(400, success=False, errorType="error-invalid-sort")
    names = [room["name"] for room in (await chat.get("channels.list", sort='{"name": -1}')).expect(200)["channels"]]
    expect(names, sorted(names, reverse=True), "the order of names")


@case("5-01", "channels.history, groups.history, im.history: newest first, every message as the vendor has it")
async def histories(chat: Chat) -> None:
    for path, kind in (("channels.history", "c"), ("groups.history", "p"), ("im.history", "d")):
        for place in chat.world.places_of("rocketchat"):
            if place.kind != kind or not any(person.username == "moderator" for person in place.members):
                continue
            body = (await chat.get(path, "moderator", roomId=place.id, count=100)).expect(200, success=True)
            times = [message["ts"] for message in body["messages"]]
            expect(times, sorted(times, reverse=True), f"the order in {place.name}")


@case("5-02", "channels.messages: paged, with a total")
async def messages(chat: Chat) -> None:
    place = chat.room()
    for number in range(5):
        chat.say(place, text=f"number {number}")
    body = (await chat.get("channels.messages", roomId=place.id, count=2, offset=1)).expect(200)
    expect((body["count"], body["offset"], body["total"]), (2, 1, 5), "count, offset and total")


@case("5-03", "chat.getMessage: the message; nothing to say of one that is not there")
async def one_message(chat: Chat) -> None:
    post = chat.say(chat.room(), text="it")
    expect((await chat.get("chat.getMessage", msgId=post.id)).expect(200)["message"]["msg"], "it", "the text")
    expect((await chat.get("chat.getMessage", msgId="nosuch")).expect(400), {"success": False}, "the body")


@case("5-04", "chat.syncMessages: what is new and what is gone since then")
async def sync(chat: Chat) -> None:
    place = chat.room()
    old, gone = chat.say(place), chat.say(place)
    chat.stage.clock.advance(1)
    since = _iso(chat.stage.clock.now())
    chat.stage.clock.advance(1)
    new = chat.say(place)
    (await chat.post("chat.delete", {"roomId": place.id, "msgId": gone.id})).expect(200)
    result = (await chat.get("chat.syncMessages", roomId=place.id, lastUpdate=since)).expect(200)["result"]
    expect([message["_id"] for message in result["updated"]], [new.id], f"what is new, beside {old.id}")
    expect([message["_id"] for message in result["deleted"]], [gone.id], "what is gone")


@case("5-05", "chat.syncMessages: by cursor, page by page")
async def sync_by_cursor(chat: Chat) -> None:
    place = chat.room()
    start = int(chat.stage.clock.now() * 1000)
    wanted = []
    for _ in range(5):
        chat.stage.clock.advance(1)
        wanted.append(chat.say(place).id)
    seen: list[str] = []
    cursor: str | None = str(start)
    for _ in range(5):
        params = {"roomId": place.id, "type": "UPDATED", "next": cursor, "count": 2}
        result = (await chat.get("chat.syncMessages", **params)).expect(200)["result"]
        seen += [message["_id"] for message in result["updated"]]
        cursor = result["cursor"]["next"]
        if cursor is None:
            break
    expect(sorted(set(seen)), sorted(wanted), "the messages")


@case("5-06", "chat.syncMessages: its own refusals")
async def sync_refused(chat: Chat) -> None:
    place = chat.room()
    for params, error in (
        ({}, "error-param-required"),
        ({"lastUpdate": "never"}, "error-lastUpdate-param-invalid"),
        ({"type": "UPDATED", "next": "1", "previous": "2"}, "error-cursor-conflict"),
    ):
        (await chat.get("chat.syncMessages", roomId=place.id, **params)).expect(400, success=False, errorType=error)


@case("5-07", "what a deletion leaves, for all four ways of keeping and showing")
async def what_is_left(chat: Chat) -> None:
    for keep, show, status, kind in (
        (False, False, 400, None),
        (False, True, 200, "rm"),
        (True, False, 200, None),
        (True, True, 200, "rm"),
    ):
        place = chat.room()
        post = chat.say(place)
        with chat.settings(Message_KeepHistory=keep, Message_ShowDeletedStatus=show):
            body = {"roomId": place.id, "msgId": post.id}
            (await chat.post("chat.delete", body)).expect(200)
            (await chat.post("chat.delete", body)).expect(status)
        shown = (await chat.get("channels.history", roomId=place.id)).expect(200)["messages"]
        expect([one.get("t") for one in shown], ["rm"] if kind else [], f"the room with keep={keep}, show={show}")


@case("5-08", "a thread's parent always leaves a placeholder")
async def thread_parent(chat: Chat) -> None:
    place = chat.room()
    parent = chat.say(place)
    chat.say(place, thread_id=parent.id)
    (await chat.post("chat.delete", {"roomId": place.id, "msgId": parent.id})).expect(200)
    message = (await chat.get("chat.getMessage", msgId=parent.id)).expect(200)["message"]
    expect((message["t"], message["msg"]), ("rm", ""), "the placeholder")


@case("8-01", "info, me, permissions.listAll, settings.public: what a client looks at beforehand")
async def preflight(chat: Chat) -> None:
    me = (await chat.get("me", "moderator")).expect(200, success=True)
    expect((me["username"], me["roles"]), ("moderator", ["user"]), "me")
    grants = {one["_id"]: one["roles"] for one in (await chat.get("permissions.listAll")).expect(200)["update"]}
    expect(set(grants["delete-message"]), {"admin", "owner", "moderator"}, "who has delete-message")
    name = "Message_AllowDeleting_BlockDeleteInMinutes"
    settings = (await chat.get("settings.public", None, _id=f"{name},Message_KeepHistory")).expect(200)["settings"]
    expect({one["_id"]: one["value"] for one in settings}, {name: 0, "Message_KeepHistory": False}, "the settings")


@case("3-01", "login: by password, by its digest, by token; wrong ones are refused with 401")
async def login(chat: Chat) -> None:
    password = chat.service.password_of("moderator")
    body = (await chat.post("login", {"user": "moderator", "password": password}, None)).expect(200, status="success")
    token = body["data"]["authToken"]
    (await chat.post("login", {"resume": token}, None)).expect(200, status="success")
    for wrong in ({"user": "moderator", "password": "wrong"}, {"user": "nobody", "password": "x"}, {"resume": "x"}):
        (await chat.post("login", wrong, None)).expect(401, success=False, status="error")


async def run(report: Report) -> None:
    """Play every case of rooms and messages."""
    async with chat_stage() as chat:
        await play(report, CASES.cases, chat)
