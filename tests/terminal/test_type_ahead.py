"""Keys that reach the console in a single read."""

from pathlib import Path

from tests.support.commands import QUELL, SandboxCommand
from tests.support.terminal import Terminal


def test_keys_in_one_go_filter_mark_ask_and_back_out_but_do_not_confirm(tmp_path: Path) -> None:
    with SandboxCommand(tmp_path) as sandbox:
        with Terminal([*QUELL, "--config", str(sandbox.config)]) as terminal:
            terminal.wait_for(b"can delete")
            terminal.type("/\x1b[200~zebra\x1b\r*d1\r\x1b[201~")
            terminal.wait_for(b"U+001B")  # told as left out of the paste, in which nothing was a key
            terminal.type("\x1b/is:edited or len>0\r*d1\r")
            terminal.wait_for(b"marked messages?")
            terminal.wait_for(b"decides nothing")
            terminal.type("\x1b?")  # were esc lost, the question mark would be the reason
            terminal.wait_for(b"Mark or unmark this message")
            terminal.type("\x1b\x1b[A\x1b\x11")  # ctrl+q would ask, if anything was held
            assert terminal.wait_for_exit() == 0
        assert sandbox.run("audit", "list", "--json").stdout == ""
