"""What moderators do with reports: dismiss them, or delete the messages they are about."""

from quell_providers.sandbox.rocketchat import announce
from quell_providers.sandbox.rocketchat.errors import failure
from quell_providers.sandbox.rocketchat.paging import cut
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.shapes import Shape, exactly_one
from quell_providers.sandbox.rocketchat.values import filled, nullable, text
from quell_providers.sandbox.rocketchat.versions import Feature
from quell_providers.sandbox.rocketchat.wire import Document, instant
from quell_providers.sandbox.world import Post

_NO_REASON = "No reason provided"
_MANAGE = ("manage-moderation-actions",)


def _dismiss(call: Call) -> Document:
    """`POST moderation.dismissReports` of one author (`userId`) or one message (`msgId`)."""
    user_id, message_id = call.params.get("userId"), call.params.get("msgId")
    reports = call.workspace.reports
    if user_id and not reports.open(lambda report: bool(report.message) and report.author.id == user_id):
        raise failure("no-reports-found")
    if message_id and not reports.open(lambda report: report.message_id == message_id):
        raise failure("no-reports-found")
    reports.dismiss(
        lambda report: (
            bool(report.message) and (report.author.id == user_id if user_id else report.message_id == message_id)
        ),
        call.person,
        _reason(call),
        _action(call),
    )
    return {}


def _dismiss_user(call: Call) -> Document:
    """`POST moderation.dismissUserReports`: reports of a person."""
    user_id = call.params.get("userId")
    if not user_id:
        raise failure("error-user-id-param-not-provided")
    call.workspace.reports.dismiss(
        lambda report: report.message is None and report.author.id == user_id,
        call.person,
        _reason(call),
        _action(call),
    )
    return {}


def _delete(call: Call) -> Document:
    """`POST moderation.user.deleteReportedMessages`: the messages of the page of reports, and nothing is asked.

    Reports beyond the page are dismissed all the same, so that their messages stay and are no longer reported.
    """
    user_id, workspace = call.params["userId"], call.workspace
    reports = workspace.reports.open(lambda report: bool(report.message) and report.author.id == user_id)
    if not reports:
        raise failure("No reported messages found for this user.")
    found = [workspace.rows.find(report.message_id) for report in cut(call, reports)]
    posts = list(dict.fromkeys(post for post in found if post is not None))
    with workspace.hub.silence():
        for post in posts:
            workspace.world.delete(post, by=call.person.id)
    if workspace.version.has(Feature.REPORTED_DELETION_IS_TOLD):
        _tell(call, posts)
    workspace.reports.dismiss(
        lambda report: bool(report.message) and report.author.id == user_id,
        call.person,
        _reason(call),
        "DELETE Messages",
    )
    return {}


def _tell(call: Call, posts: list[Post]) -> None:
    """One `deleteMessageBulk` for each room, with the ids."""
    shown = call.workspace.settings.is_on("Message_ShowDeletedStatus")
    for place in dict.fromkeys(post.place for post in posts):
        criteria: Document = {
            "excludePinned": True,
            "ignoreDiscussion": True,
            "ts": {"$gt": instant(call.workspace.world.clock.now())},
            "users": [],
            "ids": [post.id for post in posts if post.place is place],
            "showDeletedStatus": shown,
        }
        announce.deleted_in_bulk(call.workspace, place, criteria)


def _reason(call: Call) -> str:
    given = str(call.params.get("reason") or "")
    return given if given.strip() else _NO_REASON


def _action(call: Call) -> str:
    given = call.params.get("action")
    return "None" if given is None else str(given)


_DISMISSED = Shape(
    {"userId": text, "msgId": text, "reason": nullable(text), "action": nullable(text)},
    choice=exactly_one(("msgId",), ("userId",)),
)

ROUTES = (
    Route("POST", "/api/v1/moderation.dismissReports", _dismiss, _DISMISSED, permissions=_MANAGE),
    Route("POST", "/api/v1/moderation.dismissUserReports", _dismiss_user, _DISMISSED, permissions=_MANAGE),
    Route(
        "POST",
        "/api/v1/moderation.user.deleteReportedMessages",
        _delete,
        Shape({"userId": filled, "reason": text}, ("userId",)),
        permissions=_MANAGE,
    ),
)
