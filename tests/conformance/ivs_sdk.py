"""The official IVS JavaScript SDK, `amazon-ivs-chat-messaging`: what its cases ask of the sandbox."""

from typing import Any

from tests.conformance.cases import Report
from tests.conformance.child import play_child
from tests.conformance.installation import node_script
from tests.conformance.ivs_stage import Ivs, ivs_stage

_MODERATES = ["SEND_MESSAGE", "DELETE_MESSAGE", "DISCONNECT_USER"]


class Wishes:
    """What the cases in `scripts/ivs_sdk.mjs` ask for."""

    def __init__(self, ivs: Ivs) -> None:
        self._ivs = ivs

    async def address(self, _: dict[str, Any]) -> str:
        """Where the messaging socket is."""
        return self._ivs.service.messaging_url

    async def room(self, wish: dict[str, Any]) -> str:
        """The ARN of a fresh room with these settings."""
        return await self._ivs.new_room(**wish)

    async def token(self, wish: dict[str, Any]) -> object:
        """A chat token; with every capability where nothing else is said."""
        answer = await self._ivs.call("create_chat_token", **({"capabilities": _MODERATES} | wish))
        return {name: value if name == "token" else value.isoformat() for name, value in answer.items()}

    async def call(self, wish: dict[str, Any]) -> object:
        """Any call of the control plane."""
        return await self._ivs.call(wish["operation"], **wish["with"])

    async def drop(self, _: dict[str, Any]) -> None:
        """Cut every connection, as a failing network does."""
        await self._ivs.service.drop_connections()

    async def advance(self, wish: dict[str, Any]) -> None:
        """Set the sandbox's clock forward."""
        self._ivs.stage.clock.advance(wish["seconds"])

    async def reviewed_room(self, wish: dict[str, Any]) -> str:
        """The ARN of a room whose messages are all denied, or all rewritten."""
        arn = await self._ivs.new_room()
        place = self._ivs.stage.sandbox.world.places[arn.rpartition("/")[2]]
        self._ivs.service.review(place, lambda _: wish)
        return arn


async def run(report: Report) -> None:
    """Play every case of the SDK."""
    async with ivs_stage() as ivs:
        wishes = Wishes(ivs)
        answers = {name: getattr(wishes, name) for name in dir(wishes) if not name.startswith("_")}
        await play_child(report, "sdk", node_script("ivs_sdk"), answers)
