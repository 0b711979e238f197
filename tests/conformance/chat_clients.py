"""Clients of Rocket.Chat in processes of their own, and what their cases ask of the sandbox.

They are the official DDP client, `@rocket.chat/ddp-client`, and `rocketchat_API`.
"""

from datetime import UTC, datetime
from typing import Any

from tests.conformance.cases import Report
from tests.conformance.chat_stage import Chat, chat_stage
from tests.conformance.child import play_child
from tests.conformance.installation import node_script, python_script


class Wishes:
    """What the cases in `scripts/ddp_client.mjs` and `rocketchat_api.py` ask for."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def address(self, _: dict[str, Any]) -> str:
        """Where the server is."""
        return self._chat.service.url

    async def login(self, wish: dict[str, Any]) -> dict[str, str]:
        """Credentials of somebody."""
        login = self._chat.service.login_as(wish["who"])
        password = self._chat.service.password_of(wish["who"])
        return {"userId": login.user_id, "token": login.auth_token, "password": password}

    async def second_factor(self, wish: dict[str, Any]) -> dict[str, str]:
        """Credentials of somebody, who needs a code from now on."""
        self._chat.service.require_second_factor(wish["who"])
        return await self.login(wish) | {"code": self._chat.service.second_factor_code(wish["who"])}

    async def room(self, wish: dict[str, Any]) -> str:
        """A fresh room's id."""
        people = [person for person in self._chat.world.people.values() if person.username == wish.get("member")]
        return self._chat.room(*people, kind=wish.get("kind", "c")).id

    async def say(self, wish: dict[str, Any]) -> str:
        """Write a message; its id."""
        place = self._chat.world.places[wish.pop("room")]
        return self._chat.say(place, **wish).id

    async def edit(self, wish: dict[str, Any]) -> None:
        """Change a message."""
        post = self._chat.world.find_post(wish["id"])
        assert post is not None
        self._chat.world.edit(post, wish["text"])

    async def delete(self, wish: dict[str, Any]) -> None:
        """Delete a message while these settings hold."""
        with self._chat.settings(**wish.get("settings", {})):
            reply = await self._chat.post("chat.delete", {"roomId": wish["room"], "msgId": wish["id"]})
        reply.expect(200)

    async def clean(self, wish: dict[str, Any]) -> None:
        """Prune a room."""
        body = {"roomId": wish.pop("room"), "oldest": "2016-01-01T00:00:00Z", "latest": "2099-01-01T00:00:00Z", **wish}
        (await self._chat.post("rooms.cleanHistory", body)).expect(200)

    async def grant(self, wish: dict[str, Any]) -> None:
        """Grant a permission to a role."""
        grants = self._chat.service.grants[wish["permission"]] | {wish["role"]}
        body = {"permissions": [{"_id": wish["permission"], "roles": sorted(grants)}]}
        (await self._chat.post("permissions.update", body)).expect(200)

    async def set(self, wish: dict[str, Any]) -> None:
        """Change a setting."""
        (await self._chat.post(f"settings/{wish['setting']}", {"value": wish["value"]})).expect(200)

    async def now(self, _: dict[str, Any]) -> str:
        """The server's time."""
        return datetime.fromtimestamp(self._chat.stage.clock.now(), UTC).isoformat(timespec="milliseconds")[:-6] + "Z"

    async def problems(self, wish: dict[str, Any]) -> list[str]:
        """What the vendor's schema finds wrong with a document."""
        return await self._chat.judge.problems(wish["schema"], wish["document"])

    async def drop(self, _: dict[str, Any]) -> None:
        """Cut every socket, as a failing network does."""
        await self._chat.service.drop_connections()


async def run_ddp(report: Report) -> None:
    """Play every case of the DDP client."""
    await _run(report, "ddp", node_script("ddp_client"))


async def run_rest(report: Report) -> None:
    """Play every case of `rocketchat_API`."""
    await _run(report, "rc-api", python_script("rocketchat_api"))


async def _run(report: Report, name: str, command: list[str]) -> None:
    # Under a path, as behind many a proxy: so this is proven of both clients on the way.
    async with chat_stage(path="/chat") as chat:
        wishes = Wishes(chat)
        answers = {wish: getattr(wishes, wish) for wish in dir(wishes) if not wish.startswith("_")}
        await play_child(report, name, command, answers)
