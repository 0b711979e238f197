"""What the engine does when a service says no, or nothing."""

from pathlib import Path

import pytest

from quell.moderation.deletion import Deletion, State
from quell_providers.refusal import RefusalKind
from tests.unit.quell.moderation.simulation import desk, gone, journalled, key, refusal

HELD, QUEUED, SENT, ACCEPTED, CONFIRMED = State.HELD, State.QUEUED, State.SENT, State.ACCEPTED, State.CONFIRMED
GONE, REFUSED, FAILED, UNKNOWN = State.GONE, State.REFUSED, State.FAILED, State.UNKNOWN
CANCELLED = State.CANCELLED


async def test_a_permanent_no_keeps_the_services_words_and_can_be_retried_by_hand(path: Path) -> None:
    async with desk(path) as work:
        no = refusal(RefusalKind.PERMISSION)
        work.provider.script["m1"] = [no]
        await work.submit("m1", "m2")
        await work.until_settled()
        assert (work.state("m1"), work.deletion("m1").refusal) == (REFUSED, no)
        assert await work.engine.retry([key("m1"), key("m2"), key("m3")]) == 1
        await work.until_settled()
        assert work.path_of("m1") == [QUEUED, SENT, REFUSED, QUEUED, SENT, ACCEPTED]
        assert (work.deletion("m1").attempt, work.deletion("m1").refusal) == (2, None)
        assert len(work.provider.calls) == 3


async def test_unavailable_is_retried_with_growing_pauses_and_then_fails(path: Path) -> None:
    async with desk(path) as work:
        work.provider.script["m1"] = [refusal(RefusalKind.UNAVAILABLE)] * 5
        await work.submit("m1")
        await work.until_settled()
        assert [at for at, _ in work.provider.calls] == pytest.approx([0.0, 0.5, 1.5, 3.5])
        assert work.path_of("m1") == [QUEUED, *[SENT, QUEUED] * 3, SENT, FAILED]
        assert (work.deletion("m1").attempt, work.deletion("m1").refusal) == (4, refusal(RefusalKind.UNAVAILABLE))


async def test_unavailable_for_a_moment(path: Path) -> None:
    async with desk(path) as work:
        work.provider.script["m1"] = [refusal(RefusalKind.UNAVAILABLE)]
        await work.submit("m1")
        await work.until_settled()
        assert work.path_of("m1") == [QUEUED, SENT, QUEUED, SENT, ACCEPTED]


async def test_cancelled_between_two_attempts(path: Path) -> None:
    async with desk(path) as work:
        work.provider.script["m1"] = [refusal(RefusalKind.UNAVAILABLE)]
        await work.submit("m1")
        await work.until(lambda: work.path_of("m1") == [QUEUED, SENT, QUEUED])
        assert await work.engine.cancel([key("m1")]) == 1
        await work.until_settled()
        assert len(work.provider.calls) == 1


async def test_throttled_waits_as_told_and_holds_the_others_back(path: Path) -> None:
    async with desk(path, concurrency=1) as work:
        work.provider.script["m1"] = [refusal(RefusalKind.THROTTLED, retry_after=30.0)]
        await work.submit("m1", "m2")
        await work.until_settled()
        assert [message_id for _, message_id in work.provider.calls] == ["m1", "m1", "m2"]
        assert all(30.0 <= at <= 30.1 for at, _ in work.provider.calls[1:])
        assert work.path_of("m1") == [QUEUED, SENT, QUEUED, SENT, ACCEPTED]


async def test_throttled_for_ever_fails(path: Path) -> None:
    async with desk(path) as work:
        work.provider.script["m1"] = [refusal(RefusalKind.THROTTLED)] * 20
        await work.submit("m1")
        await work.until_settled()
        assert (work.state("m1"), len(work.provider.calls)) == (FAILED, 20)


async def test_a_lost_answer_is_repeated_and_found_gone(path: Path) -> None:
    async with desk(path) as work:
        work.provider.script["m1"] = [refusal(RefusalKind.LOST), refusal(RefusalKind.NOT_FOUND)]
        await work.submit("m1", text="")
        await work.until_settled()
        assert work.path_of("m1") == [QUEUED, SENT, SENT, GONE]
        assert journalled(path, "m1") == ["queued", "sent", "sent", "gone"]


async def test_an_answer_lost_twice_is_unknown_until_an_event_proves_it(path: Path) -> None:
    async with desk(path) as work:
        work.provider.script["m1"] = [refusal(RefusalKind.LOST), refusal(RefusalKind.LOST)]
        await work.submit("m1")
        await work.until_settled()
        assert (work.state("m1"), len(work.provider.calls)) == (UNKNOWN, 2)
        work.engine.observe("live", gone("m1"))
        assert work.state("m1") is CONFIRMED


async def test_a_lost_answer_can_not_be_cancelled_and_its_event_ends_it(path: Path) -> None:
    async with desk(path) as work:
        work.provider.script["m1"] = [refusal(RefusalKind.LOST)]
        await work.submit("m1")
        await work.until(lambda: len(work.provider.calls) == 1)
        assert await work.engine.cancel([key("m1")]) == 0
        work.engine.observe("live", gone("m1"))
        await work.until_settled()
        assert work.path_of("m1") == [QUEUED, SENT, CONFIRMED]
        await work.until(lambda: work.clock.elapsed > 5.0)
        assert len(work.provider.calls) == 1


async def test_not_found_at_once(path: Path) -> None:
    async with desk(path) as work:
        for message_id in ("seen", "named"):
            work.provider.script[message_id] = [refusal(RefusalKind.NOT_FOUND)]
        await work.submit("seen")
        await work.submit("named", text="")
        await work.until_settled()
        assert (work.state("seen"), work.state("named")) == (GONE, REFUSED)


async def test_a_providers_mistake_is_told_as_unknown_without_its_words(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with desk(path) as work:
        work.provider.script["m1"] = [KeyError("buy now, says Vlad")]
        await work.submit("m1", "m2")
        await work.until_settled()
        no = work.deletion("m1").refusal
        assert (work.state("m1"), work.state("m2")) == (UNKNOWN, ACCEPTED)
        assert no is not None
        assert no.code == "KeyError"
        assert no.cause
        assert "KeyError" in caplog.text
        assert "Vlad" not in caplog.text


async def test_a_lost_answers_event_is_ours_even_while_it_is_repeated(path: Path) -> None:
    async with desk(path) as work:
        work.provider.script["m1"] = [refusal(RefusalKind.LOST)]

        def watch(deletion: Deletion) -> None:
            if deletion.state is SENT and deletion.attempt == 2:
                work.engine.observe("live", gone("m1"))

        work.engine.subscribe(watch)
        await work.submit("m1")
        await work.until_settled()
        assert work.path_of("m1") == [QUEUED, SENT, SENT, CONFIRMED]
        assert len(work.provider.calls) == 1
