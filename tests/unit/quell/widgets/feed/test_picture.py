import random

import msgspec
import pytest
from rich.style import Style

from quell.display.printable import Printable, printable
from quell.widgets.feed.painter import Painter
from quell.widgets.feed.picture import Picture
from quell.widgets.feed.rows import Rows
from quell.widgets.feed.source import Beside
from quell.widgets.feed.viewport import Viewport
from quell_providers.model import Message
from tests.support.fake_provider import message

WIDTH, HEIGHT = 80, 10
CURSOR = Style(bgcolor="#303030")


class Marks(set[str]):
    """Ids of messages that are marked; nothing else stands beside them."""

    def beside(self, message: Message) -> Beside:
        return Beside(marked=message.id in self)

    def room_of(self, message: Message) -> Printable:
        return printable("")

    def now(self) -> float:
        return 0.0


class Scene:
    """A viewport, and a picture that follows it from change to change."""

    def __init__(self, *numbers: int) -> None:
        self.marks = Marks()
        self.picture = self.fresh()
        self.view = Viewport(Rows(self.picture.height_of))
        self.added(*numbers)

    def fresh(self) -> Picture:
        """A picture of which nothing is drawn yet."""
        painter = Painter(lambda name: CURSOR if name == "cursor" else Style.null())
        picture = Picture(self.marks, painter)
        picture.fit(WIDTH)
        return picture

    def added(self, *numbers: int) -> None:
        with self.view.keeping_place():
            self.view.height = HEIGHT
            self.view.rows.add([message(number, f"text {number} " * (number % 20)) for number in numbers])

    def changes(self) -> range | None:
        return self.picture.changes(self.view, WIDTH, HEIGHT)

    def shown(self, picture: Picture) -> list[str]:
        return [repr(list(strip)) for strip in picture.lines(self.view, WIDTH, HEIGHT)]


def test_only_the_lines_between_the_first_and_the_last_difference_changed() -> None:
    scene = Scene(20, 21, 22, 23)
    assert scene.changes() is None
    assert scene.changes() == range(0)
    scene.marks.add("m0022")
    assert scene.changes() == range(2, 3)
    scene.view.move(1)
    assert scene.changes() == range(1, 4)


def test_after_it_was_forgotten_everything_may_have_changed() -> None:
    scene = Scene(*range(20, 28))
    scene.changes()
    scene.picture.forget()
    assert scene.changes() is None


def test_the_cursor_is_drawn_on_its_row_alone() -> None:
    scene = Scene(*range(20, 28))
    scene.changes()
    scene.added(40, 41)
    scene.changes()
    lines = scene.picture.lines(scene.view, WIDTH, HEIGHT)
    on_cursor = [y for y, strip in enumerate(lines) if any(style and style.bgcolor for _, style, _ in strip)]
    assert on_cursor == [9]


@pytest.mark.parametrize("seed", range(20))
def test_whatever_happens_the_lines_are_those_of_a_picture_drawn_from_nothing(seed: int) -> None:
    dice = random.Random(seed)
    scene = Scene(0)
    newest = 1
    for _ in range(60):
        match dice.randrange(4):
            case 0:
                count = dice.randrange(5)
                scene.added(*range(newest, newest + count))
                newest += count
            case 1:
                scene.view.move(dice.randrange(len(scene.view.rows)))
            case 2:
                scene.marks ^= {f"m{dice.randrange(newest):04}"}
            case 3:
                scene.view.page(dice.choice([-1, 1]))
        before = scene.shown(scene.picture)
        changed = scene.changes()
        assert changed is not None
        after = scene.shown(scene.picture)
        assert after == scene.shown(scene.fresh()), seed
        assert all(before[y] == after[y] for y in range(HEIGHT) if y not in changed), seed


def test_a_new_form_of_a_message_is_drawn_anew_though_it_tells_of_no_edit() -> None:
    scene = Scene(1)
    before = scene.shown(scene.picture)
    reason = msgspec.structs.replace(scene.view.rows[0], deleted=True, deletion_reason="spam")
    for form in (msgspec.structs.replace(scene.view.rows[0], text="other"), reason):
        with scene.view.keeping_place():
            scene.view.rows.replace(form)
        scene.changes()
        assert scene.shown(scene.picture) == scene.shown(scene.fresh()) != before
