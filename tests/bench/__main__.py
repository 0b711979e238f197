"""Run every measurement: `make bench`."""

from tests.bench import deletions, journal, kills, parsing, query, sandbox, soak, startup


def main() -> None:
    startup.main()
    journal.main()
    sandbox.main()
    parsing.main()
    query.main()
    deletions.main()
    kills.main()
    soak.main()


main()
