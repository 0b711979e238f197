import gc

from rich.segment import Segment

from quell.widgets.feed.strip import RowStrip


def test_it_is_divided_like_any_other() -> None:
    strip = RowStrip([Segment("ab"), Segment("cd")], 4)
    assert [part.text for part in strip.divide([1, 4])] == ["a", "bcd"]
    assert strip.divide([4]) == [strip]
    assert strip.divide([4, 9]) == [strip]


def test_nothing_of_it_waits_for_the_garbage_collector() -> None:
    gc.collect()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        RowStrip([Segment("abcd")], 4).divide([4])
        gc.collect()
        assert not [each for each in gc.garbage if isinstance(each, RowStrip)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
