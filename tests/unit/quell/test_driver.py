import os

from quell.driver import FadingOutput


class DyingTerminal:
    """A text stream whose terminal goes away after so many writes."""

    def __init__(self, writes: int) -> None:
        self.taken: list[str] = []
        self._writes = writes

    def write(self, text: str) -> int:
        if len(self.taken) == self._writes:
            raise OSError(5, os.strerror(5))
        self.taken.append(text)
        return len(text)

    def flush(self) -> None:
        if len(self.taken) == self._writes:
            raise OSError(5, os.strerror(5))

    def fileno(self) -> int:
        return 2


def fading(stream: DyingTerminal, told: list[str]) -> FadingOutput:
    return FadingOutput(stream, lambda: told.append("gone"))


def test_what_is_written_arrives_while_the_terminal_is_there() -> None:
    stream, told = DyingTerminal(3), list[str]()
    output = fading(stream, told)
    output.write("one")
    output.flush()
    assert stream.taken == ["one"]
    assert told == []
    assert output.fileno() == 2


def test_a_lost_terminal_is_told_once_and_takes_no_more() -> None:
    stream, told = DyingTerminal(1), list[str]()
    output = fading(stream, told)
    assert [output.write(text) for text in ("one", "two", "three")] == [3, 3, 5]
    output.flush()
    assert stream.taken == ["one"]
    assert told == ["gone"]


def test_a_terminal_lost_between_write_and_flush_is_noticed_too() -> None:
    stream, told = DyingTerminal(1), list[str]()
    output = fading(stream, told)
    output.write("one")
    output.flush()
    output.flush()
    assert told == ["gone"]
