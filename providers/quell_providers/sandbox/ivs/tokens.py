"""Chat tokens: minted by the control plane, spent once at the messaging socket (CreateChatToken)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from quell_providers.sandbox.clock import Clock
from quell_providers.sandbox.world import Place

TOKEN_SECONDS = 3600.0
"""How long a token may wait until it is used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a token stands for."""

    place: Place
    user_id: str
    attributes: Mapping[str, str]
    capabilities: frozenset[str]
    expires_at: float
    """When a connection made with the token ends; Unix seconds."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was not used yet."""

    session: Session
    value: str = field(repr=False)
    expires_at: float
    """When it can no longer be used; Unix seconds."""


class Tokens:
    """All tokens that were minted and not used yet."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._unused: dict[str, Token] = {}

    def mint(self, session: Session) -> Token:
        """A fresh token; letters that may stand in a `Sec-WebSocket-Protocol` header only."""
        token = Token(session, "AQICAH" + secrets.token_urlsafe(96), self._clock.now() + TOKEN_SECONDS)
        self._unused[token.value] = token
        return token

    def peek(self, value: str) -> Session | None:
        """What a token that was not used yet stands for, leaving it unused."""
        token = self._unused.get(value)
        return token.session if token else None

    def redeem(self, value: str) -> Session | None:
        """Use a token up; `None` when it is unknown, used or too old, or its session is over."""
        token = self._unused.pop(value, None)
        if token is None:
            return None
        return token.session if self._clock.now() < min(token.expires_at, token.session.expires_at) else None
