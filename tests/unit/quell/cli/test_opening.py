import sys
from collections.abc import Sequence

import pytest
from msgspec import Struct

from quell.cli import opening
from quell.config import Account
from quell_providers.model import Room
from quell_providers.provider import Provider, ProviderPlugin
from tests.support.fake_provider import FakeProvider


class Nothing(Struct):
    pass


class Closing(FakeProvider):
    closed = False

    async def aclose(self) -> None:
        self.closed = True


def account(provider: Provider) -> Account:
    plugin = ProviderPlugin(name="fake", title="Fake", settings=Nothing, open=lambda _: provider)
    return Account("work", plugin, Nothing())


@pytest.mark.parametrize("at_a_terminal", [True, False])
async def test_only_somebody_at_a_terminal_can_be_asked(monkeypatch: pytest.MonkeyPatch, at_a_terminal: bool) -> None:
    rooms: Sequence[Room] = ()
    provider = Closing(rooms)
    questions: list[str] = []

    async def ask(question: str) -> str:
        questions.append(question)
        return "123456"

    monkeypatch.setattr(opening, "ask", ask)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: at_a_terminal, raising=False)
    async with opening.opened(account(provider)) as found:
        assert found is provider
        assert (provider.ask_code is not None) is at_a_terminal
        if provider.ask_code is not None:
            assert await provider.ask_code("Code\x1b[2J?") == "123456"
    assert provider.closed
    assert all("\x1b" not in question for question in questions)
