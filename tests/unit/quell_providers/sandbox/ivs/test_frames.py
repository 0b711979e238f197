from quell_providers.sandbox.clock import ManualClock
from quell_providers.sandbox.ivs import frames
from quell_providers.sandbox.world import Person, World


def test_send_time_has_nanoseconds_without_trailing_zeros() -> None:
    times = {frames.send_time(1_760_000_000.5, salt=str(salt)) for salt in range(2_000)}
    lengths = {len(time.partition(".")[2].rstrip("Z")) for time in times}
    assert lengths >= {9, 8}
    assert all(time.startswith("2025-10-09T08:53:20.5") and time.endswith("Z") for time in times)
    assert not any(time.endswith("0Z") for time in times)


def test_send_time_of_a_message_never_changes() -> None:
    assert frames.send_time(1.25, salt="AbCdEfGhIjKl") == frames.send_time(1.25, salt="AbCdEfGhIjKl")


def test_authors_introduce_themselves_in_one_of_two_ways() -> None:
    world = World(1, ManualClock(0))
    people = [Person(world.new_id("rocketchat"), f"user{number}", f"User {number}") for number in range(100)]
    ways = [frames.introduction(person) for person in people]
    by_token = [way for way in ways if way[1]]
    by_message = [way for way in ways if way[0]]
    assert len(by_token) + len(by_message) == 100
    assert all(not attributes and list(sender) == ["displayName"] for attributes, sender in by_token)
    assert all(not sender and list(attributes) == ["username"] for attributes, sender in by_message)
    assert len(by_token) > len(by_message) > 10
