"""Right and wrong requests to every route with a schema; the sandbox and the vendor's validator must agree on each."""

from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from tests.conformance.cases import Case, Report, expect, play, require
from tests.conformance.chat_schemas import REQUESTS
from tests.conformance.chat_stage import Chat, chat_stage

_THEN = "2026-01-01T00:00:00.000Z"
_PAGE: dict[str, object] = {"count": "5", "offset": "0"}

_BODIES: dict[str, dict[str, object]] = {
    "chat.delete": {"roomId": "x", "msgId": "x", "fileId": "x", "asUser": True},
    "channels.kick": {"roomId": "x", "userId": "x"},
    "chat.postMessage": {"roomId": "x", "text": "x"},
    "chat.reportMessage": {"messageId": "x", "description": "x"},
    "chat.sendMessage": {"message": {"rid": "x", "msg": "x"}, "previewUrls": ["x"]},
    "chat.update": {"roomId": "x", "msgId": "x", "text": "x"},
    "groups.kick": {"roomId": "x", "userId": "x"},
    "moderation.dismissReports": {"msgId": "x", "reason": "x", "action": "x"},
    "moderation.dismissUserReports": {"userId": "x", "reason": "x", "action": "x"},
    "moderation.reportUser": {"userId": "x", "description": "x"},
    "moderation.user.deleteReportedMessages": {"userId": "x", "reason": "x"},
    "rooms.banUser": {"roomId": "x", "username": "x"},
    "rooms.cleanHistory": {
        "roomId": "x",
        "latest": _THEN,
        "oldest": _THEN,
        "inclusive": True,
        "excludePinned": True,
        "filesOnly": True,
        "users": ["x"],
        "limit": 5,
        "ignoreDiscussion": True,
        "ignoreThreads": True,
    },
    "rooms.createDiscussion": {"prid": "x", "t_name": "x"},
    "rooms.muteUser": {"roomId": "x", "username": "x"},
    "rooms.unbanUser": {"roomId": "x", "username": "x"},
    "rooms.unmuteUser": {"roomId": "x", "username": "x"},
    "subscriptions.read": {"rid": "x", "readThreads": True},
    "users.setActiveStatus": {"userId": "x", "activeStatus": True, "confirmRelinquish": True},
}
_QUERIES: dict[str, dict[str, object]] = {
    "channels.history": {"roomId": "x", "latest": _THEN, "oldest": _THEN, "inclusive": "true", **_PAGE},
    "channels.list": {**_PAGE},
    "channels.messages": {"roomId": "x", **_PAGE},
    "channels.moderators": {"roomId": "x"},
    "channels.roles": {"roomId": "x"},
    "chat.getDeletedMessages": {"roomId": "x", "since": _THEN, **_PAGE},
    "chat.getMessage": {"msgId": "x"},
    "chat.getThreadMessages": {"tmid": "x", **_PAGE},
    "chat.getThreadsList": {"rid": "x", **_PAGE},
    "chat.syncMessages": {"roomId": "x", "lastUpdate": _THEN, "type": "UPDATED", "next": "1"},
    "groups.history": {"roomId": "x", "latest": _THEN, "oldest": _THEN, "inclusive": "true", **_PAGE},
    "groups.list": {**_PAGE},
    "groups.messages": {"roomId": "x", **_PAGE},
    "im.history": {"roomId": "x", "latest": _THEN, "oldest": _THEN, "inclusive": "true", **_PAGE},
    "moderation.reportInfo": {"reportId": "x"},
    "moderation.reports": {"msgId": "x", "selector": "x", **_PAGE},
    "moderation.reportsByUsers": {"latest": _THEN, "oldest": _THEN, "selector": "x", **_PAGE},
    "moderation.user.reportedMessages": {"userId": "x", "selector": "x", **_PAGE},
    "moderation.user.reportsByUserId": {"userId": "x", "selector": "x", **_PAGE},
    "moderation.userReports": {"latest": _THEN, "oldest": _THEN, "selector": "x", **_PAGE},
    "im.messages": {"roomId": "x", **_PAGE},
    "rooms.adminRooms": {"filter": "x", **_PAGE},
    "rooms.bannedUsers": {"roomId": "x", **_PAGE},
    "rooms.info": {"roomId": "x"},
    "rooms.isMember": {"roomId": "x", "userId": "x"},
    "settings.public": {"_id": "Message_KeepHistory", **_PAGE},
    "subscriptions.get": {"updatedSince": _THEN},
    "subscriptions.getOne": {"roomId": "x"},
}
_OTHER_VALUES: tuple[object, ...] = (None, "", "x", "true", 1, -1.5, True, [], ["x"], [1], {}, {"x": 1})
_OTHER_TEXTS: tuple[object, ...] = ("", "x", "1", "true", "-1.5", _THEN)


def _variants(right: dict[str, object], others: tuple[object, ...]) -> Iterator[dict[str, object]]:
    """The right parameters; without each; with each having other values; with one too many; with none."""
    yield right
    for name in right:
        yield {known: value for known, value in right.items() if known != name}
        for other in others:
            yield right | {name: other}
    yield right | {"surplus": "x"}
    yield {}


async def _agree(
    path: str,
    send: Callable[[Chat, dict[str, object]], Awaitable[tuple[int, object]]],
    requests: list[dict[str, object]],
    chat: Chat,
) -> None:
    unlike = []
    for request in requests:
        problems = await chat.judge.problems(REQUESTS[path], request)
        status, error = await send(chat, request)
        expect(status in (200, 400), True, f"whether {path} answers 200 or 400 to {request!r}, and not {status};")
        words = "\n ".join(problems)
        if problems and error not in (words, f"{words} [invalid-params]"):
            unlike.append(f"{request!r}: {error!r}, not {words!r}")
    require(not unlike, f"{len(unlike)} of {len(requests)} are refused in other words: {'; '.join(unlike[:3])}")


async def _post(path: str, chat: Chat, body: dict[str, object]) -> tuple[int, object]:
    reply = await chat.post(path, body)
    return reply.status, reply.body.get("error")


async def _get(path: str, chat: Chat, query: dict[str, object]) -> tuple[int, object]:
    reply = await chat.get(path, **query)
    return reply.status, reply.body.get("error")


def _cases() -> Iterator[Case[Chat, Awaitable[None]]]:
    for path, body in _BODIES.items():
        requests = list(_variants(body, _OTHER_VALUES))
        says = f"{len(requests)} bodies, taken or refused as the schema says and in its words"
        yield Case(f"shape {path}", says, partial(_agree, path, partial(_post, path), requests))
    for path, query in _QUERIES.items():
        requests = list(_variants(query, _OTHER_TEXTS))
        says = f"{len(requests)} queries, taken or refused as the schema says and in its words"
        yield Case(f"shape {path}", says, partial(_agree, path, partial(_get, path), requests))


async def run(report: Report) -> None:
    """Play every case of requests."""
    async with chat_stage() as chat:
        await play(report, _cases(), chat)
