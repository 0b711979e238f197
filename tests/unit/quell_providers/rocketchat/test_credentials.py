import asyncio
import threading
from collections.abc import Mapping

import pytest

from quell_providers.refusal import RefusalKind, RefusedError
from quell_providers.rocketchat.credentials import Login, TokenCredentials
from quell_providers.rocketchat.password import PasswordCredentials
from quell_providers.secret import Secret, scrubbed


async def nobody(body: Mapping[str, object]) -> Login:
    raise AssertionError("a token needs no login")


async def test_fetched_once_and_in_a_thread() -> None:
    fetched_in: list[str] = []

    def fetch() -> str:
        fetched_in.append(threading.current_thread().name)
        return "token"

    credentials = TokenCredentials("u", Secret(fetch))
    await asyncio.gather(*(credentials.unlock(nobody) for _ in range(5)))
    assert len(fetched_in) == 1
    assert fetched_in[0] != threading.main_thread().name


async def test_a_failing_fetch_is_a_refused_login_and_may_be_tried_again() -> None:
    answers = iter([KeyError("no such entry"), OSError(2, "No such file", "x"), "token"])

    def fetch() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return str(answer)

    credentials = TokenCredentials("u", Secret(fetch))
    for words in ("no such entry", "No such file"):
        with pytest.raises(RefusedError) as refused:
            await credentials.unlock(nobody)
        assert refused.value.refusal.kind is RefusalKind.LOGIN
        assert words in refused.value.refusal.detail
        assert refused.value.refusal.remedy
    await credentials.unlock(nobody)
    assert credentials.login is not None
    assert credentials.login.token.reveal() == "token"


@pytest.mark.parametrize("token", ["", "two words", "token\n", "tøken"])
async def test_what_could_not_be_a_token(token: str) -> None:
    with pytest.raises(RefusedError) as refused:
        await TokenCredentials("u", Secret.of(token)).unlock(nobody)
    assert refused.value.refusal.kind is RefusalKind.LOGIN
    assert not token or token not in repr(refused.value.refusal)


class Vault:
    """Where a secret comes from; `None`: it can not be had."""

    value: str | None = "first"

    def open(self) -> str:
        if self.value is None:
            raise OSError(2, "No such file")
        return self.value


async def test_a_token_that_was_renewed_outside_is_the_one_from_then_on() -> None:
    vault = Vault()
    credentials = TokenCredentials("u", Secret(vault.open))
    assert (await credentials.unlock(nobody)).token.reveal() == "first"
    assert not await credentials.renewed()
    vault.value = None
    assert not await credentials.renewed()
    assert (await credentials.unlock(nobody)).token.reveal() == "first"
    vault.value = "second"
    assert await credentials.renewed()
    assert not await credentials.renewed()
    assert (await credentials.unlock(nobody)).token.reveal() == "second"
    assert scrubbed("the second is not told") == f"the {Secret.of('')} is not told"


async def test_a_token_that_could_not_be_had_at_first_is_new() -> None:
    vault = Vault()
    vault.value = None
    credentials = TokenCredentials("u", Secret(vault.open))
    with pytest.raises(RefusedError):
        await credentials.unlock(nobody)
    assert not await credentials.renewed()
    vault.value = "first"
    assert await credentials.renewed()


async def test_a_renewed_password_makes_another_login() -> None:
    vault, bodies = Vault(), []

    async def sign_in(body: Mapping[str, object]) -> Login:
        password = body["password"]
        assert isinstance(password, Secret)
        bodies.append(password.reveal())
        return Login("u", Secret.of(f"token {len(bodies)}"))

    credentials = PasswordCredentials("amara", Secret(vault.open), "https://chat.example.org", lambda: None)
    await credentials.unlock(sign_in)
    assert not await credentials.renewed()
    await credentials.unlock(sign_in)
    vault.value = "second"
    assert await credentials.renewed()
    await credentials.unlock(sign_in)
    assert bodies == ["first", "second"]
