import sys
import types
from pathlib import Path

import pytest

from quell.config.problem import Findings
from quell.config.secrets import SecretReader
from quell_providers.refusal import RefusalKind, RefusedError
from quell_providers.secret import Secret

PATH = ("accounts", "work", "token")


@pytest.fixture
def findings() -> Findings:
    return Findings(Path("config.toml"), "[accounts.work]\ntoken = 1")


@pytest.fixture
def reader(tmp_path: Path, findings: Findings) -> SecretReader:
    return SecretReader(tmp_path, findings)


def problem(findings: Findings) -> str:
    (found,) = findings.problems()
    assert (found.line, found.key) == (2, "accounts.work.token")
    return f"{found.message} | {found.hint}"


def refusal(secret: Secret) -> str:
    with pytest.raises(RefusedError) as caught:
        secret.reveal()
    assert caught.value.refusal.kind is RefusalKind.LOGIN
    return f"{caught.value.refusal.cause} | {caught.value.refusal.detail} | {caught.value.refusal.remedy}"


def private(file: Path, text: str) -> Path:
    file.write_text(text)
    file.chmod(0o600)
    return file


def test_a_variable(reader: SecretReader, findings: Findings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "v")
    assert reader.read(PATH, {"env": "TOKEN"}).reveal() == "v"
    assert not findings


@pytest.mark.parametrize(("value", "state"), [(None, "is not set"), ("", "is empty")])
def test_a_missing_variable_is_named(
    reader: SecretReader, findings: Findings, monkeypatch: pytest.MonkeyPatch, value: str | None, state: str
) -> None:
    if value is not None:
        monkeypatch.setenv("WORK_TOKEN", value)
    reader.read(PATH, {"env": "WORK_TOKEN"})
    assert problem(findings).startswith(f"the environment variable WORK_TOKEN {state}")


def test_a_file_beside_the_configuration(reader: SecretReader, findings: Findings, tmp_path: Path) -> None:
    private(tmp_path / "token", "v\n")
    assert reader.read(PATH, {"file": "token"}).reveal() == "v"
    assert not findings


def test_a_file_in_the_home_folder(reader: SecretReader, home: Path) -> None:
    private(home / "token", "v")
    assert reader.read(PATH, {"file": "~/token"}).reveal() == "v"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_that_others_can_reach(reader: SecretReader, findings: Findings, tmp_path: Path, mode: int) -> None:
    private(tmp_path / "token", "v").chmod(mode)
    reader.read(PATH, {"file": "token"})
    assert f"(mode 0{mode:o}) | chmod 600" in problem(findings)


def test_a_file_that_is_not_there(reader: SecretReader, findings: Findings) -> None:
    reader.read(PATH, {"file": "token"})
    assert "token: No such file or directory" in problem(findings)


def test_a_folder(reader: SecretReader, findings: Findings) -> None:
    reader.read(PATH, {"file": "."})
    assert "is not a file" in problem(findings)


def test_a_file_is_read_when_needed_and_may_have_become_empty(reader: SecretReader, tmp_path: Path) -> None:
    file = private(tmp_path / "token", "v")
    secret = reader.read(PATH, {"file": "token"})
    file.write_text("\n")
    assert "is empty" in refusal(secret)


def test_a_file_that_vanished(reader: SecretReader, tmp_path: Path) -> None:
    file = private(tmp_path / "token", "v")
    secret = reader.read(PATH, {"file": "token"})
    file.unlink()
    assert "can not be read | FileNotFoundError" in refusal(secret)


def test_the_first_line_of_a_command(reader: SecretReader, findings: Findings) -> None:
    secret = reader.read(PATH, {"command": ["printf", "v w\\nlogin: x\\n"]})
    assert secret.reveal() == "v w"
    assert not findings


def test_a_command_runs_when_needed(reader: SecretReader, tmp_path: Path) -> None:
    secret = reader.read(PATH, {"command": ["sh", "-c", f"touch {tmp_path}/ran; echo v"]})
    assert not (tmp_path / "ran").exists()
    secret.reveal()
    assert (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["sh", "-c", "echo s3cr3t; echo locked >&2; exit 3"], "sh for the secret failed with status 3 | locked"),
        (["true"], "true for the secret printed nothing"),
        (["/nowhere/pass"], "/nowhere/pass for the secret could not be run | No such file"),
    ],
)
def test_a_command_that_fails(reader: SecretReader, words: list[str], told: str) -> None:
    message = refusal(reader.read(PATH, {"command": words}))
    assert told in message
    assert "s3cr3t" not in message


