"""Every IVS operation through boto3: the answers are held against botocore's model, the bounds are taken from it."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from tests.conformance.cases import Report, Table, expect, play, require
from tests.conformance.ivs_bounds import check_bounds
from tests.conformance.ivs_stage import Ivs, ivs_stage

CASES: Table[Ivs, Awaitable[None]] = Table()
case = CASES.case

_LOGS = {"cloudWatchLogs": {"logGroupName": "/conformance/chat"}}


@case("model-01", "CreateRoom, GetRoom: every setting comes back, others have their defaults")
async def rooms_made(ivs: Ivs) -> None:
    settings: dict[str, Any] = {
        "name": "conformance",
        "maximumMessageLength": 120,
        "maximumMessageRatePerSecond": 7,
        "messageReviewHandler": {
            "uri": "arn:aws:lambda:us-west-2:123456789012:function:review",
            "fallbackResult": "DENY",
        },
        "tags": {"crew": "night"},
    }
    made = await ivs.call("create_room", **settings)
    expect({name: made.get(name) for name in settings}, settings, "the room")
    expect(made["arn"].rpartition("/")[2], made["id"], "the end of the ARN")
    expect(await ivs.call("get_room", identifier=made["arn"]), made, "GetRoom's room")
    plain = await ivs.call("create_room")
    expect((plain["maximumMessageLength"], plain["maximumMessageRatePerSecond"]), (500, 10), "length and rate")


@case("model-02", "UpdateRoom: changes what is given, keeps the rest, sets updateTime")
async def rooms_changed(ivs: Ivs) -> None:
    made = await ivs.call("create_room", name="before", maximumMessageLength=50)
    changed = await ivs.call("update_room", identifier=made["arn"], name="after")
    expect((changed["name"], changed["maximumMessageLength"]), ("after", 50), "name and length")
    require(changed["updateTime"] > made["updateTime"], "updateTime is not later")
    expect(changed["createTime"], made["createTime"], "createTime")


@case("model-03", "DeleteRoom: 204, and the room is gone")
async def rooms_deleted(ivs: Ivs) -> None:
    arn = await ivs.new_room()
    await ivs.call("delete_room", identifier=arn)
    error = await ivs.refusal("get_room", identifier=arn)
    expect(error.response["Error"]["Code"], "ResourceNotFoundException", "code")
    require(error.response["resourceId"] in arn, f"resourceId {error.response['resourceId']!r} does not name {arn}")


@case("model-04", "ListRooms: pages by nextToken, the latest updateTime first, all rooms once")
async def rooms_listed(ivs: Ivs) -> None:
    arn = await ivs.arn("warmup")
    await ivs.call("update_room", identifier=arn, maximumMessageLength=400)
    rooms, token = [], None
    while True:
        page = await ivs.call("list_rooms", maxResults=2, **({"nextToken": token} if token else {}))
        require(len(page["rooms"]) <= 2, "a page is longer than maxResults")
        rooms += page["rooms"]
        token = page.get("nextToken")
        if not token:
            break
    expect(rooms[0]["arn"], arn, "the first room, changed last")
    times: list[datetime] = [room["updateTime"] for room in rooms]
    expect(times, sorted(times, reverse=True), "the order of updateTime")
    expect(len({room["arn"] for room in rooms}), len(rooms), "the number of different rooms")


@case("model-05", "ListRooms: filters by name, review handler and logging configuration")
async def rooms_filtered(ivs: Ivs) -> None:
    uri = "arn:aws:lambda:us-west-2:123456789012:function:filtered"
    arn = await ivs.new_room(name="filtered", messageReviewHandler={"uri": uri})
    for wanted in ({"name": "filtered"}, {"messageReviewHandlerUri": uri}):
        found = (await ivs.call("list_rooms", **wanted))["rooms"]
        expect([room["arn"] for room in found], [arn], f"the rooms with {wanted}")
    made = await ivs.call("create_logging_configuration", destinationConfiguration=_LOGS)
    await ivs.call("update_room", identifier=arn, loggingConfigurationIdentifiers=[made["arn"]])
    found = (await ivs.call("list_rooms", loggingConfigurationIdentifier=made["arn"]))["rooms"]
    expect([room["arn"] for room in found], [arn], "the rooms with that logging configuration")


@case("model-06", "CreateChatToken: an hour by default, else as long as asked")
async def tokens_made(ivs: Ivs) -> None:
    arn = await ivs.new_room()
    plain = await ivs.call("create_chat_token", roomIdentifier=arn, userId="ada")
    long = await ivs.call("create_chat_token", roomIdentifier=arn, userId="ada", sessionDurationInMinutes=180)
    difference = long["sessionExpirationTime"] - plain["sessionExpirationTime"]
    require(abs(difference.total_seconds() - 120 * 60) < 30, f"180 and 60 minutes differ by {difference}")


@case("model-07", "DeleteMessage, SendEvent: an id of 12; DisconnectUser: nothing, whoever is meant")
async def messages_moderated(ivs: Ivs) -> None:
    arn = await ivs.new_room()
    deletion = await ivs.call("delete_message", roomIdentifier=arn, id="neverWas0001", reason="spam")
    event = await ivs.call("send_event", roomIdentifier=arn, eventName="app:HI", attributes={"k": "v"})
    require(deletion["id"] != event["id"], "both operations have the same id")
    expect(await ivs.call("disconnect_user", roomIdentifier=arn, userId="nobody"), {}, "DisconnectUser's answer")


@case("model-08", "*LoggingConfiguration: all three destinations made, read, listed, changed, deleted")
async def logging_configured(ivs: Ivs) -> None:
    destinations = (
        _LOGS,
        {"s3": {"bucketName": "conformance-bucket"}},
        {"firehose": {"deliveryStreamName": "conformance"}},
    )
    for destination in destinations:
        made = await ivs.call(
            "create_logging_configuration", name="kind", destinationConfiguration=destination, tags={"a": "b"}
        )
        expect(made["destinationConfiguration"], destination, "the destination")
        expect(await ivs.call("get_logging_configuration", identifier=made["arn"]), made, "what Get answers")
        listed = (await ivs.call("list_logging_configurations"))["loggingConfigurations"]
        require(made["arn"] in {one["arn"] for one in listed}, "the configuration is not listed")
        changed = await ivs.call("update_logging_configuration", identifier=made["arn"], name="other")
        expect((changed["name"], changed["destinationConfiguration"]), ("other", destination), "what Update answers")
        await ivs.call("delete_logging_configuration", identifier=made["arn"])
        gone = await ivs.refusal("get_logging_configuration", identifier=made["arn"])
        expect(gone.response["Error"]["Code"], "ResourceNotFoundException", "code")


@case("model-09", "TagResource, ListTagsForResource, UntagResource")
async def resources_tagged(ivs: Ivs) -> None:
    arn = await ivs.new_room(tags={"a": "1"})
    await ivs.call("tag_resource", resourceArn=arn, tags={"b": "2", "c": "3"})
    await ivs.call("untag_resource", resourceArn=arn, tagKeys=["a", "c"])
    expect(await ivs.call("list_tags_for_resource", resourceArn=arn), {"tags": {"b": "2"}}, "the tags")


@case("model-10", "AccessDeniedException: the operation, the resource and the user are named")
async def access_denied(ivs: Ivs) -> None:
    arn = await ivs.arn("finals")
    error = await ivs.refusal("delete_message", key="viewer", roomIdentifier=arn, id="neverWas0001")
    _expect_code(error, "AccessDeniedException", 403)
    text = error.response["Error"]["Message"]
    require("is not authorized to perform: ivschat:DeleteMessage on resource: " + arn in text, text)


@case("model-11", "AccessDeniedException: an explicit deny by the room's tag")
async def access_denied_by_tag(ivs: Ivs) -> None:
    arn = await ivs.arn("backstage")
    error = await ivs.refusal("delete_message", key="moderator", roomIdentifier=arn, id="neverWas0001")
    _expect_code(error, "AccessDeniedException", 403)
    require("explicit deny" in error.response["Error"]["Message"], error.response["Error"]["Message"])


@case("model-12", "PendingVerification: 403 for messages and tokens")
async def pending_verification(ivs: Ivs) -> None:
    arn = await ivs.arn("finals")
    for operation, more in (
        ("delete_message", {"id": "neverWas0001"}),
        ("create_chat_token", {"userId": "ada"}),
        ("send_event", {"eventName": "app:HI"}),
        ("disconnect_user", {"userId": "ada"}),
    ):
        error = await ivs.refusal(operation, key="pending", roomIdentifier=arn, **more)
        _expect_code(error, "PendingVerification", 403)


@case("model-13", "ResourceNotFoundException: 404 with resourceId and resourceType")
async def not_found(ivs: Ivs) -> None:
    arn = (await ivs.arn("finals")).rpartition("/")[0] + "/NoSuchRoom01"
    error = await ivs.refusal("delete_message", roomIdentifier=arn, id="neverWas0001")
    _expect_code(error, "ResourceNotFoundException", 404)
    require(error.response["resourceId"] in arn, f"resourceId {error.response['resourceId']!r} does not name {arn}")
    expect(error.response["resourceType"], "ROOM", "resourceType")


@case("model-14", "ValidationException: 400 with a reason and every wrong field")
async def invalid(ivs: Ivs) -> None:
    error = await ivs.refusal("delete_message", roomIdentifier="finals", id="neverWas00012", reason="x" * 257)
    _expect_code(error, "ValidationException", 400)
    expect(error.response["reason"], "FIELD_VALIDATION_FAILED", "reason")
    expect({one["name"] for one in error.response["fieldList"]}, {"roomIdentifier", "id", "reason"}, "fields")


@case("model-15", "ThrottlingException: 429 with the limit, when deletions come too fast")
async def throttled(ivs: Ivs) -> None:
    arn = await ivs.arn("finals")
    error = await ivs.use_up_deletions(arn)
    _expect_code(error, "ThrottlingException", 429)
    expect(error.response["limit"], 100, "limit")


@case("model-16", "ConflictException: a logging configuration in use is not deleted")
async def conflict(ivs: Ivs) -> None:
    made = await ivs.call("create_logging_configuration", destinationConfiguration=_LOGS)
    await ivs.new_room(loggingConfigurationIdentifiers=[made["arn"]])
    error = await ivs.refusal("delete_logging_configuration", identifier=made["arn"])
    _expect_code(error, "ConflictException", 409)


@case("model-17", "ServiceQuotaExceededException: 402 for more logging configurations than ten")
async def quota_exceeded(ivs: Ivs) -> None:
    for _ in range(10):
        try:
            await ivs.call("create_logging_configuration", destinationConfiguration=_LOGS)
        except ClientError as error:
            _expect_code(error, "ServiceQuotaExceededException", 402)
            return
    _expect_code(
        await ivs.refusal("create_logging_configuration", destinationConfiguration=_LOGS),
        "ServiceQuotaExceededException",
        402,
    )


@case("model-18", "every bound that the model sets on a request is kept by the service")
async def bounds_kept(ivs: Ivs) -> None:
    await check_bounds(ivs)


@case("model-19", "GetLogEvents, FilterLogEvents: answers and refusals, by the model of CloudWatch Logs")
async def logs(ivs: Ivs) -> None:
    place = ivs.place("finals")
    group, stream = place.log_group, f"aws/IVSChatLogs/1.0/room_{place.id}"
    page = await ivs.call("get_log_events", service="logs", logGroupName=group, logStreamName=stream, limit=5)
    expect(len(page["events"]), 5, "the number of events")
    found = await ivs.call("filter_log_events", service="logs", logGroupName=group, logStreamNames=[stream], limit=5)
    expect({event["logStreamName"] for event in found["events"]}, {stream}, "the streams of the events found")
    backwards = {"startTime": page["events"][0]["timestamp"], "startFromHead": False}
    newest = await ivs.call(
        "filter_log_events", service="logs", logGroupName=group, logStreamNames=[stream], limit=5, **backwards
    )
    expect(newest["events"][0]["timestamp"], page["events"][-1]["timestamp"], "the time of the newest event")
    error = await ivs.refusal("get_log_events", service="logs", logGroupName="/none", logStreamName=stream)
    _expect_code(error, "ResourceNotFoundException", 400)
    error = await ivs.refusal(
        "get_log_events", service="logs", logGroupName=group, logStreamName=stream, nextToken="no-token"
    )
    _expect_code(error, "InvalidParameterException", 400)


def _expect_code(error: ClientError, code: str, status: int) -> None:
    actual = (error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"])
    expect(actual, (code, status), "code and status")


async def run(report: Report) -> None:
    """Play every case of the control plane."""
    async with ivs_stage() as ivs:
        await play(report, CASES.cases, ivs)
