"""Run every measurement: `make bench`."""

from tests.bench import deletions, journal, keys, kills, parsing, sandbox, soak, startup


def main() -> None:
    startup.main()
    journal.main()
    sandbox.main()
    parsing.main()
    deletions.main()
    keys.main()
    kills.main()
    soak.main()


main()
