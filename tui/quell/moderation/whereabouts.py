"""Where and as whom deletions were confirmed, against where their accounts lead now."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from quell.moderation.deletion import OPEN, Deletion, Target


class MovedError(Exception):
    """An account leads to another host than the one its messages are on; nothing may be deleted there."""

    def __init__(self, account: str, confirmed: str, now: str) -> None:
        self.problem = (
            f"This batch was confirmed for {confirmed}, but the account {account} leads to {now} now; "
            "nothing was deleted."
        )
        """What is wrong, in one sentence."""
        self.remedy = f"Let {account} lead to {confirmed} again, or end the batch: settle or close it."
        """What helps, in one sentence."""
        super().__init__(f"{self.problem} {self.remedy}")


class OtherLogin(NamedTuple):
    """An account that is logged in as somebody else than when its deletions were confirmed."""

    account: str
    confirmed: str
    """The service's id of the login then; it stays on record."""
    now: str


def is_elsewhere(target: Target, host: str) -> bool:
    """Whether this host is not the one that a message is on. What is not known on either side differs from nothing."""
    return bool(target.endpoint_host and host) and target.endpoint_host.casefold() != host.casefold()


def check_hosts(deletions: Iterable[Deletion], host_of: Callable[[str], str]) -> None:
    """Compare whom open deletions were to be asked of with whom they would be asked of now.

    Args:
        deletions: Of one batch.
        host_of: The host to which an account leads; empty where that is not known.

    Raises:
        MovedError: It is another one.
    """
    for target in _open_targets(deletions):
        host = host_of(target.account)
        if is_elsewhere(target, host):
            raise MovedError(target.account, target.endpoint_host, host)


def other_logins(deletions: Iterable[Deletion], login_of: Callable[[str], str]) -> list[OtherLogin]:
    """The accounts of open deletions that are known to be logged in as somebody else by now.

    That forbids nothing: temporary credentials of AWS have another id every time.

    Args:
        deletions: Of one batch.
        login_of: The service's id of whom an account is logged in as; empty where that is not known.
    """
    pairs = ((target, login_of(target.account)) for target in _open_targets(deletions))
    found = (OtherLogin(target.account, target.acting_account, now) for target, now in pairs if now)
    return list(dict.fromkeys(each for each in found if each.confirmed and each.confirmed != each.now))


def told(login: OtherLogin) -> str:
    """What is to be known of deletions that somebody else goes on with."""
    return (
        f"{login.account} is logged in as {login.now}; the batch was confirmed as {login.confirmed}, "
        "and its record goes on naming that one"
    )


def _open_targets(deletions: Iterable[Deletion]) -> Iterable[Target]:
    return (deletion.target for deletion in deletions if deletion.state in OPEN)
