"""What moderators see of reports, and making one: the GET routes of `moderation.*`, `chat.reportMessage`."""

from collections.abc import Callable

from quell_providers.sandbox.rocketchat.documents import message, public_user, room_in_short, user
from quell_providers.sandbox.rocketchat.errors import failure
from quell_providers.sandbox.rocketchat.paging import page
from quell_providers.sandbox.rocketchat.reading import time_param
from quell_providers.sandbox.rocketchat.reports import Report
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.shapes import Shape
from quell_providers.sandbox.rocketchat.values import Check, blank_as_null, date_time, filled, integer, nullable, text
from quell_providers.sandbox.rocketchat.wire import Document, instant
from quell_providers.sandbox.world import Person

_VIEW = ("view-moderation-console",)


def _by_author(call: Call) -> Document:
    """`GET moderation.reportsByUsers`: authors of reported messages, each with the newest report."""
    groups = _grouped(call, lambda report: bool(report.message))
    return page(call, "reports", groups, lambda reports: _audit(call, reports))


def _audit(call: Call, reports: list[Report]) -> Document:
    newest = reports[0]
    rooms = {str(report.room["_id"]): report.room for report in reports if report.room is not None}
    return {
        "userId": newest.author.id,
        "username": newest.author.username,
        "name": newest.author.name,
        "message": str((newest.message or {}).get("msg", "")),
        "msgId": newest.message_id,
        "ts": instant(newest.at),
        "rooms": list(rooms.values()),
        "roomIds": list(rooms),
        "count": len(reports),
        "isUserDeleted": newest.author.id not in call.workspace.world.people,
    }


def _reported_users(call: Call) -> Document:
    """`GET moderation.userReports`: people who were themselves reported."""
    groups = _grouped(call, lambda report: report.message is None)
    return page(
        call,
        "reports",
        groups,
        lambda reports: {
            "reportedUser": reports[0].reported_user,
            "ts": instant(reports[0].at),
            "count": len(reports),
        },
    )


def _grouped(call: Call, wanted: Callable[[Report], bool]) -> list[list[Report]]:
    """Open reports between `oldest` and `latest`, by the person they are about, newest first."""
    latest, oldest = time_param(call, "latest"), time_param(call, "oldest")
    # Without `latest` the server takes its own time, which is past whatever was reported before the request came.
    before = call.workspace.world.clock.now() + 0.001 if latest is None else latest
    after = 0.0 if oldest is None else oldest
    groups: dict[Person, list[Report]] = {}
    for report in call.workspace.reports.open(wanted):
        if after < report.at < before and _is_selected(call, report):
            groups.setdefault(report.author, []).append(report)
    return list(groups.values())


def _messages_of(call: Call) -> Document:
    """`GET moderation.user.reportedMessages`: one person's reported messages, each once."""
    person = call.workspace.world.people.get(str(call.params["userId"]))
    selector = str(call.params.get("selector") or "").lower()
    reports = call.workspace.reports.open(
        lambda report: (
            report.author.id == call.params["userId"]
            and report.message is not None
            and selector in str(report.message.get("msg", "")).lower()
        )
    )
    answer = page(call, "messages", reports, lambda report: _entry(report, "message", "ts", "room"))
    entries = answer["messages"]
    assert isinstance(entries, list)
    unique = {entry["message"]["_id"]: entry for entry in reversed(entries)}
    answer["messages"] = list(unique.values())[::-1]
    return {**answer, "user": user(person) if person is not None else None}


def _reports_of(call: Call) -> Document:
    """`GET moderation.user.reportsByUserId`: reports of a person, not of messages."""
    person = call.workspace.world.people.get(str(call.params["userId"]))
    reports = call.workspace.reports.open(
        lambda report: (
            report.author.id == call.params["userId"] and report.message is None and _is_selected(call, report)
        )
    )
    shown = ("_id", "username", "name", "active", "roles", "emails", "createdAt")
    about = public_user(person) if person is not None else {}
    return {
        **page(
            call, "reports", reports, lambda report: _entry(report, "description", "reportedBy", "reportedUser", "ts")
        ),
        "user": {key: about[key] for key in shown if key in about} if person is not None else None,
    }


def _reports_of_message(call: Call) -> Document:
    """`GET moderation.reports`."""
    reports = call.workspace.reports.open(
        lambda report: report.message_id == call.params["msgId"] and _is_selected(call, report)
    )
    return page(call, "reports", reports, lambda report: _entry(report, "description", "reportedBy", "room", "ts"))


