"""An account in memory, with a provider's parts on top of it."""

from collections.abc import AsyncIterator

import pytest

from tests.unit.quell_providers.ivs.fakes import Account, Parts


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
async def parts(account: Account) -> AsyncIterator[Parts]:
    parts = Parts(account)
    yield parts
    await parts.aclose()