def test_what_was_renewed_outside_is_another_value_but_for_a_variable(
    reader: SecretReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = private(tmp_path / "token", "first")
    monkeypatch.setenv("QUELL_TOKEN", "first")
    ways = ({"file": "token"}, {"command": ["cat", str(file)]}, {"env": "QUELL_TOKEN"})
    secrets = [reader.read(("accounts", "work", "token"), way) for way in ways]
    assert [secret.reveal() for secret in secrets] == ["first"] * 3
    assert [secret.renew() for secret in secrets] == [False] * 3
    file.write_text("second")
    monkeypatch.setenv("QUELL_TOKEN", "second")
    assert [secret.renew() for secret in secrets] == [True, True, False]
    assert [secret.reveal() for secret in secrets] == ["second", "second", "first"]


def test_a_command_that_hangs(reader: SecretReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quell.config.fetch.COMMAND_TIMEOUT", 0.01)
    assert "took longer than" in refusal(reader.read(PATH, {"command": ["sleep", "60"]}))


class FakeKeyring(types.ModuleType):
    """Stands in for the optional library."""

    def __init__(self, entries: dict[tuple[str, str], str]) -> None:
        super().__init__("keyring")
        self.__spec__ = types.SimpleNamespace()  # type: ignore[assignment]  # only its presence is looked at
        self.errors = types.ModuleType("keyring.errors")
        self.errors.KeyringError = type("KeyringError", (Exception,), {})  # type: ignore[attr-defined]
        self._entries = entries

    def get_password(self, service: str, entry: str) -> str | None:
        if not self._entries:
            raise self.errors.KeyringError
        return self._entries.get((service, entry))


def with_keyring(monkeypatch: pytest.MonkeyPatch, entries: dict[tuple[str, str], str]) -> None:
    fake = FakeKeyring(entries)
    monkeypatch.setitem(sys.modules, "keyring", fake)
    monkeypatch.setitem(sys.modules, "keyring.errors", fake.errors)


def test_the_keyring_entry_is_named_after_account_and_key(
    reader: SecretReader, findings: Findings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_keyring(monkeypatch, {("quell", "work.token"): "v"})
    assert reader.read(PATH, {"keyring": True}).reveal() == "v"
    assert not findings


def test_a_missing_keyring_entry_says_how_to_make_it(reader: SecretReader, monkeypatch: pytest.MonkeyPatch) -> None:
    with_keyring(monkeypatch, {("quell", "other.token"): "v"})
    assert "keyring set quell work.token" in refusal(reader.read(PATH, {"keyring": True}))


def test_a_keyring_that_does_not_answer(reader: SecretReader, monkeypatch: pytest.MonkeyPatch) -> None:
    with_keyring(monkeypatch, {})
    assert "did not answer | KeyringError" in refusal(reader.read(PATH, {"keyring": True}))


def test_without_the_keyring_library(reader: SecretReader, findings: Findings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    reader.read(PATH, {"keyring": True})
    assert "pip install 'quell[keyring]'" in problem(findings)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("s3cr3t", 'does not belong in this file | write token = { env = "QUELL_WORK_TOKEN" }'),
        (7, "must be a table with one key"),
        ({}, "must be a table with one key"),
        ({"env": "A", "file": "b"}, "must be a table with one key"),
        ({"evn": "A"}, "can not be named by `evn` | did you mean `env`?"),
        ({"env": 1}, "must be the name of an environment variable"),
        ({"env": ""}, "must be the name of an environment variable"),
        ({"file": 1}, "must be a path"),
        ({"keyring": "yes"}, "keyring must be true"),
        ({"command": "pass show x"}, "must be a list of words"),
        ({"command": []}, "must be a list of words"),
        ({"command": ["pass", 1]}, "must be a list of words"),
    ],
)
def test_a_form_that_can_not_work(reader: SecretReader, findings: Findings, value: object, told: str) -> None:
    reader.read(PATH, value)
    message = problem(findings)
    assert told in message
    assert "s3cr3t" not in message
