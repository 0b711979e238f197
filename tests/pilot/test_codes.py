"""A login that takes a second factor asks for the code on the screen, and nothing but the provider gets to see it."""

import asyncio
import gc
from pathlib import Path

from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input

from quell.screens.code import CodeScreen
from quell.screens.confirm import ConfirmScreen
from quell.screens.leave import LeaveScreen
from quell.screens.main import MainScreen
from quell_providers.rocketchat.provider import RocketChatProvider
from quell_providers.rocketchat.settings import RocketChatSettings
from quell_providers.sandbox.sandbox import Sandbox, SandboxOptions
from quell_providers.secret import Secret
from tests.support.console import console
from tests.support.fake_provider import FakeProvider
from tests.support.stage import NOW, FakeStage, Stage, providers, stage

CODE = "739154"


def guarded(**codes: str) -> dict[str, FakeProvider]:
    """The usual accounts, of which these take codes."""
    fakes = providers()
    for name, code in codes.items():
        fakes[name].code = code
    return fakes


async def asked(running: Stage, account: str) -> None:
    def is_asked() -> bool:
        screen = running.app.screen
        return isinstance(screen, CodeScreen) and bool(screen.query(".title")) and account in running.text(".title")

    await running.until(is_asked)


async def give(running: Stage, code: str) -> None:
    await running.pilot.press(*code, "enter")


async def test_nothing_typed_is_not_sent_and_a_wrong_code_can_be_tried_again(tmp_path: Path) -> None:
    async with stage(tmp_path, accounts=guarded(work=CODE), ready=False) as running:
        await asked(running, "work · Rocket.Chat")
        assert running.text("#question") == "The server asks for a code:"
        assert "wants a code" in str(running.main.query_one("#status").render())
        await running.pilot.press("enter")
        await running.until(lambda: "Type the code first" in running.text("#problem"))
        await give(running, "000000")
        await running.until(
            lambda: isinstance(running.app.screen, CodeScreen) and "is not right" in running.text("#question")
        )
        assert running.app.screen.query_one(Input).value == ""
        await running.pilot.press("space", *CODE, "space", "enter")
        await running.until(lambda: running.session.accounts["work"].phase == "ready")
        await running.until(lambda: isinstance(running.app.screen, MainScreen))


async def test_several_accounts_ask_one_after_the_other(tmp_path: Path) -> None:
    async with stage(tmp_path, accounts=guarded(work=CODE, live="backup"), ready=False) as running:
        await asked(running, "work")
        await running.until(lambda: len(running.session.codes.open_requests) == 2)
        await give(running, CODE)
        await asked(running, "live")
        assert "more login" not in running.text("#others")
        assert running.session.accounts["live"].phase == "connecting"
        await running.pilot.press(*"backup")
        await running.pilot.click("#keys", offset=(1, 0))
        await running.until(lambda: all(each.phase == "ready" for each in running.session.accounts.values()))


async def test_escape_gives_none_and_the_account_is_refused_with_its_remedy(tmp_path: Path) -> None:
    async with stage(tmp_path, accounts={"work": guarded(work=CODE)["work"]}, ready=False) as running:
        await asked(running, "work")
        await running.pilot.press("escape")
        await running.until(lambda: running.session.accounts["work"].phase == "refused")
        await running.until(lambda: "none was given" in running.text("#room-notice"))
        assert "Ignore Two Factor" in running.text("#room-notice")
        await running.pilot.press("ctrl+r")
        await asked(running, "work")
        await give(running, CODE)
        await running.until(lambda: running.session.accounts["work"].phase == "ready")


async def test_the_question_waits_until_no_other_dialog_takes_the_keys(tmp_path: Path) -> None:
    fakes = guarded(live=CODE)
    fakes["live"].code, code = None, fakes["live"].code
    async with stage(tmp_path, accounts=fakes, grace=5.0) as running:
        await running.pilot.press("d")
        await running.until(lambda: isinstance(running.app.screen, ConfirmScreen))
        await running.pilot.press("1", "enter")
        await running.until(lambda: running.state("m0007"))
        await running.pilot.press("ctrl+q")
        await running.until(lambda: isinstance(running.app.screen, LeaveScreen))
        fakes["live"].code = code
        running.session.connect("live")
        await running.until(lambda: running.session.codes.awaits("live"))
        await running.until(lambda: "wants a code" in str(running.main.query_one("#status").render()))
        assert isinstance(running.app.screen, LeaveScreen)
        await running.pilot.press("n")
        await asked(running, "live")