def _report(call: Call) -> Document:
    """`GET moderation.reportInfo`, dismissed reports too."""
    report = call.workspace.reports.find(str(call.params["reportId"]))
    if report is None:
        raise failure("error-report-not-found")
    return {"report": _whole(report)}


def _report_message(call: Call) -> Document:
    """`POST chat.reportMessage`; a message that is not there for the caller is as good as none."""
    description = str(call.params["description"])
    if not description.strip():
        raise failure("error-invalid-description")
    post = call.workspace.rows.find(str(call.params["messageId"]))
    if post is None or not call.workspace.permissions.can_access(call.person, post.place):
        raise failure("error-invalid-message_id")
    call.workspace.reports.add(
        _reporter(call),
        description,
        post.author,
        message=message(call.workspace, post),
        room=room_in_short(post.place),
    )
    return {}


def _report_user(call: Call) -> Document:
    """`POST moderation.reportUser`."""
    person = call.workspace.world.people.get(str(call.params["userId"]))
    if person is None:
        raise failure("Invalid user id provided.")
    about = public_user(person)
    reported: Document = {key: about[key] for key in ("_id", "username", "name", "emails", "createdAt") if key in about}
    call.workspace.reports.add(_reporter(call), str(call.params["description"]), person, reported_user=reported)
    return {}


def _reporter(call: Call) -> Document:
    return {**user(call.person), "createdAt": instant(call.person.created_at)}


def _is_selected(call: Call, report: Report) -> bool:
    """Whether `selector` is in the message, the report or the name of whom it is about."""
    selector = str(call.params.get("selector") or "").lower()
    said = [str(report.message.get("msg", "")), report.description] if report.message else []
    return any(selector in part.lower() for part in (*said, report.author.username, report.author.name))


def _entry(report: Report, *keys: str) -> Document:
    whole = _whole(report)
    return {key: whole[key] for key in ("_id", *keys) if key in whole}


def _whole(report: Report) -> Document:
    document: Document = {
        "_id": report.id,
        "description": report.description,
        "ts": instant(report.at),
        "reportedBy": report.reporter,
        "_updatedAt": instant(report.dismissal.at if report.dismissal else report.at),
    }
    for key, value in (("message", report.message), ("room", report.room), ("reportedUser", report.reported_user)):
        if value is not None:
            document[key] = value
    if report.dismissal is not None:
        document["_hidden"] = True
        document["moderationInfo"] = {
            "moderatedBy": report.dismissal.by,
            "hiddenAt": instant(report.dismissal.at),
            "action": report.dismissal.action,
            "reason": report.dismissal.reason,
        }
    return document


_PAGE: dict[str, Check] = {"count": blank_as_null(integer), "offset": blank_as_null(integer), "sort": nullable(text)}
_HISTORY = Shape({"latest": nullable(date_time), "oldest": nullable(date_time), "selector": nullable(text), **_PAGE})
_OF_USER = Shape({"userId": filled, "selector": nullable(text), **_PAGE}, ("userId",))
_OF_MESSAGE = Shape({"msgId": filled, "selector": text, **_PAGE}, ("msgId",))
_MESSAGE_REPORT = Shape({"messageId": text, "description": text}, ("messageId", "description"))
_USER_REPORT = Shape({"userId": text, "description": filled}, ("userId", "description"))

ROUTES = (
    Route("GET", "/api/v1/moderation.reportsByUsers", _by_author, _HISTORY, permissions=_VIEW),
    Route("GET", "/api/v1/moderation.userReports", _reported_users, _HISTORY, permissions=_VIEW),
    Route("GET", "/api/v1/moderation.user.reportedMessages", _messages_of, _OF_USER, permissions=_VIEW),
    Route("GET", "/api/v1/moderation.user.reportsByUserId", _reports_of, _OF_USER, permissions=_VIEW),
    Route("GET", "/api/v1/moderation.reports", _reports_of_message, _OF_MESSAGE, permissions=_VIEW),
    Route(
        "GET", "/api/v1/moderation.reportInfo", _report, Shape({"reportId": filled}, ("reportId",)), permissions=_VIEW
    ),
    Route("POST", "/api/v1/chat.reportMessage", _report_message, _MESSAGE_REPORT),
    Route("POST", "/api/v1/moderation.reportUser", _report_user, _USER_REPORT),
)
