"""The AWS command line with `--endpoint-url`: what a person types, and the errors that a person reads."""

import asyncio
import json
import os
from asyncio.subprocess import PIPE
from collections.abc import Awaitable
from typing import Any

from tests.conformance.cases import MismatchError, Report, Table, expect, play, require
from tests.conformance.installation import HOME, aws
from tests.conformance.ivs_stage import Ivs, ivs_stage

CASES: Table["Cli", Awaitable[None]] = Table()
case = CASES.case


class Cli:
    """The AWS command line, signing with one key of the sandbox."""

    def __init__(self, ivs: Ivs) -> None:
        self.ivs = ivs

    async def run(self, *words: str, key: str = "admin") -> Any:
        """What a command prints, decoded; `None` where it prints nothing. Raises MismatchError when it fails."""
        self.ivs.stage.clock.advance(1)  # so that nobody's call rate is used up
        status, out, err = await self._call(*words, key=key)
        require(status == 0, f"aws {' '.join(words)} ended with {status}: {err}")
        return json.loads(out) if out.strip() else None

    async def fails(self, *words: str, key: str = "admin", **environment: str) -> str:
        """The last line that a failing command writes to standard error."""
        status, out, err = await self._call(*words, key=key, **environment)
        if status == 0:
            raise MismatchError(f"aws {' '.join(words)} did not fail but printed {out!r}")
        expect(status, 255, f"the exit status of aws {' '.join(words)}")
        return err.strip().splitlines()[-1]

    async def _call(self, *words: str, key: str, **environment: str) -> tuple[int, str, str]:
        credentials = self.ivs.service.keys[key]
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(HOME),
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": credentials.access_key_id,
            "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
            "AWS_DEFAULT_REGION": self.ivs.service.region,
            "AWS_DEFAULT_OUTPUT": "json",
            "AWS_PAGER": "",
            **environment,
        }
        service = words[0] if words[0] == "logs" else "ivschat"
        command = (aws(), service, *(words[1:] if service == "logs" else words))
        endpoint = ("--endpoint-url", self.ivs.service.endpoint_url)
        process = await asyncio.create_subprocess_exec(*command, *endpoint, env=environment, stdout=PIPE, stderr=PIPE)
        out, err = await process.communicate()
        assert process.returncode is not None
        return process.returncode, out.decode(), err.decode()


@case("cli-01", "list-rooms, with a page size, a token and a name")
async def list_rooms(cli: Cli) -> None:
    everything = (await cli.run("list-rooms"))["rooms"]
    first = await cli.run("list-rooms", "--max-results", "1")
    second = await cli.run("list-rooms", "--max-results", "1", "--next-token", first["nextToken"])
    expect([*first["rooms"], *second["rooms"]], everything[:2], "two pages of one room")
    named = (await cli.run("list-rooms", "--name", "finals"))["rooms"]
    expect([room["name"] for room in named], ["finals"], "the rooms named finals")


@case("cli-02", "create-room, get-room, update-room, delete-room")
async def rooms(cli: Cli) -> None:
    made = await cli.run("create-room", "--name", "cli", "--maximum-message-length", "99", "--tags", "a=b")
    expect((made["name"], made["maximumMessageLength"], made["tags"]), ("cli", 99, {"a": "b"}), "the room")
    arn = made["arn"]
    changed = await cli.run("update-room", "--identifier", arn, "--maximum-message-rate-per-second", "3")
    read = await cli.run("get-room", "--identifier", arn)
    expect(read, changed | {"tags": {"a": "b"}}, "the room as it is read")
    expect(await cli.run("delete-room", "--identifier", arn), None, "what delete-room prints")
    line = await cli.fails("get-room", "--identifier", arn)
    require(line.startswith("An error occurred (ResourceNotFoundException) when calling the GetRoom operation: "), line)


@case("cli-03", "create-chat-token")
async def tokens(cli: Cli) -> None:
    arn = await cli.ivs.arn("finals")
    capabilities = ("--capabilities", "SEND_MESSAGE", "DELETE_MESSAGE")
    answer = await cli.run("create-chat-token", "--room-identifier", arn, "--user-id", "ada", *capabilities)
    expect(set(answer), {"token", "tokenExpirationTime", "sessionExpirationTime"}, "what it prints")


@case("cli-04", "delete-message: prints the operation's id")
async def delete_message(cli: Cli) -> None:
    world, place = cli.ivs.stage.sandbox.world, cli.ivs.place("finals")
    post = world.post(place, place.members[0], "spam")
    answer = await cli.run(*_deletion(await cli.ivs.arn("finals"), post.id), "--reason", "Spam — naïve")
    expect(len(answer["id"]), 12, "the length of the id")
    expect(post.deletion_reason, "Spam — naïve", "the reason of the deletion")


