"""Opens the rooms and lets people in."""

from collections.abc import Sequence
from dataclasses import dataclass

from quell_providers.sandbox.seeding.cast import Cast
from quell_providers.sandbox.seeding.plans import CHAT, LIVE, Plan
from quell_providers.sandbox.world import Person, Place, World

_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class SeededRoom:
    """A room with those who write in it."""

    place: Place
    plan: Plan
    speakers: tuple[Person, ...]
    """The most talkative first."""


def open_rooms(world: World, cast: Cast) -> tuple[SeededRoom, ...]:
    """Add every room to the world, the youngest last."""
    plans = (*CHAT, *LIVE)
    now = world.clock.now()
    return tuple(_open(world, cast, plan, now - (len(plans) - age) * 9 * _DAY) for age, plan in enumerate(plans))


def _open(world: World, cast: Cast, plan: Plan, created_at: float) -> SeededRoom:
    people = _people(world, cast, plan)
    staff = () if plan.people == "pair" else (cast.admin, cast.moderator)
    # Spammers come in with the public; they have to be members to write.
    strangers = (*cast.spammers, *cast.raiders, *cast.trolls) if plan.people in ("all", "some") else ()
    place = world.add_place(
        Place(
            id=world.new_id(plan.service),
            service=plan.service,
            name=plan.name,
            kind=plan.kind,
            topic=plan.topic,
            members=[*staff, *people, *strangers],
            read_only=plan.read_only,
            parent_id=_parent_id(world, plan),
            log_group=plan.log_group,
            tags=dict([plan.tag]) if plan.tag else {},
            created_at=created_at,
        )
    )
    if plan.service == "rocketchat" and plan.kind != "d":
        place.roles = _roles(cast, plan)
    speakers = (cast.admin, *cast.crew[:4]) if plan.crew_speaks else tuple(people)
    return SeededRoom(place, plan, speakers)


def _people(world: World, cast: Cast, plan: Plan) -> Sequence[Person]:
    if plan.people == "pair":
        return (cast.crew[0], cast.moderator)
    if plan.people == "crew":
        return cast.crew
    size = len(cast.talkers) if plan.people == "all" else len(cast.talkers) // 2
    return world.random.sample(cast.talkers, size)


def _roles(cast: Cast, plan: Plan) -> dict[str, set[str]]:
    roles = {cast.admin.id: {"owner"}, cast.crew[0].id: {"moderator"}}
    if plan.moderated:
        roles[cast.moderator.id] = {"moderator"}
    return roles


def _parent_id(world: World, plan: Plan) -> str | None:
    if not plan.parent:
        return None
    return next(place.id for place in world.places.values() if place.name == plan.parent)
