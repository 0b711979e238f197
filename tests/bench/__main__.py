"""Run every measurement: `make bench`."""

from tests.bench import startup


def main() -> None:
    startup.main()


main()
