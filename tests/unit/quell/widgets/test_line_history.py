from quell.widgets.line_history import LineHistory


def history(*lines: str) -> LineHistory:
    made = LineHistory()
    for line in lines:
        made.add(line)
    return made


def test_walking_back_and_forth_ends_at_what_was_being_typed() -> None:
    lines = history("a", "b", "c")
    assert lines.older("dra") == "c"
    assert lines.older("c") == "b"
    assert lines.newer("b") == "c"
    assert lines.older("c") == "b"
    assert lines.older("b") == "a"
    assert lines.older("a") == "a"
    assert [lines.newer("a"), lines.newer("b"), lines.newer("c"), lines.newer("dra")] == ["b", "c", "dra", "dra"]


def test_a_line_is_remembered_once_at_its_newest_place() -> None:
    lines = history("a", "b", "a")
    assert lines.older("") == "a"
    assert lines.older("a") == "b"
    assert lines.older("b") == "b"


def test_the_line_that_stands_there_already_is_passed_over() -> None:
    assert history("a", "b").older("b") == "a"
    assert history("a").older("a") == "a"


def test_an_edited_line_is_a_new_one() -> None:
    lines = history("a", "b")
    assert lines.older("") == "b"
    assert lines.newer("b!") == "b!"
    assert lines.older("b!") == "b"
    assert lines.newer("b") == "b!"


def test_there_may_be_nothing() -> None:
    assert history().older("x") == "x"
    assert history().newer("x") == "x"
