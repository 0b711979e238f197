"""Credentials that are taken back in mid-session are told of by the account, not only by what was asked for last."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from quell.moderation.deletion import State
from quell.screens.confirm import ConfirmScreen
from quell.session import accounts
from quell.widgets.rooms import RoomList
from quell_providers.ivs import calls
from quell_providers.model import Room, RoomsEvent
from quell_providers.refusal import Refusal, RefusalKind, RefusedError
from quell_providers.sandbox.ivs.keys import AccessKey
from quell_providers.sandbox.sandbox import Sandbox, SandboxOptions
from tests.contract.sides import IvsSide
from tests.support.console import console
from tests.support.fake_provider import WINDOW, FakeProvider
from tests.support.stage import NOW, Stage, providers, stage, talk

REVOKED = Refusal(kind=RefusalKind.LOGIN, cause="the token was revoked")


def pane(running: Stage) -> str:
    rooms = running.main.query_one(RoomList)
    return "\n".join(str(option.prompt) for option in rooms.options)


def write_key(file: Path, key: AccessKey) -> None:
    """Renew the credentials outside, as whoever keeps them does."""
    file.write_text(
        f"[sandbox]\naws_access_key_id = {key.access_key_id}\naws_secret_access_key = {key.secret_access_key}\n"
    )


async def test_the_account_says_what_is_wrong_while_its_rooms_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "_STALE_SECONDS", 0.0)
    async with Sandbox(SandboxOptions(rate=0)) as sandbox:
        key, renewed = sandbox.ivs.keys["moderator"], sandbox.ivs.keys["admin"]
        provider = IvsSide(sandbox, tmp_path).open_as("moderator")
        app = console({"live": provider}, tmp_path, now=lambda: NOW)
        async with app.run_test(size=(140, 40), notifications=True) as pilot:
            running = Stage(app, pilot)
            await running.until(lambda: app.session is not None and app.session.current is not None)
            finals = next(each for each in running.main.all_rooms() if each.room.name == "finals")
            running.main.look_at(finals.key)
            await running.until(lambda: len(running.feed.rows) and finals.link and finals.link.state == "live")
            sandbox.ivs.revoke(key.access_key_id)
            await pilot.press("d")
            await running.until(lambda: isinstance(app.screen, ConfirmScreen))
            await pilot.press("1", "enter")
            await running.until(lambda: running.session.engine.totals()[State.REFUSED] == 1)
            await running.until(lambda: "live refused" in pane(running))
            refusal = running.session.accounts["live"].refusal
            assert refusal is not None
            assert refusal.kind is RefusalKind.LOGIN
            assert any(refusal.cause in each.message and refusal.remedy in each.message for each in app._notifications)
            assert "  live" in running.text("#room-title")
            write_key(tmp_path / f"{key.access_key_id}.aws", renewed)
            await pilot.press("ctrl+r")
            await running.until(lambda: running.session.accounts["live"].phase == "ready")
            await running.until(lambda: "refused" not in pane(running))
        await provider.aclose()


async def test_a_login_is_asked_for_again_once_its_credentials_are_others_and_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "FIRST_LOOK", 0.001)
    monkeypatch.setattr(accounts, "LONGEST_LOOK", 0.002)
    fakes = providers()
    work = fakes["work"]
    work.login_refusal = REVOKED
    async with stage(tmp_path, ready=False, accounts=fakes) as running:
        await running.until(lambda: work.looks > 3)
        assert (work.logins, running.session.accounts["work"].phase) == (1, "refused")
        work.is_renewed = True  # but the service does not take those either
        await running.until(lambda: work.logins > 2)
        work.login_refusal = None
        await running.until(lambda: running.session.accounts["work"].phase == "ready")
        await running.until(lambda: "refused" not in pane(running))


class Losing(FakeProvider):
    """Its login ends while the rooms are watched, once."""

    loses = True

    async def watch_rooms(self) -> AsyncGenerator[RoomsEvent, None]:
        if self.loses:
            self.loses = False
            raise RefusedError(REVOKED)
        nothing: tuple[RoomsEvent, ...] = ()
        for event in nothing:
            yield event


async def test_a_login_that_ended_in_mid_session_is_made_again_once_its_credentials_are_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "FIRST_LOOK", 0.001)
    fakes = providers()
    work = Losing([Room(id="r1", name="general", kind="channel")], {"r1": talk()}, WINDOW)
    async with stage(tmp_path, accounts={**fakes, "work": work}) as running:
        await running.until(lambda: work.looks > 1)
        assert (work.logins, running.session.accounts["work"].phase) == (1, "refused")
        work.is_renewed = True
        await running.until(lambda: running.session.accounts["work"].phase == "ready")
        assert work.logins == 2


async def test_what_is_refused_for_another_reason_is_not_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "FIRST_LOOK", 0.0)
    fakes = providers()
    work = fakes["work"]
    work.login_refusal = Refusal(kind=RefusalKind.PERMISSION, cause="not for you")
    async with stage(tmp_path, ready=False, accounts=fakes) as running:
        await running.until(lambda: running.session.accounts["work"].phase == "refused")
        await running.settle()
        assert (work.logins, work.looks) == (1, 0)
        work.login_refusal = None
        await running.pilot.press("ctrl+r")
        await running.until(lambda: running.session.accounts["work"].phase == "ready")
