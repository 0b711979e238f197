"""The command line as a shell sees it: real processes, real protocols, real signals."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import QUELL, Command, SandboxCommand
from tests.support.terminal import Terminal

SIGNALS = [signal.SIGINT, signal.SIGTERM]
if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup, which the processes here would inherit
    SIGNALS.append(signal.SIGHUP)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxCommand]:
    """Both services without a limit that a test could meet."""
    with SandboxCommand(tmp_path_factory.mktemp("sandbox"), "--rocketchat-limit", "10000/1") as sandbox:
        yield sandbox


def audit(sandbox: SandboxCommand) -> list[dict[str, Any]]:
    """Every message of the newest batch, as the journal has it."""
    (batch,) = json_lines(sandbox.run("audit", "list", "--limit", "1", "--json").stdout)
    return json_lines(sandbox.run("audit", "show", str(batch["batch_id"]), "--json").stdout)


def json_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def states(lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {line["message_id"]: line["state"] for line in lines if "message_id" in line}


def test_the_ready_line_tells_how_to_reach_both_services(sandbox: SandboxCommand) -> None:
    assert set(sandbox.ready) == {"rocketchat", "ivs", "control", "config"}
    assert set(sandbox.ready["rocketchat"]) == {"url", "user_id", "auth_token"}
    assert set(sandbox.ready["ivs"]) == {
        "endpoint_url",
        "messaging_url",
        "region",
        "access_key_id",
        "secret_access_key",
    }
    assert sandbox.ready["config"] == str(sandbox.config)


def test_rooms_of_both_services(sandbox: SandboxCommand) -> None:
    done = sandbox.run("rooms", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    kinds = {(line["account"], line["provider"], line["name"]): line["kind"] for line in json_lines(done.stdout)}
    assert kinds["work", "rocketchat", "general"] == "channel"
    assert kinds["work", "rocketchat", "mods"] == "group"
    assert kinds["live", "ivs", "finals"] == "room"
    assert {"direct", "discussion"} <= set(kinds.values())


@pytest.mark.parametrize("room", ["work/general", "live/finals"])
def test_a_deletion_reaches_those_who_watch(sandbox: SandboxCommand, room: str) -> None:
    with Command("watch", room, "--history", "5", "--json", config=sandbox.config) as watching:
        watching.until(lambda: {"posted", "state"} <= {line["event"] for line in watching.json()})
        watching.until(lambda: any(line.get("state") == "connected" for line in watching.json()))
        message = next(line["message"] for line in watching.json() if line["event"] == "posted")
        done = sandbox.run("delete", room, message["id"], "--reason", "spam", "--yes", "--grace", "0", "--json")
        assert done.returncode == 0
        outcome, summary = json_lines(done.stdout)
        assert (outcome["message_id"], outcome["state"]) == (message["id"], "accepted")
        assert summary["summary"] == {"accepted": 1}
        watching.until(lambda: any(line["event"] == "deleted" for line in watching.json()))
        deleted = next(line for line in watching.json() if line["event"] == "deleted")
        assert (deleted["message_id"], deleted["room"]) == (message["id"], outcome["room"])
        assert watching.stop() == 130
        assert watching.stderr == ""


def test_an_id_of_nothing(sandbox: SandboxCommand) -> None:
    done = sandbox.run("delete", "work/general", "NoSuchMessage1234", "--yes", "--grace", "0", "--json")
    assert done.returncode == 1
    outcome, summary = json_lines(done.stdout)
    assert (outcome["message_id"], outcome["state"]) == ("NoSuchMessage1234", "refused")
    assert outcome["cause"]
    assert summary["summary"] == {"refused": 1}


@pytest.mark.parametrize("room", ["live/backstage", "work/random"])
def test_a_refusal_tells_cause_and_remedy(sandbox: SandboxCommand, room: str) -> None:
    ids = sandbox.message_ids(room, 3)
    done = sandbox.run("delete", room, *ids, "--yes", "--grace", "0", "--json")
    assert done.returncode == 1
    *outcomes, _ = json_lines(done.stdout)
    assert set(states(outcomes).values()) == {"refused"}
    assert all(line["code"] and line["cause"] and line["remedy"] for line in outcomes)


@pytest.mark.parametrize("number", SIGNALS)
def test_stopped_in_the_grace_period_nothing_is_sent(sandbox: SandboxCommand, number: signal.Signals) -> None:
    ids = sandbox.message_ids("live/finals", 3)
    arguments = ("delete", "live/finals", *ids, "--yes", "--grace", "30", "--json")
    with Command(*arguments, config=sandbox.config) as deleting:
        deleting.until(lambda: "held" in deleting.stderr)
        assert deleting.stop(number) == 130
        assert states(deleting.json()) == dict.fromkeys(ids, "cancelled")
        assert deleting.json()[-1]["summary"] == {"cancelled": len(ids)}
    assert states(audit(sandbox)) == dict.fromkeys(ids, "cancelled")
    assert sandbox.message_ids("live/finals", 3) == ids


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_stopped_midway_every_message_is_accounted_for(tmp_path: Path, number: signal.Signals) -> None:
    with SandboxCommand(tmp_path, "--rocketchat-limit", "3/60") as sandbox:
        ids = sandbox.message_ids("work/general", 8)
        arguments = ("delete", "work/general", *ids, "--yes", "--grace", "0", "--json")
        with Command(*arguments, config=sandbox.config) as deleting:
            deleting.until(lambda: len(deleting.json()) == 3)
            code = deleting.stop(number)
            printed = states(deleting.json())
        if number is signal.SIGKILL:
            (left,) = json_lines(sandbox.run("batches", "list", "--json").stdout)
            sandbox.run("batches", "close", str(left["batch_id"]))
        journalled = states(audit(sandbox))
        assert set(journalled) == set(ids)
        assert journalled.items() >= printed.items()
        assert [journalled[id_] for id_ in printed][:3] == ["accepted"] * 3
        assert {"held", "queued", "sent"}.isdisjoint(journalled.values())
        if number is signal.SIGINT:
            assert code == 130
            assert set(printed) == set(ids)


def test_a_bar_on_a_terminal(sandbox: SandboxCommand) -> None:
    ids = sandbox.message_ids("live/finals", 3)
    command = [*QUELL, "--config", str(sandbox.config), "delete", "live/finals", *ids, "--yes", "--grace", "1"]
    with Terminal(command) as terminal:
        terminal.wait_for(b"] 0/3")
        terminal.wait_for(b"3 accepted - batch")


def test_a_terminal_that_lacks_characters(sandbox: SandboxCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    done = sandbox.run("delete", "work/general", "NoSuchMessage1234", "--yes", "--grace", "0", "--text")
    assert done.returncode == 1
    assert done.stdout.startswith("\\u2717 refused")


def test_a_refused_login(sandbox: SandboxCommand, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.touch(0o600)
    token.write_text("wrong")
    config = tmp_path / "config.toml"
    config.write_text(sandbox.config.read_text().replace("config.toml.token", str(token)))
    done = sandbox.run("--config", str(config), "rooms")
    assert done.returncode == 3
    assert done.stderr.startswith("quell: work: ")
    assert {line.split("/")[0] for line in done.stdout.splitlines()} == {"live"}
    assert sandbox.run("delete", "--config", str(config), "work/general", "x", "--yes").returncode == 3
    assert sandbox.run("watch", "--config", str(config), "work/general").returncode == 3


def test_services_that_can_not_be_reached(tmp_path: Path) -> None:
    with SandboxCommand(tmp_path) as sandbox:
        assert sandbox.stop(signal.SIGTERM) == 0
        assert sandbox.stderr == ""
        done = sandbox.run("rooms")
    assert (done.returncode, done.stdout) == (1, "")
    assert "quell: work: " in done.stderr
    assert "quell: live: " in done.stderr


def test_a_reader_that_has_seen_enough(sandbox: SandboxCommand) -> None:
    read, write = os.pipe()
    os.close(read)
    environment = {**os.environ, "QUELL_CONFIG": str(sandbox.config)}
    for arguments in (["rooms"], ["watch", "work/general", "--history", "5"]):
        done = subprocess.run([*QUELL, *arguments], stdout=write, stderr=subprocess.PIPE, env=environment, timeout=30)
        assert done.returncode == 0
        assert b"Error" not in done.stderr
        assert b"Traceback" not in done.stderr
    os.close(write)


def test_a_deletion_goes_on_when_its_reader_goes_away(sandbox: SandboxCommand) -> None:
    ids = sandbox.message_ids("work/support", 3)
    read, write = os.pipe()
    os.close(read)
    environment = {**os.environ, "QUELL_CONFIG": str(sandbox.config)}
    done = subprocess.run(
        [*QUELL, "delete", "work/support", *ids, "--yes", "--grace", "0"],
        stdout=write,
        stderr=subprocess.PIPE,
        env=environment,
        timeout=30,
    )
    os.close(write)
    assert done.returncode == 0
    assert done.stderr.startswith(b"nobody reads this any more; see what happened with: quell audit show ")
    assert done.stderr.count(b"\n") == 1
    assert states(audit(sandbox)) == dict.fromkeys(ids, "accepted")


def test_no_secret_is_ever_printed(sandbox: SandboxCommand) -> None:
    secrets = (sandbox.ready["rocketchat"]["auth_token"], sandbox.ready["ivs"]["secret_access_key"])
    for arguments in (["rooms"], ["watch", "live/finals", "--for", "0"], ["delete", "work/nowhere", "x", "--yes"]):
        done = sandbox.run(*arguments)
        assert not any(secret in done.stdout + done.stderr for secret in secrets)


@pytest.mark.parametrize("number", SIGNALS)
def test_the_sandbox_ends_in_good_order(tmp_path: Path, number: signal.Signals) -> None:
    with SandboxCommand(tmp_path) as sandbox:
        assert sandbox.stop(number) == 0
        assert sandbox.stderr == ""


def test_the_sandbox_of_a_demo_ends_with_whoever_started_it(tmp_path: Path) -> None:
    with SandboxCommand(tmp_path, "--until-stdin-closes") as sandbox:
        assert sandbox.process.stdin is not None
        sandbox.process.stdin.close()
        assert sandbox.wait() == 0


def test_a_sandbox_that_can_not_write_its_configuration(tmp_path: Path) -> None:
    with Command("sandbox", "--config-out", str(tmp_path / "nowhere" / "config.toml")) as sandbox:
        assert sandbox.wait() == 2
        assert "can not be written: No such file or directory" in sandbox.stderr
        assert sandbox.stdout == ""


@pytest.mark.parametrize(("answer", "code", "told"), [("y", 0, b"1 accepted"), ("n", 130, b"nothing was deleted")])
def test_a_terminal_is_asked(sandbox: SandboxCommand, answer: str, code: int, told: bytes) -> None:
    (id_,) = sandbox.message_ids("live/lobby", 1)
    command = [*QUELL, "delete", "live/lobby", id_, "--reason", "spam", "--grace", "0"]
    with Terminal(command, environment={"QUELL_CONFIG": str(sandbox.config)}) as terminal:
        terminal.wait_for(b"Delete? [y/N]")
        assert b"1 of live/lobby" in terminal.output
        assert b"Reason: spam" in terminal.output
        terminal.type(f"{answer}\n")
        terminal.wait_for(told)
        assert terminal.wait_for_exit() == code


@pytest.mark.parametrize(("answer", "code"), [("y\n", 130), ("2\n", 0), ("\x04", 130), ("\x03", 130)])
def test_for_many_messages_their_number_is_typed(
    sandbox: SandboxCommand, tmp_path: Path, answer: str, code: int
) -> None:
    ids = sandbox.message_ids("live/finals", 2)
    config = tmp_path / "config.toml"
    token = str(sandbox.config.with_name("config.toml.token"))
    config.write_text(
        sandbox.config.read_text().replace("config.toml.token", token) + "\n[deletion]\ntype_count_above = 1\n"
    )
    command = [*QUELL, "delete", "live/finals", *ids, "--grace", "0"]
    with Terminal(command, environment={"QUELL_CONFIG": str(config)}) as terminal:
        terminal.wait_for(b"Type 2 to delete them:")
        terminal.type(answer)
        assert terminal.wait_for_exit() == code
