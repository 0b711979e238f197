"""Reports and moderation: the vendor's own end-to-end cases, and who is kept out."""

from collections.abc import Awaitable
from datetime import UTC, datetime

from quell_providers.sandbox.world import Person, Post
from tests.conformance.cases import Report, Table, expect, play, require
from tests.conformance.chat_stage import Chat, chat_stage

CASES: Table[Chat, Awaitable[None]] = Table()
case = CASES.case


async def _reported_message(chat: Chat) -> Post:
    """Somebody's message, reported by the administrator."""
    author = chat.someone()
    post = chat.say(chat.room(author), author, "spam")
    (await chat.post("chat.reportMessage", {"messageId": post.id, "description": "test"})).expect(200)
    return post


async def _reported_user(chat: Chat) -> Person:
    """Somebody, reported by the administrator."""
    person = chat.someone()
    (await chat.post("moderation.reportUser", {"userId": person.id, "description": "test"})).expect(200)
    return person


async def _reports_of_user(chat: Chat, person: Person) -> list[dict[str, object]]:
    reply = await chat.get("moderation.user.reportsByUserId", userId=person.id)
    return list(reply.expect(200, success=True)["reports"])


@case("R1", "chat.reportMessage")
async def report_message(chat: Chat) -> None:
    await _reported_message(chat)


@case("R2", "chat.reportMessage: without a description")
async def report_without_description(chat: Chat) -> None:
    body = (await chat.post("chat.reportMessage", {"messageId": chat.say(chat.room()).id})).expect(400, success=False)
    require(body.get("error"), "there is no error text")


async def _history(chat: Chat, path: str) -> None:
    await _reported_message(chat)
    await _reported_user(chat)
    now = datetime.fromtimestamp(chat.stage.clock.now(), UTC).isoformat().replace("+00:00", "Z")
    for params in ({}, {"count": 5, "offset": 0}, {"oldest": now}, {"latest": now}):
        body = (await chat.get(path, **params)).expect(200, success=True)
        require(isinstance(body["reports"], list), "reports is not an array")
        for name in ("count", "offset", "total"):
            require(isinstance(body[name], int), f"{name} is no number")
        require(params.keys() & {"oldest"} or body["reports"], f"nothing was found with {params}")


@case("M1", "moderation.reportsByUsers: all, paged, since, until")
async def reports_by_users(chat: Chat) -> None:
    await _history(chat, "moderation.reportsByUsers")


@case("M2", "moderation.userReports: all, paged, since, until")
async def user_reports(chat: Chat) -> None:
    await _history(chat, "moderation.userReports")


@case("M3", "moderation.dismissReports: by user")
async def dismiss_by_user(chat: Chat) -> None:
    post = await _reported_message(chat)
    reply = await chat.post("moderation.dismissReports", {"userId": post.author.id, "reason": "ok", "action": "none"})
    reply.expect(200, success=True)


@case("M4", "moderation.dismissReports: by message")
async def dismiss_by_message(chat: Chat) -> None:
    post = await _reported_message(chat)
    (await chat.post("moderation.dismissReports", {"msgId": post.id})).expect(200, success=True)


@case("M5", "moderation.dismissReports: user and message together, both empty")
async def dismiss_both(chat: Chat) -> None:
    body = (await chat.post("moderation.dismissReports", {"userId": "", "msgId": ""})).expect(400, success=False)
    require(isinstance(body.get("error"), str), "there is no error text")


@case("M6", "moderation.user.reportsByUserId: after one report")
async def reports_of_user(chat: Chat) -> None:
    person = await _reported_user(chat)
    expect(len(await _reports_of_user(chat, person)), 1, "the number of reports")


@case("M7", "moderation.user.reportsByUserId: without a user")
async def reports_of_nobody(chat: Chat) -> None:
    reply = await chat.get("moderation.user.reportsByUserId", userId="")
    reply.expect(400, success=False, errorType="error-invalid-params")


@case("M8", "moderation.dismissUserReports: then there are none")
async def dismiss_user_reports(chat: Chat) -> None:
    person = await _reported_user(chat)
    (await chat.post("moderation.dismissUserReports", {"userId": person.id})).expect(200, success=True)
    expect(await _reports_of_user(chat, person), [], "the reports")


@case("M9", "moderation.dismissUserReports: without a user")
async def dismiss_nobody(chat: Chat) -> None:
    body = (await chat.post("moderation.dismissUserReports", {"userId": ""})).expect(400, success=False)
    require(isinstance(body.get("error"), str), "there is no error text")


@case("M10", "moderation.reports: of a message, and of none")
async def reports_of_message(chat: Chat) -> None:
    post = await _reported_message(chat)
    reports = (await chat.get("moderation.reports", msgId=post.id)).expect(200, success=True)["reports"]
    expect([report["description"] for report in reports], ["test"], "the reports")
    (await chat.get("moderation.reports", msgId="")).expect(400, success=False)


@case("M11", "moderation.reportInfo: of a report; '', 'invalid' and an unknown id are refused")
async def report_info(chat: Chat) -> None:
    post = await _reported_message(chat)
    report = (await chat.get("moderation.reports", msgId=post.id)).expect(200)["reports"][0]["_id"]
    info = (await chat.get("moderation.reportInfo", reportId=report)).expect(200, success=True)["report"]
    expect(info["_id"], report, "the id of the report")
    for wrong in ("", "invalid", "0123456789abcdef01234567"):
        (await chat.get("moderation.reportInfo", reportId=wrong)).expect(400, success=False)


