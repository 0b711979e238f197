"""Rocket.Chat as cases use it: every request and every answer is held against the vendor's schemas."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from quell_providers.sandbox.rocketchat.accounts import Login
from quell_providers.sandbox.world import Person, Place, Post
from tests.conformance.cases import expect, require
from tests.conformance.chat_schemas import DOCUMENTS, ERRORS, REQUESTS
from tests.conformance.judge import Judge, judging
from tests.conformance.stage import Stage, stage

Body = dict[str, Any]

_MOMENT = 0.001
"""Seconds that pass before anything happens, so that no two things happen at the same time."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the REST API."""

    status: int
    body: Body
    headers: httpx.Headers

    @property
    def refused_as_invalid(self) -> bool:
        """Whether the request did not fit the route's schema."""
        return self.status == 400 and self.body.get("errorType") in ("invalid-params", "error-invalid-params")

    def expect(self, status: int, /, **members: object) -> Body:
        """The body; raises MismatchError unless status and these members are as given."""
        actual = {name: self.body.get(name) for name in members}
        expect((self.status, actual), (status, members), "the answer")
        return self.body


class Chat:
    """The sandbox's Rocket.Chat, its people and rooms."""

    def __init__(self, stage: Stage, judge: Judge, http: httpx.AsyncClient) -> None:
        self.stage = stage
        self.world = stage.sandbox.world
        self.service = stage.sandbox.rocketchat
        self.judge = judge
        self._http = http
        self._logins: dict[str, Login] = {}
        self._made = 0

    async def get(self, path: str, who: str | None = "admin", /, **params: object) -> Reply:
        """`GET /api/v1/<path>` as somebody, or as nobody."""
        query = {name: str(value) for name, value in params.items()}
        return await self._judged(path, query, await self._send("GET", path, who, params=query))

    async def post(self, path: str, body: object, who: str | None = "admin") -> Reply:
        """`POST /api/v1/<path>` as somebody, or as nobody."""
        return await self._judged(path, body, await self._send("POST", path, who, json=body))

    async def send(self, method: str, path: str, headers: dict[str, str], **what: Any) -> Reply:
        """Any request with these headers, judged by nobody."""
        answer = await self._http.request(method, f"/api/v1/{path}", headers=headers, **what)
        require(
            "json" in answer.headers["Content-Type"], f"{path} answered HTTP {answer.status_code}: {answer.text:.80}"
        )
        return Reply(answer.status_code, answer.json(), answer.headers)

    async def status(self, method: str, path: str) -> int:
        """Only the status of an answer, for what may not be a route at all."""
        return (await self._http.request(method, f"/api/v1/{path}")).status_code

    def headers(self, who: str) -> dict[str, str]:
        """What makes a request somebody's."""
        login = self._logins.setdefault(who, self.service.login_as(who))
        return {"X-User-Id": login.user_id, "X-Auth-Token": login.auth_token}

    def someone(self, *roles: str) -> Person:
        """Somebody new, an ordinary user unless roles are given."""
        self._made += 1
        name = f"guest{self._made}"
        return self.world.add_person(Person(self.world.new_id("rocketchat"), name, name, set(roles or ("user",))))

    def admin(self) -> Person:
        """The administrator."""
        return next(person for person in self.world.people.values() if person.username == "admin")

    def room(self, *members: Person, kind: str = "c", **fields: Any) -> Place:
        """A new room with the administrator and these people in it."""
        self._made += 1
        place = Place(
            id=self.world.new_id("rocketchat"),
            service="rocketchat",
            name=f"room{self._made}",
            kind=kind,
            members=[self.admin(), *members],
            created_at=self.stage.clock.now(),
            **fields,
        )
        return self.world.add_place(place)

    def say(self, place: Place, author: Person | None = None, text: str = "hello", **fields: Any) -> Post:
        """A new message; the administrator's unless another author is given."""
        self.stage.clock.advance(_MOMENT)
        return self.world.post(place, author or self.admin(), text, **fields)

    @contextmanager
    def settings(self, **values: object) -> Iterator[None]:
        """Change settings for as long as the context lasts."""
        before = {name: self.world.settings[name] for name in values}
        self._set(values)
        try:
            yield
        finally:
            self._set(before)

    @contextmanager
    def granted(self, permission: str, role: str) -> Iterator[None]:
        """Grant a permission to a role for as long as the context lasts."""
        before = set(self.service.grants[permission])
        self.service.set_permission(permission, before | {role})
        try:
            yield
        finally:
            self.service.set_permission(permission, before)

    def _set(self, values: Mapping[str, object]) -> None:
        for name, value in values.items():
            self.service.set_setting(name, value)

    async def _send(self, method: str, path: str, who: str | None, **what: Any) -> Reply:
        self.stage.clock.advance(_MOMENT)
        return await self.send(method, path, self.headers(who) if who else {}, **what)

    async def _judged(self, path: str, request: object, reply: Reply) -> Reply:
        await self._judge_request(path, request, reply)
        expect(reply.headers["Content-Type"], "application/json", f"Content-Type of {path}")
        caching = (reply.headers.get("Cache-Control"), reply.headers.get("Pragma"))
        expect(caching, ("no-store", "no-cache"), f"Cache-Control and Pragma of {path}")
        schema = ERRORS.get(reply.status)
        if schema is not None:
            await self._judge_document(path, schema, reply.body)
        if reply.status == 200:
            for steps, document in DOCUMENTS.get(path, ()):
                for found in _follow(reply.body, steps):
                    await self._judge_document(path, document, found)
        return reply

    async def _judge_request(self, path: str, request: object, reply: Reply) -> None:
        """Both must agree on whether the request fits."""
        if path not in REQUESTS or reply.status in (401, 403, 429):
            return
        problems = await self.judge.problems(REQUESTS[path], request)
        if problems:
            require(reply.refused_as_invalid, f"{path} took {request!r}, for which the schema says: {problems}")
        else:
            require(not reply.refused_as_invalid, f"{path} refused {request!r}, which fits the schema: {reply.body}")

    async def _judge_document(self, path: str, schema: str, document: object) -> None:
        problems = await self.judge.problems(schema, document)
        require(not problems, f"{path}: no {schema}: {'; '.join(problems)}: {document!s:.300}")


@asynccontextmanager
async def chat_stage(
    *, limit: tuple[int, float] = (0, 0.0), version: str = "8.8", path: str = ""
) -> AsyncIterator[Chat]:
    """A fresh sandbox, of which the Rocket.Chat half is used; without another wish it limits nobody."""
    async with (
        stage(rocketchat_limit=limit, rocketchat_version=version, rocketchat_path=path) as opened,
        judging() as judge,
        httpx.AsyncClient(base_url=opened.sandbox.rocketchat.url, trust_env=False) as http,
    ):
        yield Chat(opened, judge, http)


def _follow(value: Any, steps: str) -> Iterator[object]:
    """What lies at the end of `steps`: names with dots between; a list stands for each of its items."""
    if isinstance(value, list):
        for item in value:
            yield from _follow(item, steps)
    elif not steps:
        yield value
    else:
        name, _, rest = steps.partition(".")
        if isinstance(value, dict) and value.get(name) is not None:
            yield from _follow(value[name], rest)
