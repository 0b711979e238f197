"""The usual ways of deleting many messages on IVS, for comparison. Each takes a service and returns seconds."""

import os
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError

from tests.bench.limits import LimitedService
from tests.conformance import installation

THREADS = 16


def client(service: LimitedService, mode: str) -> Any:
    """A boto3 client with one of its retry modes."""
    import boto3

    return boto3.client(
        "ivschat",
        region_name=service.ready["region"],
        endpoint_url=service.ready["endpoint_url"],
        aws_access_key_id=service.ready["access_key_id"],
        aws_secret_access_key=service.ready["secret_access_key"],
        config=Config(retries={"mode": mode, "max_attempts": 3}, max_pool_connections=THREADS),
    )


def boto3_loop(service: LimitedService) -> float:
    """One call after the other."""
    ivs = client(service, "standard")
    began_at = time.perf_counter()
    for message_id in service.message_ids:
        ivs.delete_message(roomIdentifier=service.ready["room_arn"], id=message_id)
    return time.perf_counter() - began_at


def boto3_threads(service: LimitedService, mode: str) -> float:
    """Threads that leave the limit to boto3's retries; what they give up stays undeleted."""
    ivs = client(service, mode)

    def delete(message_id: str) -> None:
        try:
            ivs.delete_message(roomIdentifier=service.ready["room_arn"], id=message_id)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ThrottlingException":
                raise

    began_at = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(delete, service.message_ids))
    return time.perf_counter() - began_at


def aws_cli() -> str | None:
    """The AWS command line: that of `make conformance`, else one on the PATH; `None` where there is neither."""
    return shutil.which(installation.aws()) or shutil.which("aws")


def aws_cli_loop(service: LimitedService, aws: str) -> float:
    """A process a call."""
    ready = service.ready
    keys = {"AWS_ACCESS_KEY_ID": ready["access_key_id"], "AWS_SECRET_ACCESS_KEY": ready["secret_access_key"]}
    where = ("--region", ready["region"], "--endpoint-url", ready["endpoint_url"])
    began_at = time.perf_counter()
    for message_id in service.message_ids:
        arguments = ("delete-message", "--room-identifier", ready["room_arn"], "--id", message_id)
        subprocess.run(
            [aws, *where, "ivschat", *arguments], env={**os.environ, **keys}, check=True, capture_output=True
        )
    return time.perf_counter() - began_at
