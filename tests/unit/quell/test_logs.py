import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.app import ComposeResult
from textual.widgets import Static

from quell.app import QuellApp
from quell.cli.root import root
from quell.logs import begin_logging, crash_report, report_crash, safe_line
from quell_providers.secret import Secret

TOKEN = "tok3n-of-a-moderator"


@pytest.fixture(autouse=True)
def loggers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Logging as it was before, after each test, and no secrets of other tests."""
    monkeypatch.setattr("quell_providers.secret._revealed", set())
    names = (None, "quell", "quell_providers")
    before = [(logging.getLogger(name), logging.getLogger(name).level) for name in names]
    yield
    begin_logging(file=None, on_stderr=False)
    for logger, level in before:
        logger.setLevel(level)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "quell.log"
    begin_logging(file=file, on_stderr=False)
    return file


def refuse(header: str) -> None:
    raise ValueError(f"the header {header} was refused\x1b]0;owned\x07")


def crash() -> ValueError:
    try:
        refuse(Secret.of(TOKEN).reveal())
    except ValueError as error:
        return error
    raise AssertionError


def test_a_revealed_secret_is_found_in_every_line(log: Path) -> None:
    Secret.of(TOKEN).reveal()
    logging.getLogger("quell.anything").warning("sent %s to the server", TOKEN)
    logging.getLogger("elsewhere").error("sent %s", {"X-Auth-Token": TOKEN})
    assert TOKEN not in log.read_text()
    assert log.read_text().count("sent") == 2


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abcd1234efgh",
        "{'X-Auth-Token': 'abcd1234efgh', 'x': 1}",
        'GET /x?token=abcd1234efgh&y=1 "200"',
        "aws_secret_access_key = abcd1234efgh",
        "X-Amz-Signature=abcd1234efgh",
        '{"password": "abcd1234efgh"}',
        "AKIAABCD1234EFGH5678 abcd",
    ],
)
def test_what_is_named_as_a_credential_is_hidden(text: str) -> None:
    assert "(hidden)" in safe_line(text)
    assert "abcd1234efgh" not in safe_line(text)
    assert "AKIA" not in safe_line(text)


def test_ordinary_lines_stay_as_they_are() -> None:
    line = "the token of account work can not be read: no such file"
    assert safe_line(line) == line


def test_a_record_is_one_line_whatever_it_holds(log: Path) -> None:
    logging.getLogger("quell.x").info("said %s", "hi\n2026-01-01T00:00:00 INFO quell: forged\x1b[2J\u202e")
    (line,) = log.read_text().splitlines()
    assert "hi⏎2026" in line
    assert "␛[2J⟦U+202E⟧" in line


def test_a_traceback_is_indented_and_scrubbed(log: Path) -> None:
    logging.getLogger("quell.x").error("went wrong", exc_info=crash())
    first, *rest = log.read_text().splitlines()
    assert first.endswith("quell.x: went wrong")
    assert all(line.startswith("  | ") for line in rest)
    assert "refuse" in log.read_text()
    assert TOKEN not in log.read_text()


def test_the_file_is_its_owners_alone(log: Path) -> None:
    assert log.stat().st_mode & 0o777 == 0o600


def test_nothing_below_a_warning_comes_from_other_libraries(log: Path) -> None:
    logging.getLogger("httpx").info("GET /me")
    logging.getLogger("quell_providers.x").info("ours")
    assert [line.rpartition(": ")[2] for line in log.read_text().splitlines()] == ["ours"]


def test_commands_tell_warnings_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    begin_logging(file=None, on_stderr=True)
    logging.getLogger("quell.x").info("no")
    logging.getLogger("quell.x").warning("the file\x1b[2J is gone")
    assert capsys.readouterr().err == "quell: the file␛[2J is gone\n"


def test_a_crash_report_holds_no_values_and_no_escapes() -> None:
    out = io.StringIO()
    error = crash()
    report_crash(type(error), error, error.__traceback__, stream=out)
    assert out.getvalue().splitlines() == crash_report(error)
    assert "ValueError: the header Secret(…) was refused␛]0;owned␇" in out.getvalue()
    assert TOKEN not in out.getvalue()


def break_down(app: QuellApp) -> ComposeResult:
    """Fails where a credential is at hand."""
    token = Secret.of(TOKEN).reveal()
    yield Static(str(1 // (len(token) - len(TOKEN))), markup=False)


def test_the_console_crashes_without_showing_variables(
    log: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stderr = io.StringIO()
    monkeypatch.setattr("sys.__stderr__", stderr)
    monkeypatch.setattr(QuellApp, "compose", break_down)
    app = QuellApp(lambda: (_ for _ in ()).throw(AssertionError))
    app.run(headless=True)
    told = stderr.getvalue() + "".join(capsys.readouterr()) + log.read_text()
    assert "ZeroDivisionError" in stderr.getvalue()
    assert "locals" not in told
    assert TOKEN not in told
    assert app.return_code == 1


def test_a_log_file_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    from click.testing import CliRunner

    result = CliRunner().invoke(root, ["--log-file", str(tmp_path / "none" / "x.log"), "rooms"])
    assert result.exit_code == 2
    assert "can not be written" in result.stderr


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret.of(TOKEN)
    secret.reveal()
    assert TOKEN not in f"{secret} {secret!r} {secret!s} {vars} {[secret]}"
