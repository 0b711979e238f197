import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from quell import __version__
from quell.cli.root import MODULES, root
from tests.unit.quell.cli.conftest import Quell


def test_version(quell: Quell) -> None:
    assert quell("--version").stdout == f"quell {__version__}\n"


def test_help_lists_every_command(quell: Quell) -> None:
    text = quell("--help").stdout
    assert all(f"  {name} " in text for name in MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_every_command_takes_a_configuration(quell: Quell, name: str) -> None:
    assert "--config FILE" in quell(name, "--help").stdout


@pytest.mark.parametrize(
    "arguments", [("bogus",), ("rooms", "extra"), ("rooms", "--bogus"), ("watch",), ("delete",), ("audit", "bogus")]
)
def test_a_wrong_command_line(quell: Quell, arguments: tuple[str, ...]) -> None:
    assert quell(*arguments).exit_code == 2


@pytest.mark.parametrize("arguments", [("--config", "{}", "rooms"), ("rooms", "--config", "{}")])
def test_the_configuration_may_be_named_before_or_after_the_command(
    quell: Quell, config: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    elsewhere = config.rename(tmp_path / "elsewhere.toml")
    assert quell("rooms").exit_code == 2
    assert quell(*(word.format(elsewhere) for word in arguments)).exit_code == 0


def test_every_problem_of_the_configuration_is_told(quell: Quell, config: Path) -> None:
    config.write_text('modrator = "Mo"\n[accounts.work]\nprovider = "fke"\n')
    result = quell("rooms")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"{config}:1: modrator: unknown key\n  did you mean `moderator`?\n" in result.stderr
    assert f"{config}:3: accounts.work.provider: no such provider: fke\n  did you mean `fake`?\n" in result.stderr


def test_a_configuration_can_not_write_to_the_terminal(quell: Quell, config: Path) -> None:
    config.write_text('"a\\u001b[2J" = 1\n')
    assert "\x1b" not in quell("rooms").stderr


def test_without_a_configuration_no_console_opens() -> None:
    result = CliRunner().invoke(root, [])
    assert result.exit_code == 2
    assert "quell demo" in result.stderr


@pytest.mark.parametrize("arguments", [(), ("demo",)])
def test_a_console_needs_a_terminal(quell: Quell, arguments: tuple[str, ...]) -> None:
    result = quell(*arguments)
    assert result.exit_code == 2
    assert "needs a terminal" in result.stderr


def test_a_command_does_not_wait_for_what_others_import() -> None:
    script = "import sys, quell.cli.root, quell.cli.demo; print('\\n'.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    others = {f"quell.cli.{name}" for name in MODULES} - {"quell.cli.demo"}
    heavy = {"aiohttp", "boto3", "httpx", "importlib.metadata", "sqlite3", "textual", "tomlkit", "websockets"}
    assert (others | heavy).isdisjoint(loaded)
