"""Names that imitate staff carry a badge, whether the staff ever spoke or not."""

import asyncio
from pathlib import Path

import pytest

from quell_providers.model import Author, Posted
from quell_providers.refusal import Refusal, RefusalKind
from tests.support.fake_provider import FakeProvider, message
from tests.support.stage import FakeStage, providers, stage

REAL = Author("lena.real", "Lena Fischer", "lena")
BADGE = "⟦≈ Lena Fischer⟧"


async def say(running: FakeStage, number: int, name: str) -> None:
    running.work.tell(Posted(message(number, f"said {number}", author=name)))
    await running.until(lambda: f"said {number}" in running.drawn())


def line(running: FakeStage, text: str) -> str:
    return next(each for each in running.drawn().splitlines() if text in each)


async def test_who_moderates_a_room_is_asked_for_and_not_to_be_imitated(tmp_path: Path) -> None:
    accounts = providers()
    accounts["work"].moderators["r1"] = (REAL,)
    async with stage(tmp_path, accounts=accounts) as running:
        await running.until(lambda: BADGE in line(running, "see you at lunch"))
        await say(running, 20, "Lеna Fischer")
        assert BADGE in line(running, "said 20")
        await say(running, 21, "Lеna")
        assert "⟦≈ lena⟧" in line(running, "said 21")
        assert "⟦" not in line(running, "anyone coming")


class Slow(FakeProvider):
    """Tells who moderates a room only when it is let."""

    def __init__(self, like: FakeProvider) -> None:
        self.__dict__.update(like.__dict__)
        self.let = asyncio.Event()

    async def staff(self, room_id: str) -> tuple[Author, ...]:
        await self.let.wait()
        return (REAL,)


async def test_rows_that_are_shown_already_get_their_badge_when_the_service_tells(tmp_path: Path) -> None:
    accounts = providers()
    slow = Slow(accounts["work"])
    async with stage(tmp_path, accounts={**accounts, "work": slow}) as running:
        assert BADGE not in running.drawn()
        slow.let.set()
        await running.until(lambda: BADGE in line(running, "see you at lunch"))


async def test_a_service_that_does_not_tell_is_no_matter(tmp_path: Path) -> None:
    accounts = providers()
    accounts["work"].moderators["r1"] = Refusal(kind=RefusalKind.PERMISSION, code="not-allowed", cause="not allowed")
    async with stage(tmp_path, accounts=accounts) as running:
        await say(running, 20, "Lеna Fischer")
        assert BADGE in line(running, "said 20")


@pytest.mark.parametrize("staff", [["Root Admin"], ["Root Admin", "root.admin"]])
async def test_configured_staff_need_never_have_spoken(tmp_path: Path, staff: list[str]) -> None:
    async with stage(tmp_path, staff=staff) as running:
        await say(running, 20, "Rооt Аdmin")
        assert "⟦≈ Root Admin⟧" in line(running, "said 20")
        await say(running, 21, "Root Admin")
        assert "⟦" not in line(running, "said 21")


async def test_an_id_tells_the_real_one_from_one_of_the_same_name(tmp_path: Path) -> None:
    async with stage(tmp_path, staff=["vlad_1998"]) as running:
        assert "⟦" not in line(running, "last chance")
        await say(running, 20, "VLAD_1998")
        assert "⟦" not in line(running, "said 20"), "the fake's id is the name in small letters"
        await say(running, 21, "Vlad_l998")
        assert "⟦≈ Vlad_1998⟧" in line(running, "said 21")
