"""What goes on record of a decision: where, as whom, and what the moderator saw."""

from msgspec.structs import replace

from quell.moderation.deletion import Reason, Target
from quell.moderation.disconnection import Disconnection
from quell.moderation.timeline import Timeline
from quell.session.records import disconnection_of, target_of
from quell.session.state import AccountState, RoomState
from quell_providers.model import Room
from quell_providers.provider import Identity
from tests.support.fake_provider import BUCKET, message

ACCOUNT = AccountState(
    name="work",
    service="Rocket.Chat",
    provider="rocketchat",
    capabilities=BUCKET,
    endpoint_host="chat.example.org",
    identity=Identity(id="aBcD1234", name="Mo"),
)
ROOM = RoomState("work", Room(id="r1", name="general", kind="channel"), Timeline())
REPLY = replace(message(1, "look"), attachments=("advert.png",), thread_id="parent")


def test_a_deletion() -> None:
    assert target_of(ACCOUNT, ROOM, REPLY) == Target(
        account="work",
        provider="rocketchat",
        room_id="r1",
        room_name="general",
        message_id="m0001",
        author_id="amara.okafor",
        author_name="Amara Okafor",
        text="look",
        sent_at=REPLY.sent_at,
        attachments=("advert.png",),
        thread_id="parent",
        endpoint_host="chat.example.org",
        acting_account="aBcD1234",
    )


def test_a_disconnection() -> None:
    asked = disconnection_of(ACCOUNT, ROOM, REPLY, Reason("flood", "x"), moderator="Mo", at=9.0)
    assert asked == Disconnection(
        id=asked.id,
        account="work",
        provider="rocketchat",
        room_id="r1",
        room_name="general",
        author_id="amara.okafor",
        moderator="Mo",
        reason=Reason("flood", "x"),
        at=9.0,
        endpoint_host="chat.example.org",
        acting_account="aBcD1234",
    )


def test_who_an_account_is_before_its_first_login() -> None:
    bare = AccountState(name="work", service="Rocket.Chat", provider="rocketchat", capabilities=BUCKET)
    assert bare.acting_account == ""
