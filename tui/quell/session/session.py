"""A session: the accounts of a workspace, the rooms that are followed, and the deletion engine.

It lives in one event loop and knows no screen. Whatever changes is told to the listeners as a small `Change`, in the
event loop and in order; nothing here waits for those who look on.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial

from quell.moderation.deletion import OPEN, MessageKey
from quell.moderation.engine import Engine
from quell.moderation.journal import Journal, JournalError
from quell.moderation.journal.resume import Unfinished
from quell.moderation.selection import Selection
from quell.session.accounts import bring_up, keep_rooms_fresh, looks, show_public, until_renewed
from quell.session.background import Background
from quell.session.codes import CodeDesk
from quell.session.decisions import Decisions
from quell.session.history import read_page
from quell.session.meter import Meter
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
from quell_providers.model import Event, Posted, Room, StateChanged
from quell_providers.provider import Provider
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
        self._background = Background(lambda name, error: self._tell(TaskFailed(name, error)))
        self.decisions = Decisions(workspace.config.moderator, self.accounts, providers, engine, journal, now)
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
        await self._background.aclose()

    def listen(self, listener: Callable[[Change], None]) -> None:
        """Be told of every change from now on."""
        self._listeners.append(listener)

    def room(self, key: RoomKey) -> RoomState | None:
        """A room by its key; `None` when the account does not list it."""
        account = self.accounts.get(key.account)
        return account.rooms.get(key.room_id) if account else None

    def login_of(self, name: str) -> str:
        """The service's id of whom an account is logged in as; empty before its first login."""
        account = self.accounts.get(name)
        return account.acting_account if account is not None else ""

    def connect(self, name: str) -> None:
        """Bring an account up, or try again after it was refused."""
        self._background.run(f"connect {name}", self._connect(self.accounts[name]))

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
        """The rooms that are looked at when all are: those that are followed, without those that were left out.

        A room that two accounts see is looked at through the first of them.
        """
        left_out = {self._real_room(key) for key in self.left_out}
        found: dict[tuple[str, str, str], RoomKey] = {}
        for account in self.accounts.values():
            for room in account.rooms.values():
                if room.link is not None and (real := self._real_room(room.key)) not in left_out:
                    found.setdefault(real, room.key)
        return list(found.values())

    def _real_room(self, key: RoomKey) -> tuple[str, str, str]:
        """The same for every account of one service that sees the room."""
        account = self.accounts[key.account]
        return account.provider, account.endpoint_host, key.room_id

    def load_older(self, key: RoomKey) -> None:
        """Load the next older page of a room's history, if there is one and none is being loaded."""
        room = self.room(key)
        if room is None or room.history in ("loading", "missing") or room.timeline.full:
            return
        if room.history == "loaded" and room.older is None:
            return
        self._background.run(f"history {key.account}/{key.room_id}", self._load(room))

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

    def _load_first(self, room: RoomState) -> None:
        """Load the newest history of the room that is looked at, once its live stream stands or is known not to.

        Any sooner, a message posted in between would be in neither.
        """
        decided = room.link is not None and room.link.state != "connecting"
        if room.key in self.viewed and room.history == "none" and decided:
            self.load_older(room.key)
            self._background.run(f"staff {room.account}/{room.room.id}", self._meet_staff(room))

    async def _meet_staff(self, room: RoomState) -> None:
        """Nobody waits for it, and what it is for works without: a refusal is no news."""
        try:
            room.staff = await self._providers[room.account].staff(room.room.id)
        except RefusedError as error:
            log.info("who moderates a room of %s is not told: %s", room.account, error.refusal.code)
        if room.staff:
            self._tell(RoomChanged(room.key))

    async def _connect(self, account: AccountState) -> None:
        if account.is_locked_out:
            account.phase = "connecting"
            self._tell(AccountChanged(account.name))
            await self._providers[account.name].renewed()  # whether it was or not, the moderator wants a login now
        await self._keep_up(account)

    async def _keep_up(self, account: AccountState) -> None:
        """Bring an account up, and again whenever credentials that were refused are renewed."""
        provider, pauses = self._providers[account.name], looks()

        def changed() -> None:
            self._tell(AccountChanged(account.name))

        while not await bring_up(account, provider, changed, now=self.now):
            if not account.is_locked_out:
                return
            await until_renewed(provider, pauses)
        viewed = [room for room in account.rooms.values() if room.key in self.viewed]
        for room in [*list(account.rooms.values())[: self.workspace.config.console.follow_rooms], *viewed]:
            self._follow(room)
        self._background.run(f"unknown {account.name}", self._reconcile(account.name))
        self._background.run(f"rooms {account.name}", self._keep_rooms_fresh(account, changed))

    async def _keep_rooms_fresh(self, account: AccountState, changed: Callable[[], None]) -> None:
        provider = self._providers[account.name]
        await keep_rooms_fresh(account, provider, changed)
        if account.is_locked_out:
            self._background.run(f"connect {account.name}", self._come_back(account))

    async def _come_back(self, account: AccountState) -> None:
        """Bring up an account whose login was ended, once its credentials are renewed."""
        await until_renewed(self._providers[account.name], looks())
        await self._keep_up(account)

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
            self._background.run(f"follow {room.account}/{room.room.id}", self._following(room))

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

    def _tell(self, change: Change) -> None:
        for listener in self._listeners:
            listener(change)
