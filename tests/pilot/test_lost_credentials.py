"""Credentials that are taken back in mid-session are told of by the account, not only by what was asked for last."""

from pathlib import Path

import pytest

from quell.moderation.deletion import State
from quell.screens.confirm import ConfirmScreen
from quell.widgets.rooms import RoomList
from quell_providers.ivs import calls
from quell_providers.refusal import RefusalKind
from quell_providers.sandbox.ivs.keys import AccessKey
from quell_providers.sandbox.sandbox import Sandbox, SandboxOptions
from tests.contract.sides import IvsSide
from tests.support.console import console
from tests.support.stage import NOW, Stage


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
