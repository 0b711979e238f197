"""Codes that a login asks for, and that only the person at the keyboard has."""

import asyncio
from collections.abc import Callable

from quell_providers.secret import Secret


class CodeRequest:
    """One question for a code, open until it is answered, or until whoever asked wants to know no more.

    The code is kept as a `Secret`, so that no repr of a request, a future or a task can show it.

    Args:
        account: Name of the account that logs in.
        question: What for, in one sentence; it quotes the server's address and the user, so it is raw.
    """

    def __init__(self, account: str, question: str) -> None:
        self.account = account
        self.question = question
        self._answer: asyncio.Future[Secret] = asyncio.get_running_loop().create_future()

    @property
    def is_open(self) -> bool:
        """Whether somebody still waits for the code."""
        return not self._answer.done()

    def answer(self, code: Secret) -> None:
        """Give the code; an empty one means that there is none. Nothing happens when nobody waits any more."""
        if self.is_open:
            self._answer.set_result(code)

    def when_over(self, told: Callable[[], object]) -> None:
        """Call this as soon as the request is not open any more."""
        self._answer.add_done_callback(lambda _: told())

    async def wait(self) -> Secret:
        """The code, once it is given."""
        return await self._answer


class CodeDesk:
    """The open questions of all accounts, in the order in which they came: there is one keyboard.

    Args:
        changed: Called with an account's name whenever it begins or ends to wait for a code.
    """

    def __init__(self, changed: Callable[[str], None]) -> None:
        self._changed = changed
        self._requests: list[CodeRequest] = []
        self._closed = False

    @property
    def open_requests(self) -> list[CodeRequest]:
        """Those that are not answered yet, the one to answer first in front."""
        return [request for request in self._requests if request.is_open]

    def awaits(self, account: str) -> bool:
        """Whether the login of this account waits for a code."""
        return any(request.account == account for request in self.open_requests)

    async def ask(self, account: str, question: str) -> str:
        """The code typed in answer, without blanks around it; empty when none is given. As `Provider.ask_code`."""
        if self._closed:
            return ""
        request = CodeRequest(account, question)
        self._requests.append(request)
        self._changed(account)
        try:
            return (await request.wait()).reveal().strip()
        finally:
            self._requests.remove(request)
            self._changed(account)

    def close(self) -> None:
        """Nobody is there to be asked any more: no code is given from now on, to those who wait neither."""
        self._closed = True
        for request in self._requests:
            request.answer(Secret.of(""))
