"""Ending an author's connections, where the service can."""

import pytest

from quell_providers.provider import Provider
from quell_providers.refusal import RefusalKind, RefusedError
from tests.contract.sides import Side


async def test_a_service_does_what_it_says_it_can(side: Side, moderator: Provider) -> None:
    author = side.room.members[-1]
    if moderator.capabilities.disconnects:
        await moderator.disconnect(side.room.id, author.id, "flood")
        return
    with pytest.raises(RefusedError) as caught:
        await moderator.disconnect(side.room.id, author.id, "flood")
    assert caught.value.refusal.kind is RefusalKind.INVALID
    assert caught.value.refusal.cause
