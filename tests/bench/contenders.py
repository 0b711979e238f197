"""The usual ways of deleting many messages on IVS, for comparison."""

import os
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError

from tests.bench.limited_service import ROOM_ARN

REGION = "us-west-2"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}


def client(url: str, mode: str) -> Any:
    import boto3

    return boto3.client(
        "ivschat",
        region_name=REGION,
        endpoint_url=url,
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"mode": mode, "max_attempts": 3}, max_pool_connections=16),
    )


def message_ids(count: int) -> list[str]:
    return [f"m{number:011}" for number in range(count)]


def boto3_loop(url: str, count: int) -> float:
    """Seconds that one call after the other takes."""
    ivs = client(url, "standard")
    began_at = time.perf_counter()
    for message_id in message_ids(count):
        ivs.delete_message(roomIdentifier=ROOM_ARN, id=message_id)
    return time.perf_counter() - began_at


def boto3_threads(url: str, count: int, mode: str) -> float:
    """Seconds that 16 threads take which leave the limit to boto3's retries; what they give up stays undeleted."""
    ivs = client(url, mode)

    def delete(message_id: str) -> None:
        try:
            ivs.delete_message(roomIdentifier=ROOM_ARN, id=message_id)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ThrottlingException":
                raise

    began_at = time.perf_counter()
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(delete, message_ids(count)))
    return time.perf_counter() - began_at


def aws_cli_loop(url: str, count: int) -> float | None:
    """Seconds that the AWS CLI takes, a process a call; `None` where it is not installed."""
    aws = shutil.which("aws")
    if aws is None:
        return None
    began_at = time.perf_counter()
    for message_id in message_ids(count):
        arguments = ("delete-message", "--room-identifier", ROOM_ARN, "--id", message_id)
        command = [aws, "--region", REGION, "--endpoint-url", url, "ivschat", *arguments]
        subprocess.run(command, env={**os.environ, **KEYS}, check=True, capture_output=True)
    return time.perf_counter() - began_at
