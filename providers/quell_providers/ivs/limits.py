"""What the service takes (API model `ivschat`, 2020-07-14), checked before anything is sent.

boto3 checks only that something is there and not too short; whatever is too long or of a wrong form it would send.
"""

import re

from quell_providers.ivs.refusals import refuse
from quell_providers.refusal import RefusalKind

REASON_LIMIT = 256
_USER_ID_LIMIT = 128
_ARN_LIMIT = 128
_ID = re.compile(r"[a-zA-Z0-9]{12}")
_ARN = re.compile(r"arn:aws:ivschat:([a-z0-9-]+):[0-9]+:room/[a-zA-Z0-9-]+")
_ROOM_NAME = re.compile(r"[a-zA-Z0-9_-]{0,128}")


def check(problem: str, remedy: str = "") -> None:
    """Raise `RefusedError` (`INVALID`) when there is a problem."""
    if problem:
        raise refuse(RefusalKind.INVALID, problem, remedy)


def id_problem(value: str, what: str) -> str:
    """Why this can not be the id of a room or message; empty when it can."""
    if _ID.fullmatch(value):
        return ""
    return f"{value!r} can not be the id of a {what}: Amazon IVS Chat's ids are 12 letters and digits."


def arn_problem(arn: str, region: str) -> str:
    """Why this can not be the ARN of a room in this region; empty when it can."""
    form = _ARN.fullmatch(arn)
    if form is None or len(arn) > _ARN_LIMIT:
        return f"{arn!r} can not be the ARN of a room, which looks like arn:aws:ivschat:REGION:ACCOUNT:room/ID."
    if form[1] != region:
        return f"{arn!r} is a room in {form[1]}, and this account is set to {region}."
    return ""


def is_room_name(value: str) -> bool:
    """Whether a room can have this name."""
    return bool(_ROOM_NAME.fullmatch(value))


def reason_problem(reason: str | None) -> str:
    """Why the service would not take this reason; empty when it would, or when there is none."""
    if reason is None or len(reason) <= REASON_LIMIT:
        return ""
    return f"The reason has {len(reason)} characters; Amazon IVS Chat takes {REASON_LIMIT}."


def user_id_problem(value: str) -> str:
    """Why this can not be the id of a user; empty when it can."""
    if 1 <= len(value) <= _USER_ID_LIMIT:
        return ""
    return f"{value!r} can not be the id of a user: Amazon IVS Chat's have 1 to {_USER_ID_LIMIT} characters."