@case("M12", "moderation.user.reportedMessages: of a user, and of none")
async def reported_messages(chat: Chat) -> None:
    post = await _reported_message(chat)
    body = (await chat.get("moderation.user.reportedMessages", userId=post.author.id)).expect(200, success=True)
    expect([row["message"]["_id"] for row in body["messages"]], [post.id], "the messages")
    (await chat.get("moderation.user.reportedMessages", userId="")).expect(400, success=False)


@case("M13", "moderation.user.deleteReportedMessages: the messages are gone; of none is refused")
async def delete_reported(chat: Chat) -> None:
    post = await _reported_message(chat)
    body = {"userId": post.author.id, "reason": "spam"}
    (await chat.post("moderation.user.deleteReportedMessages", body)).expect(200, success=True)
    (await chat.get("chat.getMessage", msgId=post.id)).expect(400)
    (await chat.post("moderation.user.deleteReportedMessages", {"userId": ""})).expect(400, success=False)


@case("M14", "moderation.reportUser: with a description, and without")
async def report_user(chat: Chat) -> None:
    person = await _reported_user(chat)
    reply = await chat.post("moderation.reportUser", {"userId": person.id})
    reply.expect(400, success=False, errorType="invalid-params")


@case("7-01", "moderation.*: 403 without the permission")
async def moderation_forbidden(chat: Chat) -> None:
    person = chat.someone()
    text = "User does not have the permissions required for this action [error-unauthorized]"
    for path, params in (
        ("moderation.reportsByUsers", {}),
        ("moderation.userReports", {}),
        ("moderation.reports", {"msgId": "x"}),
        ("moderation.reportInfo", {"reportId": "x"}),
        ("moderation.user.reportedMessages", {"userId": "x"}),
        ("moderation.user.reportsByUserId", {"userId": "x"}),
    ):
        (await chat.get(path, person.username, **params)).expect(403, success=False, error=text)
    for path in ("user.deleteReportedMessages", "dismissReports", "dismissUserReports"):
        reply = await chat.post(f"moderation.{path}", {"userId": "x"}, person.username)
        reply.expect(403, success=False, error=text)


@case("7-02", "moderation.*: the errors that each route has of its own")
async def own_errors(chat: Chat) -> None:
    person = chat.someone()
    reply = await chat.post("moderation.user.deleteReportedMessages", {"userId": person.id})
    reply.expect(400, error="No reported messages found for this user.")
    body = (await chat.post("moderation.dismissReports", {"userId": person.id})).expect(400)
    require("no-reports-found" in str(body), str(body))
    body = (await chat.post("moderation.dismissUserReports", {"msgId": "x"})).expect(400)
    require("error-user-id-param-not-provided" in str(body), str(body))
    reply = await chat.post("moderation.reportUser", {"userId": "nobody", "description": "x"})
    reply.expect(400, error="Invalid user id provided.")
    body = (await chat.get("moderation.reportInfo", reportId="x")).expect(400)
    require("error-report-not-found" in str(body), str(body))


@case("7-03", "chat.reportMessage: an empty description, a message that is not there")
async def bad_reports(chat: Chat) -> None:
    post = chat.say(chat.room())
    body = (await chat.post("chat.reportMessage", {"messageId": post.id, "description": " "})).expect(400)
    require("error-invalid-description" in str(body), str(body))
    body = (await chat.post("chat.reportMessage", {"messageId": "nosuch", "description": "x"})).expect(400)
    require("error-invalid-message_id" in str(body), str(body))


@case("7-04", "reports tell who, when, where and what; the vendor's words for all of it")
async def report_fields(chat: Chat) -> None:
    post = await _reported_message(chat)
    rows = (await chat.get("moderation.reportsByUsers")).expect(200)["reports"]
    row = next(row for row in rows if row["userId"] == post.author.id)
    wanted = {"userId", "username", "message", "msgId", "ts", "rooms", "roomIds", "count", "isUserDeleted"}
    require(wanted <= row.keys(), f"a row of reportsByUsers lacks {wanted - row.keys()}")
    expect((row["msgId"], row["count"], row["roomIds"]), (post.id, 1, [post.place.id]), "message, count and rooms")
    report = (await chat.get("moderation.reports", msgId=post.id)).expect(200)["reports"][0]
    require({"_id", "description", "reportedBy", "room", "ts"} <= report.keys(), f"a report has only {set(report)}")


@case("7-05", "rooms.muteUser, unmuteUser, banUser, users.setActiveStatus: done, undone, refused")
async def measures(chat: Chat) -> None:
    person = chat.someone()
    place = chat.room(person)
    body = {"roomId": place.id, "username": person.username}
    (await chat.post("rooms.muteUser", body)).expect(200, success=True)
    room = (await chat.get("rooms.info", roomId=place.id)).expect(200)["room"]
    expect(room.get("muted"), [person.username], "the room's muted")
    (await chat.post("rooms.unmuteUser", body)).expect(200, success=True)
    (await chat.post("rooms.muteUser", body, person.username)).expect(400, success=False)
    (await chat.post("rooms.banUser", body)).expect(200, success=True)
    status = {"userId": person.id, "activeStatus": False}
    user = (await chat.post("users.setActiveStatus", status)).expect(200, success=True)["user"]
    expect((user["_id"], user["active"]), (person.id, False), "the user")


async def run(report: Report) -> None:
    """Play every case of moderation."""
    async with chat_stage() as chat:
        await play(report, CASES.cases, chat)
