"""`quell sandbox` as people start it."""

import urllib.request

from tests.support.commands import Command


def ready(command: Command) -> dict[str, str]:
    command.until(lambda: command.json() or command.process.poll() is not None)
    (line,) = command.json()
    return line


def test_the_ready_line_leads_to_the_control_page() -> None:
    with Command("sandbox", "--rate", "0", "--fault", "rocketchat:status=503:route=chat.delete") as command:
        address = ready(command)["control"]
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(address, timeout=10) as page:
            assert "rocketchat:status=503:route=chat.delete" in page.read().decode()
        assert command.stop() == 0
        assert command.stderr == ""


def test_a_shift_ends_with_its_score() -> None:
    with Command("sandbox", "--scenario", "shift", "--speed", "10000") as command:
        ready(command)
        assert command.stop() == 0
        assert command.stderr.startswith("Shift: 0 %")


def test_a_fault_for_a_route_that_there_is_not() -> None:
    with Command("sandbox", "--fault", "ivs:drop:route=DeleteMesage") as command:
        assert command.wait() == 2
        assert "no route of ivs is called 'DeleteMesage'; did you mean DeleteMessage" in command.stderr
        assert command.stdout == ""
