"""The people of the sandbox."""

from dataclasses import dataclass

from quell_providers.sandbox.seeding.script import rows
from quell_providers.sandbox.world import Person, World

_CREW = 12
"""The first people of the list work here: they write in private rooms and announcements."""

_SPAMMERS = ("xX_shop_Xx", "boost4you", "NitroFairy", "ticket.deals", "crypto_karl", "skins.club")
_SIGNED_UP_SECONDS_AGO = 300 * 86_400.0
_FIRST_RAIDER = 1998
_RAIDERS = 24
_TROLLS = (
    ("administrator", "Аdmin"),  # the first letter is Cyrillic
    ("mod_team", "mod\u200berator"),
    ("redneck.red", "\x1b[31mRED\x1b[0m"),
    ("backwards", "evoL\u202eenoyrevE"),
    ("markup.mike", "[bold]Mike[/bold]"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everybody, by what they do here."""

    admin: Person
    moderator: Person
    talkers: tuple[Person, ...]
    """Everybody who just talks."""
    languages: dict[str, str]
    """Language codes by person id."""
    spammers: tuple[Person, ...]
    raiders: tuple[Person, ...]
    """Numbered accounts that write only during a raid."""
    trolls: tuple[Person, ...]
    """Those who write hostile text, and bear hostile names."""

    @property
    def crew(self) -> tuple[Person, ...]:
        """The talkers who work here."""
        return self.talkers[:_CREW]


def gather(world: World) -> Cast:
    """Add everybody to the world."""

    signed_up_at = world.clock.now() - _SIGNED_UP_SECONDS_AGO

    def person(username: str, name: str, *roles: str) -> Person:
        person_id = world.new_id("rocketchat")
        return world.add_person(Person(person_id, username, name, {"user", *roles}, created_at=signed_up_at))

    listed = [tuple(part.strip() for part in row.split("|")) for row in rows("people") if row]
    talkers = tuple(person(username, name) for username, name, _ in listed)
    raiders = (f"Vlad_{number}" for number in range(_FIRST_RAIDER, _FIRST_RAIDER + _RAIDERS))
    return Cast(
        admin=person("admin", "Ada Lindqvist", "admin"),
        moderator=person("moderator", "Morgan Ellis"),
        talkers=talkers,
        languages={talker.id: language for talker, (_, _, language) in zip(talkers, listed, strict=True)},
        spammers=tuple(person(name, name) for name in _SPAMMERS),
        raiders=tuple(person(name, name) for name in raiders),
        trolls=tuple(person(username, name) for username, name in _TROLLS),
    )
