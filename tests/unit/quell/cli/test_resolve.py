import pytest
from msgspec import Struct

from quell.cli.errors import CommandError, ExitCode
from quell.cli.resolve import find_room, look_up, split_room
from quell.config import Account
from quell_providers.model import Room
from tests.support.fake_provider import BUCKET, FakeProvider
from tests.unit.quell.cli.conftest import plugin

ACCOUNTS = [Account(name, plugin, Struct()) for name in ("work", "live")]
ROOMS = [
    Room(id="GENERAL", name="general", kind="channel"),
    Room(id="Ab1", name="random", kind="channel"),
    Room(id="Ab2", name="random", kind="group"),
    Room(id="random", name="another", kind="group"),
    Room(id="X/y", name="a/b", kind="channel"),
    Room(id="nameless", name="", kind="room"),
]


def complaint(error: pytest.ExceptionInfo[CommandError]) -> str:
    assert error.value.code is ExitCode.USAGE
    return f"{error.value.message} | {error.value.remedy}"


def test_only_the_first_slash_divides() -> None:
    account, room = split_room("live/a/b", ACCOUNTS)
    assert (account.name, room) == ("live", "a/b")


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("general", "'general' names no room | write account/room; accounts: work, live"),
        ("work/", "'work/' names no room | write account/room; accounts: work, live"),
        ("wrok/general", "there is no account 'wrok' | did you mean work?"),
        ("xyz/general", "there is no account 'xyz' | accounts: work, live"),
        ("/general", "there is no account '' | accounts: work, live"),
    ],
)
def test_a_reference_without_an_account(reference: str, told: str) -> None:
    with pytest.raises(CommandError) as error:
        split_room(reference, ACCOUNTS)
    assert complaint(error) == told


@pytest.mark.parametrize(
    ("wanted", "id_"),
    [("general", "GENERAL"), ("GENERAL", "GENERAL"), ("Ab2", "Ab2"), ("a/b", "X/y"), ("nameless", "nameless")],
)
def test_by_id_or_name(wanted: str, id_: str) -> None:
    assert find_room("work", wanted, ROOMS).id == id_


def test_by_arn() -> None:
    rooms = [Room(id="AbCdEfGhIjKl", name="finals", kind="room")]
    arn = "arn:aws:ivschat:us-west-2:123456789012:room/"
    account, wanted = split_room(f"live/{arn}AbCdEfGhIjKl", ACCOUNTS)
    assert find_room(account.name, wanted, rooms).name == "finals"
    with pytest.raises(CommandError, match="live has no room 'arn:aws"):
        find_room("live", f"{arn}finals", rooms)


async def test_the_service_is_asked_for_just_the_room_where_it_can_be() -> None:
    class Provider(FakeProvider):
        lists = 0

        async def find_rooms(self, reference: str) -> tuple[Room, ...]:
            return tuple(room for room in ROOMS if room.name == reference)

        async def rooms(self) -> tuple[Room, ...]:
            self.lists += 1
            return tuple(ROOMS)

    provider = Provider(ROOMS, {}, BUCKET)
    assert (await look_up("work", "general", provider)).id == "GENERAL"
    with pytest.raises(CommandError, match="2 rooms of work"):
        await look_up("work", "random", provider)
    assert provider.lists == 0
    with pytest.raises(CommandError) as error:
        await look_up("work", "genral", provider)
    assert complaint(error).endswith("did you mean work/general?")


def test_an_id_comes_before_a_name() -> None:
    assert find_room("work", "random", ROOMS).name == "another"


def test_a_name_of_several_rooms_lists_their_ids() -> None:
    with pytest.raises(CommandError) as error:
        find_room("work", "random", ROOMS[:3])
    assert complaint(error) == "2 rooms of work are named 'random' | use the id: work/Ab1 or work/Ab2"


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("genral", "work has no room 'genral' | did you mean work/general?"),
        ("General", "work has no room 'General' | did you mean work/general?"),
        ("zzzzzz", "work has no room 'zzzzzz' | list them with: quell rooms"),
    ],
)
def test_an_unknown_room_lists_near_ones(wanted: str, told: str) -> None:
    with pytest.raises(CommandError) as error:
        find_room("work", wanted, ROOMS)
    assert complaint(error) == told
