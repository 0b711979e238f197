"""Every operation of the control plane: its path, its fields, what it is about (service model `ivschat`)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from quell_providers.sandbox.ivs import names
from quell_providers.sandbox.ivs.fields import (
    Field,
    Fields,
    attributes,
    list_of,
    map_of,
    one_of,
    structure,
    text,
    union,
    whole,
)

CAPABILITIES = ("SEND_MESSAGE", "DISCONNECT_USER", "DELETE_MESSAGE")
MOST_TAGS = 50

_NAME = re.compile("[a-zA-Z0-9-_]*")
_ROOM = text(1, 128, names.ROOM_ARN)
_CONFIGURATION = text(1, 128, names.LOGGING_ARN)
_LAMBDA = text(0, 170, names.LAMBDA_ARN)
_TAG_KEY = text(1, 128)
_TAGS = map_of(_TAG_KEY, text(0, 256), most=MOST_TAGS)
MESSAGE_ID = text(12, 12, re.compile("[a-zA-Z0-9]+"))
REASON = text(1, 256)
USER_ID = text(1, 128)

_PAGE: Fields = {"maxResults": Field(whole(1, 50)), "nextToken": Field(text(0, 1024))}
_ROOM_SETTINGS: Fields = {
    "name": Field(text(0, 128, _NAME)),
    "maximumMessageRatePerSecond": Field(whole(1, 100)),
    "maximumMessageLength": Field(whole(1, 500)),
    "messageReviewHandler": Field(structure({"uri": Field(_LAMBDA), "fallbackResult": Field(one_of("ALLOW", "DENY"))})),
    "loggingConfigurationIdentifiers": Field(list_of(_CONFIGURATION, most=3)),
}
_DESTINATION = union(
    {
        "cloudWatchLogs": Field(
            structure({"logGroupName": Field(text(1, 512, re.compile(r"[\.\-_/#A-Za-z0-9]+")), required=True)})
        ),
        "s3": Field(structure({"bucketName": Field(text(3, 63, re.compile("[a-z0-9-.]+")), required=True)})),
        "firehose": Field(
            structure({"deliveryStreamName": Field(text(1, 64, re.compile("[a-zA-Z0-9_.-]+")), required=True)})
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation."""

    about: Literal["room", "logging-configuration", "any"]
    """What kind of thing it is about."""
    named_by: str = ""
    """The member that holds the ARN of the one thing it is about; empty: it is about all of them."""
    fields: Fields = field(default_factory=dict)
    verified: bool = False
    """Whether it is refused while the account is pending verification."""
    status: int = 200


def _on_room(named_by: str, fields: Fields | None = None, *, verified: bool = True, status: int = 200) -> Operation:
    all_fields = {named_by: Field(_ROOM, required=True), **(fields or {})}
    return Operation(about="room", named_by=named_by, fields=all_fields, verified=verified, status=status)


def _on_configuration(fields: Fields | None = None, *, verified: bool = True, status: int = 200) -> Operation:
    all_fields = {"identifier": Field(_CONFIGURATION, required=True), **(fields or {})}
    return Operation(
        about="logging-configuration", named_by="identifier", fields=all_fields, verified=verified, status=status
    )


def _on_tags(fields: Fields | None = None) -> Operation:
    resource = Field(text(1, 128, names.RESOURCE_ARN), required=True)
    return Operation(about="any", named_by="resourceArn", fields={"resourceArn": resource, **(fields or {})})


OPERATIONS: Mapping[str, Operation] = {
    "CreateChatToken": _on_room(
        "roomIdentifier",
        {
            "userId": Field(USER_ID, required=True),
            "capabilities": Field(list_of(one_of(*CAPABILITIES), most=100)),
            "sessionDurationInMinutes": Field(whole(1, 180)),
            "attributes": Field(attributes),
        },
    ),
    "DeleteMessage": _on_room("roomIdentifier", {"id": Field(MESSAGE_ID, required=True), "reason": Field(REASON)}),
    "DisconnectUser": _on_room("roomIdentifier", {"userId": Field(USER_ID, required=True), "reason": Field(REASON)}),
    "SendEvent": _on_room(
        "roomIdentifier", {"eventName": Field(text(1, 100), required=True), "attributes": Field(attributes)}
    ),
    "ListRooms": Operation(
        about="room",
        fields={
            "name": Field(text(0, 128, _NAME)),
            "messageReviewHandlerUri": Field(_LAMBDA),
            "loggingConfigurationIdentifier": Field(_CONFIGURATION),
            **_PAGE,
        },
    ),
    "GetRoom": _on_room("identifier", verified=False),
    "CreateRoom": Operation(about="room", fields={**_ROOM_SETTINGS, "tags": Field(_TAGS)}, verified=True),
    "UpdateRoom": _on_room("identifier", _ROOM_SETTINGS),
    "DeleteRoom": _on_room("identifier", status=204),
    "CreateLoggingConfiguration": Operation(
        about="logging-configuration",
        fields={
            "name": Field(text(0, 128, _NAME)),
            "destinationConfiguration": Field(_DESTINATION, required=True),
            "tags": Field(_TAGS),
        },
        verified=True,
    ),
    "GetLoggingConfiguration": _on_configuration(verified=False),
    "ListLoggingConfigurations": Operation(about="logging-configuration", fields=_PAGE),
    "UpdateLoggingConfiguration": _on_configuration(
        {"name": Field(text(0, 128, _NAME)), "destinationConfiguration": Field(_DESTINATION)}
    ),
    "DeleteLoggingConfiguration": _on_configuration(status=204),
    "ListTagsForResource": _on_tags(),
    "TagResource": _on_tags({"tags": Field(_TAGS, required=True)}),
    "UntagResource": _on_tags({"tagKeys": Field(list_of(_TAG_KEY, most=MOST_TAGS), required=True)}),
}
"""By name. All but those on tags are `POST /<name>`."""

TAG_METHODS: Mapping[str, str] = {"GET": "ListTagsForResource", "POST": "TagResource", "DELETE": "UntagResource"}
"""The operations at `/tags/{resourceArn}`, by HTTP method."""
