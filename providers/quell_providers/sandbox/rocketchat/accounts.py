"""Passwords and login tokens of the people, random at each start."""

import hashlib
import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from quell_providers.sandbox.rocketchat.errors import MeteorError
from quell_providers.sandbox.rocketchat.second_factor import SecondFactors
from quell_providers.sandbox.rocketchat.settings import Settings
from quell_providers.sandbox.world import Person, World

_DAY_SECONDS = 86_400.0
_UNKNOWN_USER = "User not found"


@dataclass(frozen=True, slots=True)
class Login:
    """What a client needs to act as somebody: the headers `X-User-Id` and `X-Auth-Token`."""

    user_id: str
    auth_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Token:
    person: Person
    expires_at: float
    """Infinite for a personal access token."""
    name: str = ""
    """The name of a personal access token."""
    skips_second_factor: bool = False


class Accounts:
    """Who can log in, and who is."""

    def __init__(self, world: World, settings: Settings, second_factors: SecondFactors) -> None:
        self._world = world
        self._settings = settings
        self._second_factors = second_factors
        self._passwords: dict[str, str] = {}
        self._tokens: dict[str, _Token] = {}
        self._listeners: list[Callable[[str], None]] = []

    def listen(self, listener: Callable[[str], None]) -> None:
        """Be told of every token that is revoked."""
        self._listeners.append(listener)

    def named(self, username: str) -> Person | None:
        """The person of this username."""
        return next((person for person in self._world.people.values() if person.username == username), None)

    def password(self, person: Person) -> str:
        """The person's password."""
        return self._passwords.setdefault(person.id, secrets.token_urlsafe(12))

    def set_password(self, person: Person, password: str) -> None:
        """Give the person another password."""
        self._passwords[person.id] = password

    def log_in(self, person: Person) -> Login:
        """Give out a fresh token."""
        days = self._settings.number("Accounts_LoginExpiration")
        return self._issue(_Token(person, self._world.clock.now() + days * _DAY_SECONDS))

    def issue_personal(self, person: Person, name: str, *, skips_second_factor: bool) -> str:
        """Give out a personal access token, which never expires. Raises `MeteorError` when the name is taken."""
        if any(token.person is person and token.name == name for token in self._tokens.values()):
            raise MeteorError("error-token-already-exists", "A token with this name already exists")
        return self._issue(_Token(person, math.inf, name, skips_second_factor)).auth_token

    def owner(self, token: str) -> Person | None:
        """Whose token it is, unless it has expired."""
        known = self._tokens.get(token)
        return known.person if known is not None and known.expires_at > self._world.clock.now() else None

    def skips_second_factor(self, token: str) -> bool:
        """Whether actions that need a second factor may be taken with this token alone."""
        return token in self._tokens and self._tokens[token].skips_second_factor

    def revoke(self, token: str) -> None:
        """Let a token be good for nothing from now on."""
        self._tokens.pop(token, None)
        for listener in tuple(self._listeners):
            listener(token)

    def revoke_all(self, person: Person) -> None:
        """Let all tokens of a person be good for nothing."""
        for text in [text for text, token in self._tokens.items() if token.person is person]:
            self.revoke(text)

    def expires_at(self, token: str) -> float | None:
        """When a known token expires, Unix seconds; `None`: never."""
        expires_at = self._tokens[token].expires_at
        return None if math.isinf(expires_at) else expires_at

    def resume(self, token: object) -> Login:
        """Log in with a token. Raises `MeteorError`."""
        known = self._tokens.get(token) if isinstance(token, str) else None
        if known is None:
            raise MeteorError(403, "You've been logged out by the server. Please log in again.")
        if known.expires_at <= self._world.clock.now():
            raise MeteorError(403, "Your session has expired. Please log in again.")
        return Login(known.person.id, str(token))

    def log_in_with_password(self, user: object, password: object, code: object = None) -> Login:
        """Log in with a plain password, or with `{"digest": sha-256 in hex, "algorithm": "sha-256"}`.

        Args:
            user: A username, or an address.
            password: Either form.
            code: Of the second factor, for those who need one.

        Raises:
            MeteorError: Nobody has that name, the password is another, the person may not log in.
            SecondFactorError: The code is missing or wrong.
        """
        person = self._known_as(user) if isinstance(user, str) else None
        if person is None:
            raise MeteorError(403, _UNKNOWN_USER)
        expected = hashlib.sha256(self.password(person).encode()).hexdigest()
        if not secrets.compare_digest(_digest_of(password).encode(), expected.encode()):
            raise MeteorError(403, "Incorrect password")
        if not person.active:
            raise MeteorError("error-user-is-not-activated", "User is not activated")
        self._second_factors.check(person, code)
        return self.log_in(person)

    def _known_as(self, user: str) -> Person | None:
        if "@" in user:
            return next((person for person in self._world.people.values() if person.email == user), None)
        return self.named(user)

    def _issue(self, token: _Token) -> Login:
        text = secrets.token_urlsafe(32)
        self._tokens[text] = token
        return Login(token.person.id, text)


def is_unknown_user(error: MeteorError) -> bool:
    """Whether a login failed for a name that nobody has."""
    return error.reason == _UNKNOWN_USER


def _digest_of(password: object) -> str:
    if isinstance(password, dict):
        return str(password.get("digest", ""))
    return hashlib.sha256(str(password).encode()).hexdigest()
