"""`chat.delete`: the vendor's own end-to-end cases, and every refusal that the route knows."""

from collections.abc import Awaitable

from quell_providers.sandbox.world import Place, Post
from tests.conformance.cases import LeftOutError, Report, Table, expect, play, require
from tests.conformance.chat_stage import Chat, chat_stage

CASES: Table[Chat, Awaitable[None]] = Table()
case = CASES.case

_NOT_ALLOWED = {"error": "Not allowed [error-action-not-allowed]", "errorType": "error-action-not-allowed"}
_LOGGED_OUT = "You must be logged in to do this."
_TYPED = "must have required property '{}'\n must have required property 'fileId'\n must match a schema in anyOf"


def _named(place: Place, post: Post, **more: object) -> dict[str, object]:
    return {"roomId": place.id, "msgId": post.id, **more}


@case("D1", "chat.delete: without msgId")
async def without_message_id(chat: Chat) -> None:
    (await chat.post("chat.delete", {"roomId": chat.room().id})).expect(400, success=False, errorType="invalid-params")


@case("D2", "chat.delete: without roomId")
async def without_room_id(chat: Chat) -> None:
    post = chat.say(chat.room())
    (await chat.post("chat.delete", {"msgId": post.id})).expect(400, success=False, errorType="invalid-params")


@case("D3", "chat.delete: another room's id")
async def another_room(chat: Chat) -> None:
    post = chat.say(chat.room())
    error = "The room id provided does not match where the message is from."
    reply = await chat.post("chat.delete", {"roomId": "invalid-room", "msgId": post.id})
    expect(reply.expect(400, success=False), {"success": False, "error": error}, "the body")


@case("D4", "chat.delete: an id that no message has")
async def no_such_message(chat: Chat) -> None:
    error = 'No message found with the id of "invalid-id".'
    reply = await chat.post("chat.delete", {"roomId": chat.room().id, "msgId": "invalid-id"})
    expect(reply.expect(400, success=False), {"success": False, "error": error}, "the body")


@case("D5", "chat.delete: one's own message")
async def own_message(chat: Chat) -> None:
    author = chat.someone()
    place = chat.room(author)
    post = chat.say(place, author)
    (await chat.post("chat.delete", _named(place, post), author.username)).expect(200, success=True)


@case("D6", "chat.delete: as the author, with asUser")
async def as_author(chat: Chat) -> None:
    author = chat.someone()
    place = chat.room(author)
    post = chat.say(place, author)
    (await chat.post("chat.delete", _named(place, post, asUser=True))).expect(200, success=True)


@case("D7", "chat.delete: a reply in a thread is unread no more, for author and follower")
async def unread_reply(chat: Chat) -> None:
    author, follower, answerer = chat.someone(), chat.someone(), chat.someone()
    place = chat.room(author, follower, answerer)
    parent = chat.say(place, author)
    reply = chat.say(place, answerer, thread_id=parent.id)
    expect(await _unread_threads(chat, place, author.username), [parent.id], "the author's tunread before")
    (await chat.post("chat.delete", _named(place, reply), answerer.username)).expect(200)
    expect(await _unread_threads(chat, place, author.username), [], "the author's tunread")
    other = chat.say(place, author)
    chat.say(place, follower, "I follow", thread_id=other.id)
    reply = chat.say(place, answerer, thread_id=other.id)
    expect(await _unread_threads(chat, place, follower.username), [other.id], "the follower's tunread before")
    (await chat.post("chat.delete", _named(place, reply), answerer.username)).expect(200)
    expect(await _unread_threads(chat, place, follower.username), [], "the follower's tunread")


async def _unread_threads(chat: Chat, place: Place, who: str) -> object:
    return (await chat.get("subscriptions.getOne", who, roomId=place.id)).expect(200)["subscription"].get("tunread", [])


@case("1.3-01", "200: id, time in ms as text, and the message's id, room and author")
async def success(chat: Chat) -> None:
    place = chat.room()
    post = chat.say(place)
    body = (await chat.post("chat.delete", _named(place, post))).expect(200, _id=post.id, success=True)
    expect(set(body), {"_id", "ts", "message", "success"}, "the members")
    require(isinstance(body["ts"], str) and abs(int(body["ts"]) / 1000 - chat.stage.clock.now()) < 5, str(body["ts"]))
    message = body["message"]
    expect((message["_id"], message["rid"], message["u"]["_id"]), (post.id, place.id, post.author.id), "the message")


@case("1.3-02", "401: no login, another's token, a wrong user id")
async def not_logged_in(chat: Chat) -> None:
    place = chat.room()
    body = _named(place, chat.say(place))
    right = chat.headers("admin")
    for headers in ({}, right | {"X-Auth-Token": "wrong"}, right | {"X-User-Id": chat.someone().id}):
        reply = await chat.send("POST", "chat.delete", headers, json=body)
        wanted = {"success": False, "error": _LOGGED_OUT, "status": "error", "message": _LOGGED_OUT}
        expect((reply.status, reply.body), (401, wanted), "the answer")
        expect(await chat.judge.problems("validateUnauthorizedErrorResponse", reply.body), [], "its problems")


