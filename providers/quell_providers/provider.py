"""The contract between Quell and a chat service.

A provider speaks one service's protocol for one account. It keeps no files, makes no policy and knows no user
interface; it never retries a deletion by itself, because only the deletion engine knows what was already tried.
Every method raises `RefusedError` and nothing else.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from quell_providers.model import Author, Event, Message, Room, RoomsEvent
from quell_providers.refusal import Refusal, RefusalKind, RefusedError


class Quota(Struct, frozen=True, kw_only=True):
    """How many calls a service allows, as known beforehand or as its last answer told."""

    shape: Literal["bucket", "window"]
    """`bucket` refills steadily (IVS); `window` allows `calls` and then nothing until it resets (Rocket.Chat)."""
    calls: int
    """Calls in one period; also the burst."""
    seconds: float
    """Length of the period."""
    remaining: int | None = None
    """Calls left in this period, where the service told."""
    reset_in: float | None = None
    """Seconds until the period ends, where the service told."""


class Capabilities(Struct, frozen=True, kw_only=True):
    """What a service can do, known before anything is asked of it."""

    reason_limit: int | None
    """Characters of a reason that the service takes; `None`: it takes none, and the reason stays in the journal."""
    deletion_quota: Quota
    """The rate to start from."""
    unlimited_without_quota: bool
    """An accepted deletion whose answer carries no quota proves that this account is not limited."""
    deletion_effect: str
    """One sentence for the confirmation: what "deleted" means on this service."""
    unread_counts: bool
    """The service counts unread messages."""
    disconnects: bool = False
    """The service can end all connections of an author (`Provider.disconnect`)."""


class Identity(Struct, frozen=True, kw_only=True):
    """Who the account is, as the service knows it."""

    id: str
    name: str
    roles: tuple[str, ...] = ()


class HistoryPage(Struct, frozen=True, kw_only=True):
    """A run of older messages."""

    messages: tuple[Message, ...]
    """Oldest first."""
    older: str | None = None
    """Pass as `before` for the page before this one; `None` when there is none."""
    missing: Refusal | None = None
    """Set when the room has no history that can be read: why, and which setting or permission would give one."""


class Accepted(Struct, frozen=True, kw_only=True):
    """The service answered a deletion with success."""

    operation_id: str | None = None
    """The service's id of this operation, where it gives one (IVS)."""
    quota: Quota | None = None
    """What the answer said of the rate allowed; `None` where it said nothing."""


class Forecast(Struct, frozen=True, kw_only=True):
    """What we expect the service to answer to the deletion of one message."""

    verdict: Literal["allowed", "refused", "unknown"]
    cause: str = ""
    """Why refused or unknown, in plain language."""
    remedy: str = ""
    """What would make it allowed: the permission, role, setting or policy statement by its name."""


class Provider(ABC):
    """One account on one service."""

    capabilities: Capabilities
    endpoint_host: str = ""
    """Host of whom deletions are asked, with its port where the configuration names one; for the record, so never with
    a secret. Empty: the provider does not say."""
    ask_code: Callable[[str], Awaitable[str]] | None = None
    """Asks the person at the keyboard for a code that a login takes, and returns what was typed, without blanks around
    it; empty: none was given. `None`: nobody can be asked. To be set by whoever opened the provider."""

    @abstractmethod
    async def login(self) -> Identity:
        """Prove that the credentials work. Safe to call again; every other method logs in by itself."""

    async def renewed(self) -> bool:
        """Whether credentials that were refused were renewed outside since, so that a login may succeed now.

        Reads them anew from where they come. Asks the service only where a login that fails again does no harm: others
        lock an account after a few. May be called now and then for as long as the login is refused.
        """
        return False

    @abstractmethod
    async def rooms(self) -> tuple[Room, ...]:
        """All rooms that this account may read, over all pages."""

    async def find_rooms(self, reference: str) -> tuple[Room, ...]:
        """The rooms that `reference` may mean: the one with this id, else all with exactly this name.

        A service with a longer form of its ids takes that as well (IVS: the ARN). No room is no error.
        """
        rooms = await self.rooms()
        return tuple(room for room in rooms if room.id == reference) or tuple(
            room for room in rooms if room.name == reference
        )

    async def public_rooms(self) -> tuple[Room, ...]:
        """Rooms that the account is not in but may read all the same; asked for only on demand."""
        return ()

    async def staff(self, room_id: str) -> tuple[Author, ...]:
        """Who moderates a room, where the service tells; asked for only of rooms that are looked at."""
        return ()

    async def watch_rooms(self) -> AsyncGenerator[RoomsEvent, None]:
        """How the list of rooms changes after `rooms` was called, until closed; nothing where a service does not tell.

        Reconnects by itself, and tells then what changed meanwhile. `Unread` comes for rooms that nobody follows.
        Raises `RefusedError` when the service lets the account in no more.
        """
        nothing: tuple[RoomsEvent, ...] = ()
        for event in nothing:  # an asynchronous generator that is over at once
            yield event

    @abstractmethod
    async def history(self, room_id: str, *, limit: int = 100, before: str | None = None) -> HistoryPage:
        """Up to `limit` messages that are older than `before`, or the newest ones."""

    @abstractmethod
    def follow(self, room_id: str) -> AsyncGenerator[Event, None]:
        """Live events of one room, until closed.

        Reconnects by itself with backoff, says so with `StateChanged`, and after each reconnect yields what was
        missed, or a `Gap` where that can not be known. After a `StateChanged` to `refused` it ends.
        """

    @abstractmethod
    async def forecast(self, messages: Sequence[Message]) -> tuple[Forecast, ...]:
        """What the service would answer to each of these deletions; one forecast a message, in order. Never deletes."""

    @abstractmethod
    async def delete(self, room_id: str, message_id: str, reason: str | None) -> Accepted:
        """Ask once for one deletion. `reason` is sent only where `capabilities.reason_limit` is set."""

    async def disconnect(self, room_id: str, author_id: str, reason: str | None) -> None:
        """Ask once to end all of an author's connections to a room, where `capabilities.disconnects`.

        It bans nobody: who is given a new token comes back.
        """
        raise RefusedError(
            Refusal(
                kind=RefusalKind.INVALID,
                cause="This service can not end an author's connections.",
                remedy="Remove the author with the means of the service itself.",
            )
        )

    def unreadable(self) -> Mapping[str, int]:
        """By room id: how many frames and log records could not be understood and were passed over so far."""
        return {}

    async def exists(self, room_id: str, message_id: str) -> bool | None:
        """Whether the message is there and not deleted; `None` where the service can not tell."""
        return None

    @abstractmethod
    async def aclose(self) -> None:
        """End every stream and give back every socket and thread."""


class ProviderPlugin(Struct, frozen=True):
    """What the entry-point group `quell.providers` names: a service that can be configured without being imported."""

    name: str
    """The value of `provider = "…"` in the configuration."""
    title: str
    """The service's own name, for people."""
    settings: type[Struct]
    """The keys of an account's table; fields of type `Secret` take the forms `{ env = … }` and so on."""
    open: Callable[[Struct], Provider]
    """Makes a provider from settings of the type above, importing the service's libraries only now."""