@case("cli-05", "send-event, disconnect-user: an id, and nothing")
async def send_event(cli: Cli) -> None:
    room = ("--room-identifier", await cli.ivs.arn("finals"))
    answer = await cli.run("send-event", *room, "--event-name", "app:POLL", "--attributes", "open=yes")
    expect(set(answer), {"id"}, "what send-event prints")
    expect(await cli.run("disconnect-user", *room, "--user-id", "ada"), None, "what disconnect-user prints")


@case("cli-06", "create-, get-, list-, update-, delete-logging-configuration")
async def logging(cli: Cli) -> None:
    destination = "cloudWatchLogs={logGroupName=/conformance/cli}"
    made = await cli.run("create-logging-configuration", "--name", "cli", "--destination-configuration", destination)
    identifier = ("--identifier", made["arn"])
    expect(await cli.run("get-logging-configuration", *identifier), made, "the configuration")
    listed = (await cli.run("list-logging-configurations"))["loggingConfigurations"]
    require(made["arn"] in {one["arn"] for one in listed}, "it is not listed")
    s3 = ("--destination-configuration", "s3={bucketName=conformance}")
    changed = await cli.run("update-logging-configuration", *identifier, *s3)
    expect(changed["destinationConfiguration"], {"s3": {"bucketName": "conformance"}}, "the destination")
    expect(await cli.run("delete-logging-configuration", *identifier), None, "what deleting prints")


@case("cli-07", "tag-resource, list-tags-for-resource, untag-resource")
async def tags(cli: Cli) -> None:
    resource = ("--resource-arn", await cli.ivs.new_room())
    await cli.run("tag-resource", *resource, "--tags", "a=1,b=2")
    await cli.run("untag-resource", *resource, "--tag-keys", "a")
    expect(await cli.run("list-tags-for-resource", *resource), {"tags": {"b": "2"}}, "the tags")


@case("cli-08", "logs get-log-events: the newest records, older pages, and the end by its repeated token")
async def get_log_events(cli: Cli) -> None:
    stream = _stream(cli)
    newest = await cli.run("logs", "get-log-events", *stream, "--limit", "5")
    older = await cli.run(
        "logs", "get-log-events", *stream, "--limit", "5", "--next-token", newest["nextBackwardToken"]
    )
    times = [event["timestamp"] for page in (older, newest) for event in page["events"]]
    expect((len(times), times), (10, sorted(times)), "two pages of five, in order")
    oldest = await cli.run("logs", "get-log-events", *stream, "--start-from-head", "--limit", "1")
    token = oldest["nextBackwardToken"]
    again = await cli.run("logs", "get-log-events", *stream, "--next-token", token)
    expect((again["events"], again["nextBackwardToken"]), ([], token), "what is before the oldest record")


@case("cli-09", "logs get-log-events: a record is the frame with time, type and version")
async def log_records(cli: Cli) -> None:
    page = await cli.run("logs", "get-log-events", *_stream(cli), "--limit", "50")
    records = [json.loads(event["message"]) for event in page["events"]]
    for record in records:
        expect(set(record), {"event_timestamp", "type", "payload", "version"}, "the members of a record")
        expect(record["payload"]["Type"], record["type"], "the frame's type")
    require({record["type"] for record in records} <= {"MESSAGE", "EVENT"}, "there are records of another type")


