"""A session: the accounts of a workspace, the rooms that are followed, and the deletion engine.

It lives in one event loop and knows no screen. Whatever changes is told to the listeners as a small `Change`, in the
event loop and in order; nothing here waits for those who look on.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from functools import partial

from quell.moderation.deletion import OPEN, Batch, Deletion, MessageKey, Reason, Target
from quell.moderation.disconnecting import disconnect
from quell.moderation.disconnection import Disconnection
from quell.moderation.engine import Engine
from quell.moderation.forecast import ForecastSummary, summarize
from quell.moderation.journal import Journal, JournalError
from quell.moderation.journal.resume import Unfinished
from quell.moderation.selection import Selection
from quell.session.accounts import bring_up, keep_rooms_fresh, show_public
from quell.session.codes import CodeDesk
from quell.session.history import read_page
from quell.session.meter import Meter
from quell.session.records import disconnection_of, target_of
from quell.session.state import (
    AccountChanged,
    AccountState,
    Change,
    DeletionChanged,
    RoomChanged,
    RoomKey,
    RoomState,
    TaskFailed,
    TimelineChanged,
)
from quell.workspace import Workspace
from quell_providers.model import Event, Message, Posted, Room, StateChanged
from quell_providers.provider import Forecast, Provider
from quell_providers.refusal import RefusedError

log = logging.getLogger(__name__)


class Session:
    """Everything one console works on. `open_session` makes one and closes it again.

    Args:
        workspace: Configuration and journal.
        journal: Where everything is written down; not closed here.
        engine: The deletion engine.
        unfinished: What consoles that died left behind; `engine.leftovers` goes on with it, or ends it.
        providers: One open provider an account, by account name; not closed here.
        now: Unix seconds.
    """

    def __init__(
        self,
        workspace: Workspace,
        journal: Journal,
        engine: Engine,
        unfinished: Sequence[Unfinished],
        providers: dict[str, Provider],
        now: Callable[[], float],
    ) -> None:
        self.now = now
        self.workspace = workspace
        self.journal = journal
        self.engine = engine
        self.unfinished = tuple(unfinished)
        self.selection = Selection()
        self.meter = Meter()
        self.current: RoomKey | None = None
        """The room that was looked at last on its own."""
        self.viewed: frozenset[RoomKey] = frozenset()
        """The rooms that are looked at."""
        self.left_out: set[RoomKey] = set()
        """Rooms that are not wanted when all are looked at."""
        self.accounts = {
            account.name: AccountState(
                name=account.name,
                service=account.plugin.title,
                provider=account.plugin.name,
                capabilities=providers[account.name].capabilities,
                endpoint_host=providers[account.name].endpoint_host,
            )
            for account in workspace.config.accounts
        }
        self._providers = providers
        self._listeners: list[Callable[[Change], None]] = []
        self.codes = CodeDesk(lambda account: self._tell(AccountChanged(account)))
        self._tasks: dict[str, asyncio.Task[None]] = {}
        ceilings = workspace.config.deletion.ceiling_per_minute
        for name, provider in providers.items():
            provider.ask_code = partial(self.codes.ask, name)
            engine.attach(name, provider, ceiling_per_minute=ceilings.get(name))
        engine.subscribe(lambda deletion: self._tell(DeletionChanged(deletion)))

    def start(self) -> None:
        """Begin to bring every account up."""
        for name in self.accounts:
            self.connect(name)

    async def aclose(self) -> None:
        """End in the order in which nothing is lost: deletions first, then everything that only looks on."""
        self.codes.close()  # a deletion may wait for a login, and that for a code
        await self.engine.aclose()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def listen(self, listener: Callable[[Change], None]) -> None:
        """Be told of every change from now on."""
        self._listeners.append(listener)

    def room(self, key: RoomKey) -> RoomState | None:
        """A room by its key; `None` when the account does not list it."""
        account = self.accounts.get(key.account)
        return account.rooms.get(key.room_id) if account else None

    def connect(self, name: str) -> None:
        """Bring an account up, or try again after it was refused."""
        self._run(f"connect {name}", self._connect(self.accounts[name]))

    def view(self, key: RoomKey) -> None:
        """Make a room the one that is looked at: it is followed, its history is loaded and nothing in it is unread."""
        self.current = key
        self.view_together([key])

    def view_together(self, keys: Sequence[RoomKey]) -> None:
        """Look at several rooms at once, each as with `view`. Those that no account lists are left out."""
        self.viewed = frozenset(keys)
        for key in keys:
            room = self.room(key)
            if room is not None:
                room.mark_read()
                self._follow(room)
                self._load_first(room)
                self._tell(RoomChanged(key))

    def together(self) -> list[RoomKey]:
        """The rooms that are looked at when all are: those that are followed, without those that were left out."""
        rooms = [room for account in self.accounts.values() for room in account.rooms.values()]
        return [room.key for room in rooms if room.link is not None and room.key not in self.left_out]

    def load_older(self, key: RoomKey) -> None:
        """Load the next older page of a room's history, if there is one and none is being loaded."""
        room = self.room(key)
        if room is None or room.history in ("loading", "missing") or room.timeline.full:
            return
        if room.history == "loaded" and room.older is None:
            return
        self._run(f"history {key.account}/{key.room_id}", self._load(room))

    def note_unreadable(self) -> None:
        """Count anew what could not be understood in the room that is looked at."""
        room = self.room(self.current) if self.current is not None else None
        if room is not None:
            count = self._providers[room.account].unreadable().get(room.room.id, 0)
            if count != room.unreadable:
                room.unreadable = count
                self._tell(RoomChanged(room.key))

    async def public_rooms(self, account: str) -> tuple[Room, ...]:
        """The rooms that an account is not in, but may read all the same. Raises `RefusedError`."""
        return await self._providers[account].public_rooms()

    def add_public(self, account: str, room: Room) -> RoomKey:
        """Put a public room among those of the account, marked as not joined."""
        show_public(self.accounts[account], room)
        self._tell(AccountChanged(account))
        return RoomKey(account, room.id)

    async def forecast(self, targets: Sequence[Target]) -> ForecastSummary:
        """What the services are expected to answer to these deletions, put together for a confirmation."""
        return summarize(targets, await self.forecasts(targets))

    async def forecasts(self, targets: Sequence[Target]) -> tuple[Forecast, ...]:
        """What the services are expected to answer to each deletion. Asks for permissions, deletes nothing."""
        forecasts: dict[Target, Forecast] = {}
        for name, account in self.accounts.items():
            mine = [target for target in targets if target.account == name]
            known = [(target, self._message(account, target)) for target in mine]
            found = [(target, message) for target, message in known if message is not None]
            if not found:
                continue
            answers = await self._providers[name].forecast([message for _, message in found])
            forecasts.update(zip((target for target, _ in found), answers, strict=True))
        unknown = Forecast(verdict="unknown", cause="The message is not loaded")
        return tuple(forecasts.get(target, unknown) for target in targets)

    def estimate(self, targets: Sequence[Target]) -> float:
        """Seconds that these deletions take at the rate the services allow now."""
        counts = Counter(target.account for target in targets)
        return max((self.engine.eta(account, count) for account, count in counts.items()), default=0.0)

    async def confirm(self, targets: Sequence[Target], reason: Reason, *, urgent: bool = False) -> tuple[Deletion, ...]:
        """Make one batch of these targets and give it to the engine.

        Args:
            targets: What to delete.
            reason: Why.
            urgent: Let the batch overtake all that are not urgent.

        Raises:
            JournalError: The batch could not be written down, so nothing will be deleted.
        """
        batch = Batch(
            moderator=self.workspace.config.moderator,
            reason=reason,
            targets=tuple(targets),
            confirmed_at=self.now(),
            urgent=urgent,
        )
        return await self.engine.submit(batch)

    async def disconnect(self, room: RoomState, message: Message, reason: Reason) -> Disconnection:
        """End all connections of a message's author to its room. Returns what the service answered.

        Raises:
            AnswerNotRecordedError: The service was asked, and its answer could not be written down.
            JournalError: Nothing could be written down, so the service was not asked.
        """
        account, moderator = self.accounts[room.account], self.workspace.config.moderator
        asked = disconnection_of(account, room, message, reason, moderator=moderator, at=self.now())
        return await disconnect(asked, self._providers[room.account], self.journal, now=self.now)

    def target(self, room: RoomState, message: Message) -> Target:
        """What a deletion of this message needs to know, and the journal to keep."""
        return target_of(self.accounts[room.account], room, message)

    def _load_first(self, room: RoomState) -> None:
        """Load the newest history of the room that is looked at, once its live stream stands or is known not to.

        Any sooner, a message posted in between would be in neither.
        """
        decided = room.link is not None and room.link.state != "connecting"
        if room.key in self.viewed and room.history == "none" and decided:
            self.load_older(room.key)
            self._run(f"staff {room.account}/{room.room.id}", self._meet_staff(room))

    async def _meet_staff(self, room: RoomState) -> None:
        """Nobody waits for it, and what it is for works without: a refusal is no news."""
        try:
            room.staff = await self._providers[room.account].staff(room.room.id)
        except RefusedError as error:
            log.info("who moderates a room of %s is not told: %s", room.account, error.refusal.code)
        if room.staff:
            self._tell(RoomChanged(room.key))

    async def _connect(self, account: AccountState) -> None:
        provider = self._providers[account.name]

        def changed() -> None:
            self._tell(AccountChanged(account.name))

        if await bring_up(account, provider, changed, now=self.now):
            followed = list(account.rooms.values())[: self.workspace.config.console.follow_rooms]
            for room in followed:
                self._follow(room)
            self._run(f"unknown {account.name}", self._reconcile(account.name))
            self._run(f"rooms {account.name}", keep_rooms_fresh(account, provider, changed))

    async def _reconcile(self, account: str) -> None:
        """Nobody waits for it, so a journal that can not be used now is no news: deleting tells of that."""
        try:
            await self.engine.leftovers.reconcile(account)
        except JournalError as error:
            log.warning("what was left unknown is not looked up: %s", error.problem)

    def _follow(self, room: RoomState) -> None:
        room.timeline.bound(
            self.workspace.config.console.keep_messages, lambda message_id: self._pinned(room.message_key(message_id))
        )
        if room.link is None or room.link.state in ("refused", "closed"):
            room.link = StateChanged(room.room.id, "connecting")
            self._run(f"follow {room.account}/{room.room.id}", self._following(room))

    async def _following(self, room: RoomState) -> None:
        async for event in self._providers[room.account].follow(room.room.id):
            self._apply(room, event)

    def _apply(self, room: RoomState, event: Event) -> None:
        if isinstance(event, StateChanged):
            room.link = event
            room.retry_at = None if event.retry_in is None else self.now() + event.retry_in
            self._load_first(room)
            self._tell(RoomChanged(room.key))
            return
        change = room.timeline.apply(event)
        self.engine.observe(room.account, event)
        if change.gaps:
            self._tell(RoomChanged(room.key))
        if change.added and isinstance(event, Posted):
            self.meter.add(1, now=self.now())
            if room.key not in self.viewed:
                room.unread += 1
                self._tell(RoomChanged(room.key))
            elif room.newly_read:
                room.newly_read += 1
        self._tell(TimelineChanged(room.key, change))

    async def _load(self, room: RoomState) -> None:
        room.history = "loading"
        self._tell(RoomChanged(room.key))
        page = await read_page(room, self._providers[room.account], lambda: self._tell(RoomChanged(room.key)))
        change = room.timeline.add(page.messages)
        room.older, room.missing = page.older, page.missing
        room.history = "missing" if page.missing else "loaded"
        room.draw_unread_line()
        self._tell(RoomChanged(room.key))
        self._tell(TimelineChanged(room.key, change))

    def _pinned(self, key: MessageKey) -> bool:
        """Whether a message must be kept: it is marked, or its deletion is not at its end."""
        deletion = self.engine.find(key)
        return key in self.selection or (deletion is not None and deletion.state in OPEN)

    @staticmethod
    def _message(account: AccountState, target: Target) -> Message | None:
        room = account.rooms.get(target.room_id)
        return room.timeline.get(target.message_id) if room else None

    def _run(self, name: str, work: Coroutine[object, object, None]) -> None:
        """Run a named task; one that already runs under this name is replaced."""
        previous = self._tasks.pop(name, None)
        if previous is not None:
            previous.cancel()
        task = asyncio.create_task(work, name=name)
        self._tasks[name] = task
        task.add_done_callback(self._task_done)

    def _task_done(self, task: asyncio.Task[None]) -> None:
        name = task.get_name()
        if self._tasks.get(name) is task:
            del self._tasks[name]
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("background task failed: %s", type(error).__name__)
            self._tell(TaskFailed(name, error))

    def _tell(self, change: Change) -> None:
        for listener in self._listeners:
            listener(change)
