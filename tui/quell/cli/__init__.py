"""Quell from a shell. Every command is a module of its own, imported only when it is run."""


def main() -> None:
    """What the script `quell` runs."""
    from quell.cli.root import root

    root(prog_name="quell")
