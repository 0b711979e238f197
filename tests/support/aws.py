"""Amazon's own client on the sandbox."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3


@contextmanager
def ivs_client(told: Mapping[str, str]) -> Iterator[Any]:
    """boto3's client for IVS Chat.

    Args:
        told: What the sandbox tells of its IVS.
    """
    client = boto3.client(
        "ivschat",
        endpoint_url=told["endpoint_url"],
        region_name=told["region"],
        aws_access_key_id=told["access_key_id"],
        aws_secret_access_key=told["secret_access_key"],
    )
    try:
        yield client
    finally:
        client.close()