async def test_a_question_that_nobody_waits_for_any_more_goes_away(tmp_path: Path) -> None:
    async with stage(tmp_path, accounts=guarded(work=CODE), ready=False) as running:
        await asked(running, "work")
        first = running.app.screen
        running.session.connect("work")
        await running.until(lambda: running.app.screen is not first)
        await asked(running, "work")
        assert len(running.session.codes.open_requests) == 1


async def test_leaving_does_not_wait_for_a_code(tmp_path: Path) -> None:
    async with stage(tmp_path, accounts=guarded(work=CODE), ready=False) as running:
        await asked(running, "work")
        await running.pilot.press("ctrl+q")
    assert running.app.failure is None


async def test_the_code_is_in_no_message_worker_task_or_picture(tmp_path: Path) -> None:
    seen: list[str] = []
    fakes = guarded(work=CODE)
    app = console(fakes, tmp_path, now=lambda: NOW)

    def look(message: Message) -> None:
        seen.append(repr(message))

    async with app.run_test(size=(100, 30), message_hook=look) as pilot:
        running = FakeStage(app, pilot, fakes["work"], fakes["live"])
        await running.until(lambda: any(isinstance(screen, MainScreen) for screen in app.screen_stack))
        await asked(running, "work")
        await pilot.press(*CODE)
        pictures = [app.export_screenshot()]
        field = app.screen.query_one(Input)
        field.action_select_all()
        field.action_copy()
        field.action_cut()
        assert app.clipboard == ""
        await pilot.press("end", "enter")
        seen += [repr(each) for each in app.workers]
        seen += [repr(each) for each in asyncio.all_tasks()]
        await running.until(lambda: running.session.accounts["work"].phase == "ready")
        pictures.append(app.export_screenshot())
        seen += [repr(each) for each in asyncio.all_tasks()]
        seen += [repr(each) for each in gc.get_objects() if isinstance(each, asyncio.Future)]
    assert any("Entered" in each for each in seen)
    assert not [each for each in [*seen, *pictures] if CODE in each]


def token_of(provider: RocketChatProvider) -> str:
    login = provider._rest._credentials.login
    assert login is not None
    return login.token.reveal()


async def sandboxed(pilot: Pilot[None], running: Stage, sandbox: Sandbox, provider: RocketChatProvider) -> None:
    service = sandbox.rocketchat
    await asked(running, "work")
    assert service.url in running.text("#question")
    assert "authenticator app" in running.text("#question")
    await give(running, "000000")
    await running.until(lambda: isinstance(running.app.screen, CodeScreen) and "not right" in running.text("#question"))
    await give(running, service.second_factor_code("moderator"))
    await running.until(lambda: len(running.feed.rows) > 0)
    # The login ends on the server, with all its connections: the next one takes a code again.
    service.revoke(token_of(provider))
    await asked(running, "work")
    await give(running, service.second_factor_code("moderator"))
    await running.until(lambda: isinstance(running.app.screen, MainScreen))
    await running.until(lambda: "  live" in running.text("#room-title"))
    service.revoke(token_of(provider))
    await asked(running, "work")
    await pilot.press("escape")
    await running.until(
        lambda: isinstance(running.app.screen, MainScreen) and "none was given" in running.text("#room-banner")
    )
    await running.until(lambda: running.session.accounts["work"].phase == "refused")


async def test_a_login_that_ends_is_made_anew_with_another_code(tmp_path: Path) -> None:
    async with Sandbox(SandboxOptions(rate=0, rocketchat_limit=(1000, 60.0))) as sandbox:
        service = sandbox.rocketchat
        service.require_second_factor("moderator")
        password = Secret.of(service.password_of("moderator"))
        provider = RocketChatProvider(RocketChatSettings(url=service.url, user="moderator", password=password))
        app = console({"work": provider}, tmp_path, now=lambda: NOW)
        async with app.run_test(size=(140, 40), notifications=True) as pilot:
            running = Stage(app, pilot)
            await running.until(lambda: any(isinstance(screen, MainScreen) for screen in app.screen_stack))
            provider._realtime._pause = lambda attempt: 0.0
            await sandboxed(pilot, running, sandbox, provider)
