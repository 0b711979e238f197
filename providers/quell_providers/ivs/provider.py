"""One account of Amazon IVS Chat."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence

from quell_providers.ivs.calls import AwsSession, Calls
from quell_providers.ivs.control import ChatClient, ControlPlane
from quell_providers.ivs.directory import Directory
from quell_providers.ivs.history import History, LogsClient
from quell_providers.ivs.limits import REASON_LIMIT, check, id_problem, reason_problem, user_id_problem
from quell_providers.ivs.live import Link
from quell_providers.ivs.lockout import Lockout
from quell_providers.ivs.messaging import dial
from quell_providers.ivs.settings import IvsSettings
from quell_providers.ivs.stream import Emit, Streams
from quell_providers.model import Event, Message, Room, RoomsEvent, StateChanged
from quell_providers.provider import Accepted, Capabilities, Forecast, HistoryPage, Identity, Provider, Quota
from quell_providers.refusal import Refusal, RefusalKind, RefusedError

_CHAT_THREADS = 16
_LOG_THREADS = 4
"""Reading history has threads of its own, so that it never keeps a deletion waiting."""

_SHORTEN = "Shorten the reason."
_UNKNOWN = Forecast(
    verdict="unknown", cause="Amazon IVS Chat tells whether this account may delete only when asked to delete."
)
_ALLOWED = Forecast(verdict="allowed")


class IvsProvider(Provider):
    """The contract of `Provider` for Amazon IVS Chat."""

    capabilities = Capabilities(
        reason_limit=REASON_LIMIT,
        deletion_quota=Quota(shape="bucket", calls=100, seconds=1.0),
        unlimited_without_quota=False,
        deletion_effect=(
            "Amazon IVS Chat tells every client in the room to hide the message; its text stays in the room's chat log."
        ),
        unread_counts=False,
        disconnects=True,
    )

    def __init__(self, settings: IvsSettings) -> None:
        session = AwsSession(settings)
        self._lockout = Lockout()
        self.endpoint_host = settings.endpoint_host
        self._settings = settings
        self._session = session
        self._chat: Calls[ChatClient] = Calls(
            lambda: session.client("ivschat", settings.endpoint_url, _CHAT_THREADS),
            threads=_CHAT_THREADS,
            profile=settings.profile,
            forget=session.forget,
            refused=self._lockout.note,
        )
        self._logs: Calls[LogsClient] = Calls(
            lambda: session.client("logs", settings.logs_endpoint_url, _LOG_THREADS),
            threads=_LOG_THREADS,
            profile=settings.profile,
            forget=session.forget,
            refused=self._lockout.note,
        )
        self._control = ControlPlane(self._chat, user_id=f"quell-{secrets.token_hex(8)}")
        self._unreadable: Counter[str] = Counter()
        self._directory = Directory(self._control, settings.region)
        self._history = History(self._control, self._logs, self._unreadable)
        self._streams = Streams()
        self._answers: dict[str, Refusal | None] = {}
        """By room: the last refusal of a deletion for want of permission, or `None` since one was accepted."""

    async def login(self) -> Identity:
        """Prove the credentials by asking for one room; being refused the right to list rooms proves them as well."""
        try:
            await self._control.probe()
        except RefusedError as error:
            if error.refusal.kind is not RefusalKind.PERMISSION:
                raise
        key_id = await self._chat.call(lambda _: self._session.access_key_id(), about="the credentials")
        return Identity(id=key_id, name=self._settings.profile or key_id)

    async def renewed(self) -> bool:
        """Ask with what the credential chain gives now: AWS locks nobody out, and an old key may be valid again."""
        try:
            await self.login()
        except RefusedError:
            return False
        return True

    async def rooms(self) -> tuple[Room, ...]:
        """ListRooms over all pages; topics and unread counts do not exist here."""
        return await self._directory.rooms()

    async def watch_rooms(self) -> AsyncGenerator[RoomsEvent, None]:
        """IVS tells of no change. Ends with the refusal when a call for whatever room finds the credentials refused."""
        refusal = await self._lockout.wait()
        if refusal is not None:
            raise RefusedError(refusal)
        nothing: tuple[RoomsEvent, ...] = ()
        for event in nothing:  # what makes this a generator
            yield event

    async def find_rooms(self, reference: str) -> tuple[Room, ...]:
        """By ARN (GetRoom), by id, or by name (ListRooms, which filters by itself)."""
        return await self._directory.look_up(reference)

    async def history(self, room_id: str, *, limit: int = 100, before: str | None = None) -> HistoryPage:
        """GetLogEvents of the room's chat log, where it keeps one in CloudWatch Logs."""
        return await self._history.page(await self._directory.find(room_id), limit, before)

    def follow(self, room_id: str) -> AsyncGenerator[Event, None]:
        """Live events from the messaging socket. A refusal to view the room ends it."""

        async def work(emit: Emit) -> None:
            link = Link(
                room_id,
                directory=self._directory,
                control=self._control,
                history=self._history,
                url=self._settings.edge_url,
                dial=dial,
                emit=emit,
                unreadable=self._unreadable,
            )
            await link.run()

        return self._streams.read(work, StateChanged(room_id, "closed"))

    async def forecast(self, messages: Sequence[Message]) -> tuple[Forecast, ...]:
        """From what this account was answered before in the same room; a permission can not be asked for."""
        return tuple(map(self._forecast, messages))

    async def delete(self, room_id: str, message_id: str, reason: str | None) -> Accepted:
        """DeleteMessage: accepted means that clients are told, even of an id that never was a message."""
        check(id_problem(message_id, "message"))
        check(reason_problem(reason), _SHORTEN)
        room = await self._directory.find(room_id)
        try:
            operation_id = await self._control.delete_message(room.arn, message_id, reason)
        except RefusedError as error:
            if error.refusal.kind is RefusalKind.PERMISSION:
                self._answers[room_id] = error.refusal
            raise
        self._answers[room_id] = None
        return Accepted(operation_id=operation_id)

    async def disconnect(self, room_id: str, author_id: str, reason: str | None) -> None:
        """DisconnectUser: it succeeds as well where the author is not there, and keeps nobody from coming back."""
        check(user_id_problem(author_id))
        check(reason_problem(reason), _SHORTEN)
        room = await self._directory.find(room_id)
        await self._control.disconnect_user(room.arn, author_id, reason)

    def unreadable(self) -> Mapping[str, int]:
        """Frames and log records that were passed over, by room id."""
        return self._unreadable

    async def aclose(self) -> None:
        """End every link, then let running calls end, at the latest by their timeout."""
        self._lockout.close()
        await self._streams.aclose()
        await asyncio.gather(self._chat.aclose(), self._logs.aclose())

    def _forecast(self, message: Message) -> Forecast:
        if problem := id_problem(message.id, "message") or id_problem(message.room_id, "room"):
            return Forecast(verdict="refused", cause=problem)
        if message.room_id not in self._answers:
            return _UNKNOWN
        refusal = self._answers[message.room_id]
        return Forecast(verdict="refused", cause=refusal.cause, remedy=refusal.remedy) if refusal else _ALLOWED
