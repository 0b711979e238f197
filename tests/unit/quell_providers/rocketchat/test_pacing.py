from quell_providers.rocketchat.pacing import Pacing
from tests.unit.quell_providers.rocketchat.bench import bench

STREAM = "stream-notify-room"


def test_no_window_ever_holds_more_than_allowed() -> None:
    time = 0.0
    pacing = Pacing(lambda: time, per_connection=4, per_user=6, seconds=40.0)
    turns = []
    for number in range(30):
        if number in (9, 17):
            pacing.begin_connection()
        turns.append(time + pacing.reserve(STREAM))
        time += 0.5
    assert turns[:4] == [0.0, 0.5, 1.0, 1.5]
    assert all(sum(turn <= other < turn + 40 for other in turns) <= 6 for turn in turns)


def test_names_are_counted_apart() -> None:
    pacing = Pacing(lambda: 0.0, per_connection=1)
    assert pacing.reserve(STREAM) == 0.0
    assert pacing.reserve("stream-room-messages") == 0.0
    assert pacing.reserve(STREAM) > 40.0


async def test_a_room_that_must_wait_says_so_and_comes_up() -> None:
    pacing = Pacing(per_connection=2, seconds=-0.3)
    async with bench(pacing=pacing) as b:
        first, second = b.follow(), b.follow("other")
        await first.live()
        await second.live()
        states = [event for event in second.listen() if getattr(event, "state", "") == "connecting"]
        assert len(states) == 2
        assert "waits its turn" in getattr(states[1], "cause", "")
        assert getattr(states[1], "retry_in", None)
