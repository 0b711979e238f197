"""Reading what was said before."""

import pytest

from quell_providers.model import Message
from quell_providers.provider import Provider
from quell_providers.refusal import RefusalKind, RefusedError
from tests.contract.sides import Side


async def read_back(provider: Provider, room_id: str, limit: int) -> list[tuple[Message, ...]]:
    """All pages of a room, the newest page first."""
    pages: list[tuple[Message, ...]] = []
    before = None
    while True:
        page = await provider.history(room_id, limit=limit, before=before)
        assert page.missing is None
        assert len(page.messages) <= limit
        pages.append(page.messages)
        before = page.older
        if before is None:
            return pages


@pytest.mark.parametrize("limit", [25, 100])
async def test_paging_back_tells_every_message_once_in_order(side: Side, moderator: Provider, limit: int) -> None:
    pages = await read_back(moderator, side.room.id, limit)
    messages = [message for page in reversed(pages) for message in page]
    assert len(pages) > 1
    assert [message.id for message in messages if not message.deleted] == [post.id for post in side.posts(side.room)]
    assert len({message.id for message in messages}) == len(messages)
    assert [message.sent_at for message in messages] == sorted(message.sent_at for message in messages)


async def test_the_newest_page_comes_first(side: Side, moderator: Provider) -> None:
    side.say("the very last word")
    page = await moderator.history(side.room.id, limit=10)
    assert page.messages[-1].text == "the very last word"
    assert len(page.messages) == 10


async def test_a_message_is_told_with_its_author_and_time(side: Side, moderator: Provider) -> None:
    post = side.say("who said this, and when")
    [message] = (await moderator.history(side.room.id, limit=1)).messages
    assert message.room_id == side.room.id
    assert message.author.id == post.author.id
    assert message.author.name in (post.author.name, post.author.username)
    assert message.sent_at == pytest.approx(post.sent_at, abs=0.002)
    assert not message.deleted


async def test_what_was_deleted_is_not_told_as_if_it_stood(side: Side, moderator: Provider) -> None:
    kept, gone = side.say("this stays"), side.say("this goes")
    side.world.delete(gone, by="somebody", reason="spam")
    messages = (await moderator.history(side.room.id, limit=5)).messages
    standing = {message.id for message in messages if not message.deleted}
    assert kept.id in standing
    assert gone.id not in standing


async def test_a_room_where_nothing_was_said_is_empty_and_not_an_error(side: Side, moderator: Provider) -> None:
    page = await moderator.history(side.empty.id)
    assert (page.messages, page.older, page.missing) == ((), None, None)


async def test_hostile_text_comes_through_unchanged(side: Side, moderator: Provider) -> None:
    hostile = [
        "\x1b]52;c;Y3VybA==\x07\x1b[2J",
        "\u202egpj.exe\u2066 \u200b",
        "[@click=app.quit]x[/] [/bold] [",
        "two\nlines\r\tand\x00nul\x7f",
        "👩‍👩‍👧‍👦 \U000e0041 ﷽ é é",
        '{"Type":"ERROR"} \\u0000 \\',
    ]
    posts = [side.say(text) for text in hostile]
    page = await moderator.history(side.room.id, limit=len(hostile))
    texts = {message.id: message.text for message in page.messages}
    assert texts == {post.id: post.text for post in posts}


async def test_an_unknown_room_has_no_history(side: Side, moderator: Provider) -> None:
    with pytest.raises(RefusedError) as caught:
        await moderator.history(side.unknown_id)
    assert caught.value.refusal.kind is RefusalKind.NOT_FOUND
    assert caught.value.refusal.cause
