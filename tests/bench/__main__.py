"""Run every measurement: `make bench`."""

from tests.bench import (
    deletions,
    display,
    feed,
    feed_terminal,
    journal,
    keys,
    kills,
    parsing,
    query,
    sandbox,
    soak,
    startup,
    sustained,
)


def main() -> None:
    startup.main()
    journal.main()
    sandbox.main()
    parsing.main()
    display.main()
    query.main()
    feed.main()
    feed_terminal.main()
    sustained.main()
    deletions.main()
    keys.main()
    kills.main()
    soak.main()


main()
