import asyncio

from quell.session.background import Background


async def test_a_task_replaces_the_one_of_its_name_and_no_other() -> None:
    background = Background(lambda name, error: None)
    done = asyncio.Queue[str]()
    began = asyncio.Event()

    async def work(word: str, wait: float) -> None:
        began.set()
        await asyncio.sleep(wait)
        done.put_nowait(word)

    background.run("one", work("first", 3600.0))
    await began.wait()
    background.run("two", work("other", 0.0))
    background.run("one", work("second", 0.0))
    assert {await done.get(), await done.get()} == {"other", "second"}
    await background.aclose()
    assert done.empty()


async def test_an_error_is_told_and_an_end_is_not() -> None:
    told = asyncio.Queue[tuple[str, str]]()
    background = Background(lambda name, error: told.put_nowait((name, str(error))))

    async def fail() -> None:
        raise ValueError("broken")

    background.run("failing", fail())
    background.run("waiting", asyncio.sleep(3600.0))
    assert await told.get() == ("failing", "broken")
    await background.aclose()
    assert told.empty()
