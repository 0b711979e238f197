"""What rooms the sandbox has, and what goes on in each."""

from dataclasses import dataclass
from typing import Literal

from quell_providers.sandbox.ivs.keys import CREW_ONLY
from quell_providers.sandbox.world import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One room."""

    name: str
    service: Service
    kind: str
    topic: str = ""
    texts: tuple[str, ...] = ()
    """The text files that people here talk from."""
    people: Literal["all", "some", "crew", "pair"] = "some"
    """Who is a member, beside the administrator and the moderator."""
    crew_speaks: bool = False
    """Only the crew writes; the others read."""
    moderated: bool = True
    """The demo's moderator is a moderator of this room, not just a member (Rocket.Chat)."""
    read_only: bool = False
    parent: str = ""
    """Name of the room that a discussion belongs to."""
    log_group: str | None = None
    tag: tuple[str, str] | None = None
    posts: int = 0
    """About how many messages there are at the start."""
    pause: float = 60.0
    """Mean seconds from the start of one conversation to that of the next."""
    foreign: float = 0.0
    """Share of conversations in other languages than English."""
    spam_waves: int = 0
    hostile: int = 0
    """Hostile messages in the history."""
    joins: int = 0
    """System messages that tell of a new member (Rocket.Chat)."""
    bustle: float = 0.0
    """This room's share of new messages, in proportion to the other rooms' shares."""


_LOGS = "/tidewater/live-chat"

CHAT = (
    Plan(
        name="general",
        service="rocketchat",
        kind="c",
        topic="Tidewater Marble League · finals on Saturday · be kind",
        texts=("general",),
        people="all",
        posts=125,
        pause=140,
        foreign=0.12,
        spam_waves=4,
        joins=3,
        bustle=3,
    ),
    Plan(
        name="support",
        service="rocketchat",
        kind="c",
        topic="Ask here. We never ask for your password.",
        texts=("support",),
        posts=64,
        pause=500,
        spam_waves=2,
        joins=1,
        bustle=1.5,
    ),
    Plan(
        name="random",
        service="rocketchat",
        kind="c",
        topic="Anything goes, kindly",
        texts=("random",),
        moderated=False,
        posts=84,
        pause=240,
        foreign=0.1,
        spam_waves=2,
        hostile=14,
        joins=2,
        bustle=2,
    ),
    Plan(
        name="announcements",
        service="rocketchat",
        kind="c",
        topic="News from the crew",
        texts=("announcements",),
        people="all",
        crew_speaks=True,
        read_only=True,
        posts=16,
        pause=14_000,
        bustle=0.1,
    ),
    Plan(
        name="track-builders",
        service="rocketchat",
        kind="c",
        topic="Rails, gates, glue",
        texts=("builders",),
        posts=60,
        pause=700,
        spam_waves=1,
        bustle=1,
    ),
    Plan(
        name="fan-art",
        service="rocketchat",
        kind="c",
        topic="Show us what you made",
        texts=("art",),
        posts=56,
        pause=900,
        spam_waves=2,
        bustle=0.8,
    ),
    Plan(
        name="translations",
        service="rocketchat",
        kind="c",
        topic="Captions in nine languages, and counting",
        texts=("general",),
        people="all",
        posts=90,
        pause=300,
        foreign=0.9,
        bustle=0.8,
    ),
    Plan(name="suggestions", service="rocketchat", kind="c", topic="Brand new: tell us what you miss", people="all"),
    Plan(
        name="mods",
        service="rocketchat",
        kind="p",
        topic="Handover notes on top, please",
        texts=("mods",),
        people="crew",
        posts=60,
        pause=1_200,
        bustle=0.6,
    ),
    Plan(
        name="referees",
        service="rocketchat",
        kind="p",
        topic="Protests, weights, photo finishes",
        texts=("referees",),
        people="crew",
        posts=40,
        pause=1_500,
        bustle=0.4,
    ),
    Plan(
        name="Stage plan for Saturday",
        service="rocketchat",
        kind="discussion",
        parent="general",
        texts=("stage",),
        people="crew",
        posts=40,
        pause=1_800,
        bustle=0.4,
    ),
    Plan(name="amara.okafor", service="rocketchat", kind="d", texts=("direct",), people="pair", posts=40, pause=2_400),
)
"""The rooms of the workspace (Rocket.Chat)."""

LIVE = (
    Plan(name="afterparty", service="ivs", kind="room", people="all", log_group=_LOGS),
    Plan(name="", service="ivs", kind="room", texts=("live",), posts=60, pause=30, bustle=1),
    Plan(
        name="lobby",
        service="ivs",
        kind="room",
        texts=("live",),
        log_group=_LOGS,
        posts=100,
        pause=25,
        foreign=0.3,
        spam_waves=2,
        hostile=16,
        bustle=1.5,
    ),
    Plan(
        name="backstage",
        service="ivs",
        kind="room",
        texts=("backstage",),
        people="crew",
        log_group="/tidewater/crew",
        tag=CREW_ONLY,
        posts=64,
        pause=60,
        spam_waves=1,
        bustle=1,
    ),
    Plan(
        name="warmup",
        service="ivs",
        kind="room",
        texts=("live",),
        log_group=_LOGS,
        posts=110,
        pause=20,
        foreign=0.15,
        spam_waves=2,
        bustle=2,
    ),
    Plan(
        name="finals",
        service="ivs",
        kind="room",
        texts=("live",),
        people="all",
        log_group=_LOGS,
        posts=180,
        pause=9,
        foreign=0.2,
        spam_waves=5,
        bustle=6,
    ),
)
"""The rooms of the live broadcasts (Amazon IVS Chat), the oldest first: ListRooms tells the youngest first."""
