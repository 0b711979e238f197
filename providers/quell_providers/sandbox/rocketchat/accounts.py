"""Passwords and login tokens of the people, random at each start."""

import hashlib
import secrets
from dataclasses import dataclass, field

from quell_providers.sandbox.rocketchat.errors import MeteorError
from quell_providers.sandbox.world import Person, World

TOKEN_SECONDS = 90 * 24 * 3600.0
"""How long a login lasts: the default of `Accounts_LoginExpiration`."""


@dataclass(frozen=True, slots=True)
class Login:
    """What a client needs to act as somebody: the headers `X-User-Id` and `X-Auth-Token`."""

    user_id: str
    auth_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Token:
    person: Person
    expires_at: float


class Accounts:
    """Who can log in, and who is."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._passwords: dict[str, str] = {}
        self._tokens: dict[str, _Token] = {}

    def named(self, username: str) -> Person | None:
        """The person of this username."""
        return next((person for person in self._world.people.values() if person.username == username), None)

    def password(self, person: Person) -> str:
        """The person's password."""
        return self._passwords.setdefault(person.id, secrets.token_urlsafe(12))

    def log_in(self, person: Person) -> Login:
        """Give out a fresh token."""
        token = secrets.token_urlsafe(32)
        self._tokens[token] = _Token(person, self._world.clock.now() + TOKEN_SECONDS)
        return Login(person.id, token)

    def owner(self, token: str) -> Person | None:
        """Whose token it is, unless it has expired."""
        known = self._tokens.get(token)
        return known.person if known is not None and self.expires_at(token) > self._world.clock.now() else None

    def expires_at(self, token: str) -> float:
        """When a known token expires, Unix seconds."""
        return self._tokens[token].expires_at

    def resume(self, token: object) -> Login:
        """Log in with a token. Raises `MeteorError`."""
        person = self.owner(token) if isinstance(token, str) else None
        if person is None:
            raise MeteorError(403, "You've been logged out by the server. Please log in again.")
        return Login(person.id, str(token))

    def log_in_with_password(self, username: object, password: object) -> Login:
        """Log in with a plain password, or with `{"digest": sha-256 in hex, "algorithm": "sha-256"}`.

        Raises:
            MeteorError: Nobody has that name, or the password is another.
        """
        person = self.named(username) if isinstance(username, str) else None
        if person is None:
            raise MeteorError(403, "User not found")
        expected = hashlib.sha256(self.password(person).encode()).hexdigest()
        if not secrets.compare_digest(_digest_of(password).encode(), expected.encode()):
            raise MeteorError(403, "Incorrect password")
        return self.log_in(person)


def _digest_of(password: object) -> str:
    if isinstance(password, dict):
        return str(password.get("digest", ""))
    return hashlib.sha256(str(password).encode()).hexdigest()