@case("1.3-03", "400 invalid-params in 7.x: the validator's words and the code")
async def invalid_before_8(_other: Chat) -> None:
    async with chat_stage(version="7") as chat:
        reply = await chat.send("POST", "chat.delete", chat.headers("admin"), json={"roomId": chat.room().id})
        error = "must have required property 'msgId' [invalid-params]"
        reply.expect(400, success=False, error=error, errorType="invalid-params")


@case("1.3-04", "400 invalid-params in 8.x: the validator's words without the code")
async def invalid(chat: Chat) -> None:
    place = chat.room()
    for body, missing in (({"roomId": place.id}, "msgId"), ({"msgId": "x"}, "roomId"), ({}, "msgId")):
        (await chat.post("chat.delete", body)).expect(400, errorType="invalid-params", error=_TYPED.format(missing))
    body = {"roomId": place.id, "msgId": "x", "asUser": "yes"}
    (await chat.post("chat.delete", body)).expect(400, errorType="invalid-params", error="must be boolean")


@case("1.3-05", "400 for a key too many, of which a reason is one")
async def extra_key(chat: Chat) -> None:
    place = chat.room()
    reply = await chat.post("chat.delete", _named(place, chat.say(place), reason="spam"))
    reply.expect(400, errorType="invalid-params", error="must NOT have additional properties")


@case("1.3-06", "400 error-invalid-params for a wrong query")
async def wrong_query(chat: Chat) -> None:
    (await chat.get("moderation.reports", msgId="")).expect(400, success=False, errorType="error-invalid-params")


@case("1.3-07", "400 for an empty id: the schema takes it, no message has it")
async def empty_id(chat: Chat) -> None:
    reply = await chat.post("chat.delete", {"roomId": chat.room().id, "msgId": ""})
    reply.expect(400, error='No message found with the id of "".', errorType=None)


@case("1.3-08", "400 for a file that belongs to no message; 200 for one that does")
async def by_file(chat: Chat) -> None:
    reply = await chat.post("chat.delete", {"fileId": "nofile"})
    reply.expect(400, error='No message found with the file id: "nofile".', errorType=None)
    place = chat.room()
    post = chat.say(place, files=("cat.png",))
    file = (await chat.get("chat.getMessage", msgId=post.id)).expect(200)["message"]["files"][0]["_id"]
    (await chat.post("chat.delete", {"fileId": file})).expect(200, _id=post.id)


@case("1.3-09", "400 for asUser without force-delete-message")
async def as_author_without_force(chat: Chat) -> None:
    author, moderator = chat.someone(), chat.someone()
    place = chat.room(author, moderator)
    place.roles[moderator.id] = {"moderator"}
    reply = await chat.post("chat.delete", _named(place, chat.say(place, author), asUser=True), moderator.username)
    error = 'Unauthorized. You must have the permission "force-delete-message" to delete other\'s message as them.'
    expect(reply.expect(400), {"success": False, "error": error}, "the body")


@case("1.3-10", "400 for asUser on a message whose author is no more")
async def as_author_who_left(chat: Chat) -> None:
    author = chat.someone()
    place = chat.room(author)
    post = chat.say(place, author)
    del chat.world.people[author.id]
    (await chat.post("chat.delete", _named(place, post, asUser=True))).expect(400, error="User not found")


@case("1.3-11", "400 not allowed: no permission to delete others' messages")
async def no_permission(chat: Chat) -> None:
    author, other = chat.someone(), chat.someone()
    place = chat.room(author, other)
    reply = await chat.post("chat.delete", _named(place, chat.say(place, author)), other.username)
    expect(reply.expect(400), {"success": False, **_NOT_ALLOWED}, "the body")


@case("1.3-12", "400 not allowed: deletion is disabled; force-delete-message passes")
async def deletion_disabled(chat: Chat) -> None:
    author = chat.someone()
    place = chat.room(author)
    post = chat.say(place, author)
    with chat.settings(Message_AllowDeleting=False):
        (await chat.post("chat.delete", _named(place, post), author.username)).expect(400, **_NOT_ALLOWED)
        (await chat.post("chat.delete", _named(place, post))).expect(200)


@case("1.3-13", "400 not allowed: the time limit has passed, N min 29 s has not")
async def time_limit(chat: Chat) -> None:
    author = chat.someone()
    place = chat.room(author)
    now = chat.stage.clock.now()
    young, old = chat.say(place, author, at=now - 628), chat.say(place, author, at=now - 640)
    with chat.settings(Message_AllowDeleting_BlockDeleteInMinutes=10):
        (await chat.post("chat.delete", _named(place, old), author.username)).expect(400, **_NOT_ALLOWED)
        (await chat.post("chat.delete", _named(place, young), author.username)).expect(200)
        with chat.granted("bypass-time-limit-edit-and-delete", "user"):
            (await chat.post("chat.delete", _named(place, old), author.username)).expect(200)


