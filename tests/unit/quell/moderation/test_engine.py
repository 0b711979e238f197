"""The engine: the life of deletions from the confirmation to their outcome, on a simulated clock."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from quell.moderation.deletion import Deletion, State
from quell_providers.model import Author, Deleted, Edited, Message, Posted, StateChanged
from quell_providers.provider import Quota
from quell_providers.refusal import RefusalKind
from tests.unit.quell.moderation.simulation import (
    START,
    batch_of,
    desk,
    gone,
    journalled,
    key,
    refusal,
    target,
)

HELD, QUEUED, SENT, ACCEPTED, CONFIRMED = State.HELD, State.QUEUED, State.SENT, State.ACCEPTED, State.CONFIRMED
GONE, REFUSED, FAILED, UNKNOWN = State.GONE, State.REFUSED, State.FAILED, State.UNKNOWN
CANCELLED = State.CANCELLED


async def test_a_batch_from_confirmation_to_confirmed(path: Path) -> None:
    async with desk(path, grace_seconds=5.0) as work:
        held = await work.submit("m1", "m2", reason="Bots")
        assert [(each.state, each.held_until) for each in held] == [(HELD, START + 5.0)] * 2
        assert journalled(path, "m1") == ["held"]
        await work.until_settled()
        assert [(int(at), message_id) for at, message_id in work.provider.calls] == [(5, "m1"), (5, "m2")]
        assert work.provider.reasons == ["Bots", "Bots"]
        assert (work.deletion("m1").operation_id, work.deletion("m1").attempt) == ("op-1", 1)
        work.engine.observe("live", gone("m1"))
        await work.until_settled()
        assert work.path_of("m1") == [HELD, QUEUED, SENT, ACCEPTED, CONFIRMED]
        assert work.path_of("m2") == [HELD, QUEUED, SENT, ACCEPTED]
        assert journalled(path, "m1") == ["held", "queued", "sent", "accepted", "confirmed"]
        assert work.engine.totals() == Counter({CONFIRMED: 1, ACCEPTED: 1})
        assert work.deletion("m1").operation_id == "op-1"


async def test_without_grace_it_is_queued_at_once(path: Path) -> None:
    async with desk(path) as work:
        (queued,) = await work.submit("m1")
        assert (queued.state, queued.held_until) == (QUEUED, None)
        await work.until_settled()
        assert work.provider.calls == [(0.0, "m1")]


async def test_an_empty_reason_is_no_reason(path: Path) -> None:
    async with desk(path) as work:
        await work.submit("m1", reason="")
        await work.until_settled()
        assert work.provider.reasons == [None]


async def test_the_intent_is_on_disk_before_the_request_leaves(path: Path) -> None:
    async with desk(path) as work:
        seen: dict[str, list[str]] = {}
        work.provider.before_answer = lambda message_id: seen.update({message_id: journalled(path, message_id)})
        await work.submit(*(f"m{number}" for number in range(30)))
        await work.until_settled()
        assert seen == {f"m{number}": ["queued", "sent"] for number in range(30)}


async def test_cancelled_while_held(path: Path) -> None:
    async with desk(path, grace_seconds=5.0) as work:
        await work.submit("m1", "m2")
        assert await work.engine.cancel([key("m1"), key("m9")]) == 1
        assert journalled(path, "m1") == ["held", "cancelled"]
        await work.until_settled()
        assert [message_id for _, message_id in work.provider.calls] == ["m2"]
        assert await work.engine.cancel([key("m1"), key("m2")]) == 0


async def test_cancelled_while_waiting_for_its_turn(path: Path) -> None:
    async with desk(path, quota=Quota(shape="window", calls=2, seconds=60.0)) as work:
        await work.submit("m1", "m2", "m3", "m4")
        await work.until(lambda: len(work.provider.calls) == 2)
        assert await work.engine.cancel([key(f"m{number}") for number in range(1, 5)]) == 2
        await work.until_settled()
        assert work.engine.totals() == Counter({ACCEPTED: 2, CANCELLED: 2})
        await work.until(lambda: work.clock.elapsed > 100.0)
        await work.submit("m5", "m6")
        await work.until_settled()
        assert [(round(at, -1), message_id) for at, message_id in work.provider.calls] == [
            (0, "m1"),
            (0, "m2"),
            (100, "m5"),
            (100, "m6"),
        ]


@pytest.mark.parametrize("grace_seconds", [0.0, 5.0])
async def test_gone_before_its_turn_needs_no_call(path: Path, grace_seconds: float) -> None:
    async with desk(path, grace_seconds=grace_seconds) as work:
        await work.submit("m1")
        work.engine.observe("live", gone("m1"))
        await work.until_settled()
        assert work.state("m1") is GONE
        assert work.provider.calls == []


@pytest.mark.parametrize("kind", [Posted, Edited])
async def test_a_placeholder_shows_a_message_gone_too(path: Path, kind: type[Posted] | type[Edited]) -> None:
    async with desk(path) as work:
        await work.submit("m1", "m2")
        await work.until_settled()
        author = Author(id="u1", name="Vlad")
        for message_id, deleted in (("m1", True), ("m2", False)):
            event = kind(Message(id=message_id, room_id="room", author=author, text="", sent_at=START, deleted=deleted))
            work.engine.observe("live", event)
        assert (work.state("m1"), work.state("m2")) == (CONFIRMED, ACCEPTED)


async def test_events_of_other_messages_rooms_and_accounts_change_nothing(path: Path) -> None:
    async with desk(path) as work:
        await work.submit("m1")
        await work.until_settled()
        for account, event in (
            ("work", gone("m1")),
            ("live", Deleted("other", "m1")),
            ("live", gone("m2")),
            ("live", StateChanged("room", "live")),
        ):
            work.engine.observe(account, event)
        assert work.state("m1") is ACCEPTED


async def test_an_event_that_overtakes_the_answer(path: Path) -> None:
    async with desk(path) as work:
        work.provider.before_answer = lambda message_id: work.engine.observe("live", gone(message_id))
        await work.submit("m1")
        await work.until_settled()
        assert work.path_of("m1") == [QUEUED, SENT, CONFIRMED, CONFIRMED]
        assert work.deletion("m1").operation_id == "op-1"


@pytest.mark.parametrize("kind", [RefusalKind.PERMISSION, RefusalKind.NOT_FOUND, RefusalKind.THROTTLED])
async def test_an_event_that_overtakes_a_refusal_was_somebody_elses(path: Path, kind: RefusalKind) -> None:
    async with desk(path) as work:
        work.provider.before_answer = lambda message_id: work.engine.observe("live", gone(message_id))
        work.provider.script["m1"] = [refusal(kind)]
        await work.submit("m1")
        await work.until_settled()
        assert work.path_of("m1") == [QUEUED, SENT, CONFIRMED, GONE]
        assert len(work.provider.calls) == 1


async def test_an_event_before_the_intent_is_on_disk_saves_the_request(path: Path) -> None:
    async with desk(path) as work:
        work.engine.subscribe(
            lambda deletion: work.engine.observe("live", gone("m1")) if deletion.state is SENT else None
        )
        await work.submit("m1")
        await work.until_settled()
        assert work.path_of("m1") == [QUEUED, SENT, CONFIRMED, GONE]
        assert work.provider.calls == []


async def test_a_message_is_not_asked_for_twice_at_the_same_time(path: Path) -> None:
    async with desk(path, grace_seconds=5.0) as work:
        (first,) = await work.submit("m1")
        again = await work.submit("m1", "m2", "m2")
        assert [each.target.message_id for each in again] == ["m1", "m2"]
        assert again[0].id == first.id
        await work.until_settled()
        assert sorted(message_id for _, message_id in work.provider.calls) == ["m1", "m2"]


async def test_a_finished_message_may_be_asked_for_again(path: Path) -> None:
    async with desk(path) as work:
        (first,) = await work.submit("m1")
        await work.until_settled()
        (second,) = await work.submit("m1")
        await work.until_settled()
        assert first.batch_id != second.batch_id
        assert len(work.provider.calls) == 2
        assert work.engine.totals() == Counter({ACCEPTED: 2})


async def test_an_account_without_provider_is_a_mistake_of_the_caller(path: Path) -> None:
    async with desk(path) as work:
        with pytest.raises(ValueError, match="has no provider"):
            await work.engine.submit(batch_of("m1", account="nobody"))
        with pytest.raises(ValueError, match="has a provider already"):
            work.engine.attach("live", work.provider)


async def test_a_listener_hears_every_step_in_order_until_it_leaves(path: Path) -> None:
    async with desk(path, grace_seconds=5.0) as work:
        heard: list[State] = []

        def listen(deletion: Deletion) -> None:
            heard.append(deletion.state)

        leave = work.engine.subscribe(listen)
        await work.submit("m1")
        await work.until_settled()
        leave()
        await work.submit("m2")
        await work.until_settled()
        assert heard == [HELD, QUEUED, SENT, ACCEPTED]


async def test_a_caller_that_goes_away_leaves_no_half_begun_batch(path: Path) -> None:
    async with desk(path) as work:
        submitting = asyncio.create_task(work.submit("m1"))
        await asyncio.sleep(0)
        submitting.cancel()
        await work.journal.flushed()
        assert submitting.cancelled()
        await work.until_settled()
        assert journalled(path, "m1") == ["queued", "sent", "accepted"]


async def test_targets_keep_what_the_moderator_saw(path: Path) -> None:
    async with desk(path) as work:
        await work.submit("m1")
        assert work.deletion("m1").target == target("m1")


async def test_messages_are_found_by_the_state_of_their_newest_deletion(path: Path) -> None:
    async with desk(path) as work:
        work.provider.script["m1"] = [refusal(RefusalKind.PERMISSION)]
        await work.submit("m1", "m2")
        await work.until_settled()
        assert work.engine.keys_in({REFUSED}) == [key("m1")]
        await work.submit("m1")
        await work.until_settled()
        assert work.engine.keys_in({REFUSED}) == []
        assert work.engine.keys_in({ACCEPTED}) == [key("m2"), key("m1")]
