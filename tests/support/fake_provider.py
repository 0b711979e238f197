"""A provider that says what a test tells it to say."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence

from quell_providers.model import Author, Deleted, Edited, Event, Message, Posted, Room, RoomsEvent, StateChanged
from quell_providers.provider import (
    Accepted,
    Capabilities,
    Forecast,
    HistoryPage,
    Identity,
    Provider,
    Quota,
)
from quell_providers.refusal import Refusal, RefusalKind, RefusedError

BUCKET = Capabilities(
    reason_limit=256,
    deletion_quota=Quota(shape="bucket", calls=100, seconds=1.0),
    unlimited_without_quota=False,
    deletion_effect="Viewers are asked to hide the message.",
    unread_counts=False,
    disconnects=True,
)
WINDOW = Capabilities(
    reason_limit=None,
    deletion_quota=Quota(shape="window", calls=10, seconds=60.0),
    unlimited_without_quota=True,
    deletion_effect="The message is removed for everyone.",
    unread_counts=True,
)

NO_CODE = Refusal(
    kind=RefusalKind.LOGIN,
    code="totp-required",
    detail="TOTP Required [totp-required]",
    cause="The server asks for a second factor, and none was given.",
    remedy="make a personal access token with Ignore Two Factor",
)
NOT_ALLOWED = Refusal(
    kind=RefusalKind.PERMISSION,
    code="error-action-not-allowed",
    detail="Not allowed [error-action-not-allowed]",
    cause="older than 10 minutes",
    remedy="needs bypass-time-limit-edit-and-delete",
)


def message(
    number: int, text: str, *, author: str = "Amara Okafor", room: str = "r1", at: float = 1_767_258_000.0
) -> Message:
    """A message with an id made of its number, sent that many seconds after a fixed time."""
    return Message(
        id=f"m{number:04}",
        room_id=room,
        author=Author(id=author.casefold().replace(" ", "."), name=author),
        text=text,
        sent_at=at + number,
    )


class FakeProvider(Provider):
    """Rooms and history are given; live events are what `tell` is called with; deletions are answered from `answers`.

    Args:
        rooms: What `rooms` lists.
        history: Messages by room id, oldest first.
        capabilities: As of a service.
    """

    def __init__(
        self,
        rooms: Sequence[Room],
        history: dict[str, Sequence[Message]] | None = None,
        capabilities: Capabilities = BUCKET,
    ) -> None:
        self.capabilities = capabilities
        self.endpoint_host = "chat.example.org"
        self.login_refusal: Refusal | None = None
        self.logins = self.looks = 0
        """How often a login was asked for, and a look at the credentials."""
        self.is_renewed = False
        self.missing_history: Refusal | None = None
        self.answers: dict[str, Refusal] = {}
        """Refusals by message id; every other deletion is accepted."""
        self.forecasts: dict[str, Forecast] = {}
        self.deleted: list[tuple[str, str, str | None]] = []
        self.confirming = True
        """Whether an accepted deletion is followed by its event."""
        self.public: tuple[Room, ...] | Refusal = ()
        """Rooms that the account is not in, or why there are none to be had."""
        self.code: str | None = None
        """The code of a second factor that every login takes."""
        self.disconnect_refusal: Refusal | None = None
        self.disconnected: list[tuple[str, str, str | None]] = []
        self.rooms_news: asyncio.Queue[RoomsEvent | Refusal] = asyncio.Queue()
        """How the list of rooms changes; a refusal ends it."""
        self.moderators: dict[str, tuple[Author, ...] | Refusal] = {}
        """Who moderates a room, or why that is not told."""
        self.unreadable_frames: dict[str, int] = {}
        """How many frames of a room could not be understood."""
        self._rooms = tuple(rooms)
        self._history = {room_id: tuple(messages) for room_id, messages in (history or {}).items()}
        self._streams: defaultdict[str, asyncio.Queue[Event]] = defaultdict(asyncio.Queue)
        self.link_states: dict[str, StateChanged] = {}

    def tell(self, event: Event) -> None:
        """Let an event arrive."""
        room_id = event.message.room_id if isinstance(event, Posted | Edited) else getattr(event, "room_id", "")
        self._streams[room_id].put_nowait(event)

    async def renewed(self) -> bool:
        self.looks += 1
        return self.is_renewed

    async def login(self) -> Identity:
        self.logins += 1
        if self.login_refusal is not None:
            raise RefusedError(self.login_refusal)
        again = ""
        while self.code is not None:
            code = "" if self.ask_code is None else await self.ask_code(f"{again}The server asks for a code:")
            if not code:
                raise RefusedError(NO_CODE)
            if code == self.code:
                break
            again = "That code is not right. "
        return Identity(id="u1", name="moderator", roles=("user",))

    async def rooms(self) -> tuple[Room, ...]:
        return self._rooms

    async def public_rooms(self) -> tuple[Room, ...]:
        if isinstance(self.public, Refusal):
            raise RefusedError(self.public)
        return self.public

    async def staff(self, room_id: str) -> tuple[Author, ...]:
        told = self.moderators.get(room_id, ())
        if isinstance(told, Refusal):
            raise RefusedError(told)
        return told

    async def watch_rooms(self) -> AsyncGenerator[RoomsEvent, None]:
        while not isinstance(news := await self.rooms_news.get(), Refusal):
            yield news
        raise RefusedError(news)

    def unreadable(self) -> dict[str, int]:
        return self.unreadable_frames

    async def history(self, room_id: str, *, limit: int = 100, before: str | None = None) -> HistoryPage:
        if self.missing_history is not None:
            return HistoryPage(messages=(), missing=self.missing_history)
        return HistoryPage(messages=self._history.get(room_id, ()))

    async def follow(self, room_id: str) -> AsyncGenerator[Event, None]:
        yield self.link_states.get(room_id, StateChanged(room_id, "live"))
        while True:
            yield await self._streams[room_id].get()

    async def forecast(self, messages: Sequence[Message]) -> tuple[Forecast, ...]:
        return tuple(self.forecasts.get(each.id, Forecast(verdict="allowed")) for each in messages)

    async def delete(self, room_id: str, message_id: str, reason: str | None) -> Accepted:
        self.deleted.append((room_id, message_id, reason))
        refusal = self.answers.get(message_id)
        if refusal is not None:
            raise RefusedError(refusal)
        if self.confirming:
            self.tell(Deleted(room_id, message_id, reason))
        return Accepted(operation_id=f"op-{message_id}")

    async def disconnect(self, room_id: str, author_id: str, reason: str | None) -> None:
        self.disconnected.append((room_id, author_id, reason))
        if self.disconnect_refusal is not None:
            raise RefusedError(self.disconnect_refusal)

    async def aclose(self) -> None:
        return
