"""Run every measurement: `make bench`."""

from tests.bench import deletions, display, journal, kills, parsing, sandbox, soak, startup


def main() -> None:
    startup.main()
    journal.main()
    sandbox.main()
    parsing.main()
    display.main()
    deletions.main()
    kills.main()
    soak.main()


main()