@case("cli-10", "logs filter-log-events: by stream, time, pattern and count")
async def filter_log_events(cli: Cli) -> None:
    group, name = _stream(cli)[1], _stream(cli)[3]
    words = ("logs", "filter-log-events", "--log-group-name", group, "--log-stream-names", name, "--no-paginate")
    pattern = ("--filter-pattern", '{ $.type = "MESSAGE" }')
    everything = (await cli.run(*words))["events"]
    messages = (await cli.run(*words, *pattern))["events"]
    wanted = [event for event in everything if json.loads(event["message"])["type"] == "MESSAGE"]
    expect(messages, wanted, "the messages among the records")
    since = everything[len(everything) // 2]["timestamp"]
    later = (await cli.run(*words, "--start-time", str(since)))["events"]
    expect(later, [event for event in everything if event["timestamp"] >= since], "the records since then")
    require(len((await cli.run(*words, "--limit", "2"))["events"]) == 2, "a page of two is not of two")


@case("cli-11", "logs: a record is there ten seconds after it happened, not before")
async def logs_lag(cli: Cli) -> None:
    world, place = cli.ivs.stage.sandbox.world, cli.ivs.place("finals")
    post = world.post(place, place.members[0], "fresh")
    words = ("logs", "get-log-events", *_stream(cli), "--limit", "1")
    require(post.id not in str(await cli.run(*words)), "the record is there at once")
    cli.ivs.stage.clock.advance(60)
    require(post.id in str(await cli.run(*words)), "the record is not there after a minute")


@case("cli-12", "error text: AccessDeniedException")
async def access_denied(cli: Cli) -> None:
    line = await cli.fails(*_deletion(await cli.ivs.arn("finals")), key="viewer")
    head = "An error occurred (AccessDeniedException) when calling the DeleteMessage operation: User: arn:aws:iam::"
    require(line.startswith(head) and "is not authorized to perform: ivschat:DeleteMessage on resource: " in line, line)


@case("cli-13", "error text: PendingVerification")
async def pending(cli: Cli) -> None:
    line = await cli.fails(*_deletion(await cli.ivs.arn("finals")), key="pending")
    require(line.startswith("An error occurred (PendingVerification) when calling the DeleteMessage operation: "), line)


@case("cli-14", "error text: ResourceNotFoundException")
async def not_found(cli: Cli) -> None:
    arn = (await cli.ivs.arn("finals")).rpartition("/")[0] + "/NoSuchRoom01"
    line = await cli.fails(*_deletion(arn))
    head = "An error occurred (ResourceNotFoundException) when calling the DeleteMessage operation: "
    require(line.startswith(head), line)


@case("cli-15", "error text: ValidationException, for what the command line itself lets pass")
async def invalid(cli: Cli) -> None:
    line = await cli.fails(*_deletion(await cli.ivs.arn("finals"), "thirteenChars"))
    require(line.startswith("An error occurred (ValidationException) when calling the DeleteMessage operation: "), line)


@case("cli-16", "error text: a reason without text is refused before anything is sent")
async def refused_locally(cli: Cli) -> None:
    line = await cli.fails(*_deletion(await cli.ivs.arn("finals")), "--reason", "")
    require("Invalid length for parameter reason, value: 0, valid min length: 1" in line, line)


@case("cli-17", "error text: ThrottlingException (reached max retries: 4)")
async def throttled(cli: Cli) -> None:
    arn = await cli.ivs.arn("finals")
    await cli.ivs.use_up_deletions(arn)
    line = await cli.fails(*_deletion(arn))
    head = "An error occurred (ThrottlingException) when calling the DeleteMessage operation (reached max retries: 4): "
    require(line.startswith(head), line)


@case("cli-18", "error text: an unknown key, a wrong secret")
async def signatures(cli: Cli) -> None:
    unknown = await cli.fails("list-rooms", AWS_ACCESS_KEY_ID="AKIANOSUCHKEY0000000")
    require("(UnrecognizedClientException)" in unknown, unknown)
    wrong = await cli.fails("list-rooms", AWS_SECRET_ACCESS_KEY="not-the-secret")
    require("(InvalidSignatureException)" in wrong or "(SignatureDoesNotMatch)" in wrong, wrong)


@case("cli-19", "error text: logs of a stream that is not there")
async def no_stream(cli: Cli) -> None:
    group = _stream(cli)[1]
    words = ("--log-group-name", group, "--log-stream-name", "aws/IVSChatLogs/1.0/room_NoSuchRoom01")
    line = await cli.fails("logs", "get-log-events", *words)
    head = "An error occurred (ResourceNotFoundException) when calling the GetLogEvents operation: The specified log"
    require(line.startswith(head), line)


@case("cli-20", "error text: logs that the key may not read")
async def logs_denied(cli: Cli) -> None:
    line = await cli.fails("logs", "get-log-events", *_stream(cli), key="nologs")
    require("(AccessDeniedException)" in line and "logs:GetLogEvents" in line, line)


def _deletion(arn: str, message_id: str = "neverWas0001") -> tuple[str, ...]:
    return "delete-message", "--room-identifier", arn, "--id", message_id


def _stream(cli: Cli) -> tuple[str, str, str, str]:
    """The log stream of a room in which there is much to read."""
    place = cli.ivs.place("finals")
    assert place.log_group is not None
    return "--log-group-name", place.log_group, "--log-stream-name", f"aws/IVSChatLogs/1.0/room_{place.id}"


async def run(report: Report) -> None:
    """Play every case of the command line."""
    async with ivs_stage() as ivs:
        await play(report, CASES.cases, Cli(ivs))
