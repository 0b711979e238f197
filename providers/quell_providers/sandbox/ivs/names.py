"""How AWS names the sandbox's resources."""

import hashlib
import re

from quell_providers.sandbox.world import ALPHABET, Place

REGION = "us-west-2"
ACCOUNT = "482915073366"
"""A made-up AWS account id."""

ROOM_ARN = re.compile(r"arn:aws:ivschat:[a-z0-9-]+:[0-9]+:room/[a-zA-Z0-9-]+")
LOGGING_ARN = re.compile(r"arn:aws:ivschat:[a-z0-9-]+:[0-9]+:logging-configuration/[a-zA-Z0-9-]+")
RESOURCE_ARN = re.compile(r"arn:aws:ivschat:[a-z0-9-]+:[0-9]+:[a-z-]+/[a-zA-Z0-9-]+")
LAMBDA_ARN = re.compile(r"(arn:aws:lambda:[a-z0-9-]+:[0-9]{12}:function:.+)?")


def room_arn(room_id: str) -> str:
    """The ARN of the room with this id."""
    return f"arn:aws:ivschat:{REGION}:{ACCOUNT}:room/{room_id}"


def logging_id(log_group: str) -> str:
    """Id of the logging configuration that a room with this log group has from the start: 12 letters and digits."""
    digest = hashlib.sha256(log_group.encode()).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:12])


def logging_arn(log_group: str) -> str:
    """The ARN of the logging configuration that a room with this log group has from the start."""
    return configuration_arn(logging_id(log_group))


def configuration_arn(configuration_id: str) -> str:
    """The ARN of the logging configuration with this id."""
    return f"arn:aws:ivschat:{REGION}:{ACCOUNT}:logging-configuration/{configuration_id}"


def lambda_arn(function: str) -> str:
    """The ARN of a Lambda function of the account."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}"


def resource_id(arn: str) -> str:
    """The part of an ARN that tells a room or a logging configuration from the others."""
    return arn.rpartition("/")[2]


def log_stream(place: Place) -> str:
    """The log stream to which IVS writes a room."""
    return f"aws/IVSChatLogs/1.0/room_{place.id}"


def log_stream_arn(log_group: str, stream: str) -> str:
    """The ARN of a log stream, as refusals name it; of the whole group where the stream is empty."""
    return f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{log_group}:log-stream:{stream}"


def user_arn(user: str) -> str:
    """The ARN of an IAM user."""
    return f"arn:aws:iam::{ACCOUNT}:user/{user}"
