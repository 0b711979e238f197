"""The second factor of a login: codes from an app (TOTP, RFC 6238) or by mail."""

import base64
import hashlib
import hmac
import secrets
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from quell_providers.sandbox.clock import Clock
from quell_providers.sandbox.rocketchat.errors import MeteorError
from quell_providers.sandbox.rocketchat.settings import Settings
from quell_providers.sandbox.rocketchat.wire import Document
from quell_providers.sandbox.world import Person

Method = Literal["totp", "email"]

_STEP_SECONDS = 30
_STEPS_OF_GRACE = 1
_DIGITS = 6
_MAIL_SECONDS = 3600.0


class SecondFactorError(MeteorError):
    """A code is missing or wrong. REST tells these details too, which it does of no other error."""

    def __init__(self, code: str, reason: str, details: Document) -> None:
        super().__init__(code, reason, details)
        self.told: Document = details


@dataclass(slots=True)
class _Mail:
    code: str
    expires_at: float


class SecondFactors:
    """Who needs a second factor, and which codes are right at the moment."""

    def __init__(self, clock: Clock, settings: Settings) -> None:
        self._clock = clock
        self._settings = settings
        self._secrets: dict[str, bytes] = {}
        self._by_mail: set[str] = set()
        self._mails: dict[str, _Mail] = {}
        self._failures: Counter[str] = Counter()

    def require(self, person: Person, method: Method) -> None:
        """From now on this person needs a code."""
        if method == "totp":
            self._secrets.setdefault(person.id, secrets.token_bytes(20))
        else:
            self._by_mail.add(person.id)

    def methods(self, person: Person) -> list[Method]:
        """How the person can get a code; empty where none is needed."""
        if not self._settings.is_on("Accounts_TwoFactorAuthentication_Enabled"):
            return []
        found: list[Method] = []
        if person.id in self._secrets:
            found.append("totp")
        if person.id in self._by_mail:
            found.append("email")
        return found

    def secret(self, person: Person) -> str:
        """What the person's app was set up with, in base 32. Raises `KeyError` where it was not."""
        return base64.b32encode(self._secrets[person.id]).decode()

    def code(self, person: Person) -> str:
        """A code that is right now: the app's, or the one in the last mail. Raises `KeyError` where there is none."""
        if person.id in self._secrets:
            return self._app_code(person, 0)
        return self._mails[person.id].code

    def check(self, person: Person, code: object, wanted: object = None) -> None:
        """Accept a code by the wanted method, or else by the first that the person has.

        Raises:
            SecondFactorError: `totp-required`, `totp-invalid`, `totp-max-attempts`.
        """
        methods = self.methods(person)
        if not methods:
            return
        method = next((known for known in methods if known == wanted), methods[0])
        text = str(code or "")
        if text and self._is_right(person, method, text):
            self._failures.pop(person.id, None)
            return
        details = self._details(person, method, methods)
        if not text:
            raise SecondFactorError("totp-required", "TOTP Required", details)
        self._failures[person.id] += 1
        most = self._settings.number("Accounts_TwoFactorAuthentication_Max_Invalid_Email_OTP_Attempts")
        if method == "email" and self._failures[person.id] >= most:
            raise SecondFactorError("totp-max-attempts", "TOTP Maximun Failed Attempts Reached", details)
        raise SecondFactorError("totp-invalid", "TOTP Invalid", details)

    def _details(self, person: Person, method: Method, methods: list[Method]) -> Document:
        details: Document = {"method": method, "codeGenerated": False, "availableMethods": list(methods)}
        if method == "email":
            details |= {"codeGenerated": self._send_mail(person), "emailOrUsername": person.username}
        return details

    def _send_mail(self, person: Person) -> bool:
        """Mail a fresh code unless the last one still holds."""
        mail = self._mails.get(person.id)
        now = self._clock.now()
        if mail is not None and mail.expires_at > now:
            return False
        self._mails[person.id] = _Mail(f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}", now + _MAIL_SECONDS)
        return True

    def _is_right(self, person: Person, method: Method, code: str) -> bool:
        if method == "totp":
            steps = range(-_STEPS_OF_GRACE, _STEPS_OF_GRACE + 1)
            return any(hmac.compare_digest(self._app_code(person, step).encode(), code.encode()) for step in steps)
        mail = self._mails.get(person.id)
        if mail is None or mail.expires_at <= self._clock.now() or not hmac.compare_digest(mail.code, code):
            return False
        del self._mails[person.id]  # each mailed code is good for one use
        return True

    def _app_code(self, person: Person, step: int) -> str:
        count = int(self._clock.now() // _STEP_SECONDS) + step
        digest = hmac.new(self._secrets[person.id], count.to_bytes(8), hashlib.sha1).digest()
        start = digest[-1] & 0x0F
        number = int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF
        return f"{number % 10**_DIGITS:0{_DIGITS}}"
