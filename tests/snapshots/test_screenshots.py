import pytest

from tests.screenshots import FOLDER, PICTURES, draw


@pytest.mark.parametrize("name", PICTURES)
async def test_the_pictures_in_the_readme_show_the_console_as_it_is(name: str) -> None:
    drawn = await draw(name)
    assert drawn == (FOLDER / f"{name}.svg").read_text(encoding="utf-8"), "stale: run `make screenshots`"


def test_no_picture_is_left_over() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == set(PICTURES)


def test_no_picture_loads_anything_from_elsewhere() -> None:
    assert not any("url(http" in file.read_text(encoding="utf-8") for file in FOLDER.glob("*.svg"))
