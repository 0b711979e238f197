"""Checks the signature of a call: AWS Signature Version 4.

The age of a signature is not checked: the sandbox may run on a clock that stands still.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from quell_providers.sandbox.ivs import errors, names
from quell_providers.sandbox.ivs.keys import AccessKey

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/,\s]+)/(?P<date>\d{8})/(?P<region>[^/,\s]+)/(?P<service>[^/,\s]+)"
    r"/aws4_request,\s*SignedHeaders=(?P<headers>[^,\s]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_MUST_BE_SIGNED = {"host", "x-amz-date"}


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request, as it was signed."""

    method: str
    path: str
    """As on the wire, still percent-encoded."""
    query: str
    headers: Mapping[str, str]
    """By name in any case."""
    body: bytes


def signer(call: Call, service: str, keys: Mapping[str, AccessKey]) -> AccessKey:
    """The key that a call was signed with.

    Args:
        service: The signing name that the call must be scoped to: `ivschat` or `logs`.
        keys: All keys, by access key id.

    Raises:
        AwsError: The call is not signed, signed with an unknown key, for another service or region, or wrongly.
    """
    headers = {name.lower(): " ".join(value.split()) for name, value in call.headers.items()}
    claim = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if claim is None:
        raise errors.unsigned()
    key = keys.get(claim["key"])
    if key is None:
        raise errors.unknown_key()
    if (claim["service"], claim["region"]) != (service, names.REGION):
        raise errors.wrong_scope(service)
    signed = claim["headers"].split(";")
    if not _MUST_BE_SIGNED <= set(signed) <= headers.keys():
        raise errors.wrong_signature()
    scope = "/".join((claim["date"], claim["region"], claim["service"], "aws4_request"))
    to_sign = "\n".join(("AWS4-HMAC-SHA256", headers["x-amz-date"], scope, _digest(call, signed, headers)))
    expected = hmac.new(_signing_key(key, scope), to_sign.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, claim["signature"]):
        raise errors.wrong_signature()
    return key


def _digest(call: Call, signed: list[str], headers: Mapping[str, str]) -> str:
    canonical = "\n".join(
        (
            call.method,
            quote(call.path, safe="/~"),
            "&".join(sorted(call.query.split("&"), key=lambda pair: pair.partition("="))),
            *(f"{name}:{headers[name]}" for name in signed),
            "",
            ";".join(signed),
            hashlib.sha256(call.body).hexdigest(),
        )
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _signing_key(key: AccessKey, scope: str) -> bytes:
    secret = f"AWS4{key.secret_access_key}".encode()
    for part in scope.split("/"):
        secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
    return secret
