"""What an account can do on Rocket.Chat, in words for the one who is about to delete."""

from quell_providers.provider import Capabilities, Quota
from quell_providers.rocketchat.quota import DEFAULT_CALLS, DEFAULT_SECONDS
from quell_providers.rocketchat.settings import RocketChatSettings
from quell_providers.rocketchat.trail import PERMISSION

REASON_LIMIT = 1000
"""Characters of a reason that is left on the server; the server itself sets no limit."""

_EFFECT = (
    "Rocket.Chat removes the message for everybody; it can not be brought back. "
    "The workspace may keep a hidden copy, or show that a message was removed."
)
_AS_AUTHOR = (
    " It is deleted in its author's name (delete_as_author): the author's rights and time limit decide, it takes the "
    "permission force-delete-message, and a placeholder names the author as the one who deleted."
)
_REPORTED = (
    " The reason is left on the server (report_reason): the message is reported with it, and the report dismissed, "
    f"where your role has the permission {PERMISSION}; that makes three calls of each deletion."
)


def abilities(settings: RocketChatSettings) -> Capabilities:
    """What an account with these settings can do."""
    return Capabilities(
        reason_limit=REASON_LIMIT if settings.report_reason else None,
        deletion_quota=Quota(shape="window", calls=DEFAULT_CALLS, seconds=DEFAULT_SECONDS),
        unlimited_without_quota=True,
        deletion_effect="".join(
            (
                _EFFECT,
                _AS_AUTHOR if settings.delete_as_author else "",
                _REPORTED if settings.report_reason else "",
            )
        ),
        unread_counts=True,
    )
