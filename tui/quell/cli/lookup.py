"""What can be found out about messages that shall be deleted, before anything is."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from msgspec.structs import replace

from quell.cli.errors import CommandError
from quell.cli.opening import opened
from quell.cli.resolve import look_up
from quell.config import Account, Config
from quell.moderation.deletion import Reason, Target
from quell.moderation.reasons import problem_with
from quell_providers.model import Message, Room
from quell_providers.provider import Forecast, Provider
from quell_providers.refusal import RefusalKind, RefusedError

LOOK_BACK = 200
"""How many of a room's newest messages are looked through for author and text of the given ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the command line asks to delete."""

    config: Config
    account: Account
    room: str
    """Id or name."""
    ids: tuple[str, ...]
    """Distinct, at least one."""
    reason: Reason
    grace_seconds: float
    urgent: bool = False
    reviewed: Mapping[str, Message] = field(default_factory=dict)
    """By id: messages as someone saw them who decided on them earlier. Those that were edited since are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an order is about."""

    provider: Provider
    room: Room
    targets: tuple[Target, ...]
    """One for each id that is not `changed`, in the order given."""
    messages: Mapping[str, Message]
    """By id; only those among the newest messages of the room."""
    changed: tuple[str, ...] = ()
    """Ids of messages that are not any more what was reviewed."""
    unchecked: tuple[str, ...] = ()
    """Ids of reviewed messages that could not be looked at again."""

    async def forecasts(self) -> list[Forecast]:
        """What the service is expected to answer, one for each target. Raises `RefusedError`."""
        known = [self.messages[target.message_id] for target in self.targets if target.message_id in self.messages]
        answers = await self.provider.forecast(known) if known else ()
        by_id = {message.id: answer for message, answer in zip(known, answers, strict=True)}
        unknown = Forecast(verdict="unknown", cause=f"Not among the newest {LOOK_BACK} messages of the room")
        return [by_id.get(target.message_id, unknown) for target in self.targets]


@asynccontextmanager
async def looked_up(order: Order) -> AsyncIterator[Found]:
    """Log in and find the room and what is known of the messages; the provider is closed at the end.

    Raises:
        CommandError: The reason can not be used, or there is no such room.
        RefusedError: The service lets nobody in, or can not be reached.
    """
    async with opened(order.account) as provider:
        check_reason(order, provider.capabilities.reason_limit)
        login = await acting_account(provider)
        room = await look_up(order.account.name, order.room, provider)
        messages = await _newest(provider, room.id)
        changed = tuple(id_ for id_ in order.ids if _is_changed(order.reviewed.get(id_), messages.get(id_)))
        unchecked = tuple(id_ for id_ in order.ids if id_ in order.reviewed and id_ not in messages)
        about = Target(
            account=order.account.name,
            provider=order.account.plugin.name,
            room_id=room.id,
            room_name=room.name,
            message_id="",
            endpoint_host=provider.endpoint_host,
            acting_account=login,
        )
        kept = (id_ for id_ in order.ids if id_ not in changed)
        targets = tuple(_target(about, id_, messages.get(id_) or order.reviewed.get(id_)) for id_ in kept)
        yield Found(
            provider=provider, room=room, targets=targets, messages=messages, changed=changed, unchecked=unchecked
        )


def check_reason(order: Order, limit: int | None) -> None:
    """Raise `CommandError` when the reason breaks the service's rules or the policy's."""
    problem = problem_with(order.reason.text, limit, order.config.deletion.reason_required)
    if problem:
        codes = ", ".join(preset.code for preset in order.config.reasons if preset.text)
        raise CommandError(problem, remedy=f"give one with --reason; or one of these: {codes}")


async def acting_account(provider: Provider) -> str:
    """The service's id of the login; empty when it does not tell now, or not this login: nothing depends on it."""
    try:
        return (await provider.login()).id
    except RefusedError as error:
        if error.refusal.kind is RefusalKind.LOGIN:
            raise
        return ""


async def _newest(provider: Provider, room_id: str) -> dict[str, Message]:
    """The newest messages by id; none when the room's history can not be read, for nothing depends on it."""
    try:
        page = await provider.history(room_id, limit=LOOK_BACK)
    except RefusedError:
        return {}
    return {message.id: message for message in page.messages}


def _is_changed(reviewed: Message | None, now: Message | None) -> bool:
    if reviewed is None or now is None or now.deleted:
        return False
    return (reviewed.author.id, reviewed.text) != (now.author.id, now.text)


def _target(about: Target, message_id: str, message: Message | None) -> Target:
    """A target like `about`, with another id and what is known of that message."""
    if message is None:
        return replace(about, message_id=message_id)
    return replace(
        about,
        message_id=message_id,
        author_id=message.author.id,
        author_name=message.author.name,
        text=message.text,
        sent_at=message.sent_at,
        attachments=message.attachments,
        thread_id=message.thread_id,
    )
