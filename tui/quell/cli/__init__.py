"""Quell from a shell. Every command is a module of its own, imported only when it is run."""


def main() -> None:
    """What the script `quell` runs."""
    import io
    import sys

    from quell.cli.root import root
    from quell.logs import report_crash

    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that lacks a character must not end a command halfway.
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.excepthook = report_crash
    root(prog_name="quell")