@case("1.3-14", "400 not allowed in 8.x: no access to the room")
async def no_access(chat: Chat) -> None:
    author = chat.someone()
    place = chat.room(author, kind="p")
    post = chat.say(place, author)
    place.members.remove(author)
    (await chat.post("chat.delete", _named(place, post), author.username)).expect(400, **_NOT_ALLOWED)


@case("1.3-15", "400 in a read-only room; not for those who may write in it")
async def read_only(chat: Chat) -> None:
    author = chat.someone()
    place = chat.room(author, read_only=True)
    post = chat.say(place, author)
    error = "You can't delete messages because the room is readonly."
    reply = await chat.post("chat.delete", _named(place, post), author.username)
    expect(reply.expect(400), {"success": False, "error": error}, "the body")
    place.roles[author.id] = {"moderator"}
    (await chat.post("chat.delete", _named(place, post), author.username)).expect(200)


@case("1.3-16", "200 in a read-only room for the unmuted")
async def unmuted(chat: Chat) -> None:
    author = chat.someone()
    place = chat.room(author, read_only=True, unmuted={author.username})
    (await chat.post("chat.delete", _named(place, chat.say(place, author)), author.username)).expect(200)


@case("1.3-17", "400 error-app-prevented-deleting")
async def vetoed_by_app(chat: Chat) -> None:
    author = chat.someone()
    place = chat.room(author)
    post = chat.say(place, author)
    chat.service.veto_deletion(post.id)
    error = "A Rocket.Chat App prevented the message deleting. [error-app-prevented-deleting]"
    reply = await chat.post("chat.delete", _named(place, post), author.username)
    reply.expect(400, success=False, error=error, errorType="error-app-prevented-deleting")


@case("1.3-18", "federation's refusal")
async def vetoed_by_federation(chat: Chat) -> None:
    raise LeftOutError("the sandbox is not federated, and the real server's words are not known")


@case("1.3-19", "a caller without a username")
async def without_username(chat: Chat) -> None:
    raise LeftOutError("what the real server answers to it is not known")


@case("1.3-20", "500 internal server error")
async def unexpected(chat: Chat) -> None:
    author = chat.someone()
    place = chat.room(author)
    post = chat.say(place, author)
    setting = chat.world.settings.pop("Message_AllowDeleting")  # what a server can not do without
    try:
        reply = await chat.post("chat.delete", _named(place, post), author.username)
    finally:
        chat.world.settings["Message_AllowDeleting"] = setting
    expect(reply.expect(500), {"success": False, "error": "Internal server error"}, "the body")


@case("1.3-21", "429: the sentence with the seconds, the window in the headers")
async def too_many(_other: Chat) -> None:
    async with chat_stage(limit=(2, 60.0)) as chat:
        author = chat.someone()
        place = chat.room(author)
        posts = [chat.say(place, author) for _ in range(3)]
        first, second, third = [await chat.post("chat.delete", _named(place, post), author.username) for post in posts]
        left = [reply.headers["X-RateLimit-Remaining"] for reply in (first, second)]
        expect((first.status, second.status, left), (200, 200, ["1", "0"]), "the first two answers")
        text = third.expect(429, success=False)["error"]
        head, _, tail = text.partition("You must wait ")
        seconds, _, tail = tail.partition(" ")
        expect(head, "Error, too many requests. Please slow down. ", "how the sentence begins")
        expect(tail, "seconds before trying this endpoint again. [error-too-many-requests]", "how it ends")
        require(0 < int(seconds) <= 60, f"{seconds} seconds are not within the window")
        expect(set(third.body), {"success", "error"}, "the members")
        reset = int(first.headers["X-RateLimit-Reset"]) / 1000 - chat.stage.clock.now()
        require(0 < reset <= 60, f"the window ends in {reset} s by the header")


@case("1.3-22", "429: an invalid body uses nothing up in 8.x; who may bypass is not limited")
async def not_counted(_other: Chat) -> None:
    async with chat_stage(limit=(1, 60.0)) as chat:
        author = chat.someone()
        place = chat.room(author)
        for _ in range(3):
            (await chat.post("chat.delete", {}, author.username)).expect(400)
        (await chat.post("chat.delete", _named(place, chat.say(place, author)), author.username)).expect(200)
        for _ in range(3):
            (await chat.post("chat.delete", _named(place, chat.say(place)))).expect(200)


async def run(report: Report) -> None:
    """Play every case of deletion."""
    async with chat_stage() as chat:
        await play(report, CASES.cases, chat)
