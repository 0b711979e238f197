import unicodedata
from collections import Counter

import pytest

from quell_providers.sandbox.clock import ManualClock
from quell_providers.sandbox.seeding.populate import Seeded, populate
from quell_providers.sandbox.world import Place, Post, World

NOW = 1_760_000_000.0


def seeded_world(seed: int) -> tuple[World, Seeded]:
    world = World(seed, ManualClock(NOW))
    return world, populate(world)


@pytest.fixture(scope="module")
def world() -> World:
    return seeded_world(1)[0]


def every_post(world: World) -> list[Post]:
    return [post for place_id in world.places for post in world.posts_in(place_id)]


def place_named(world: World, name: str) -> Place:
    return next(place for place in world.places.values() if place.name == name)


def content(world: World) -> list[tuple[object, ...]]:
    people = [(p.id, p.username, p.name, sorted(p.roles)) for p in world.people.values()]
    places = [(p.id, p.name, p.topic, [m.id for m in p.members], p.created_at) for p in world.places.values()]
    posts = [(p.id, p.place.id, p.author.id, p.text, p.sent_at, p.thread_id, p.deleted_at) for p in every_post(world)]
    return [*people, *places, *posts]


def test_the_same_seed_gives_the_same_world_ids_included(world: World) -> None:
    assert content(seeded_world(1)[0]) == content(world)


def test_another_seed_gives_another_world(world: World) -> None:
    assert {post.id for post in every_post(seeded_world(2)[0])}.isdisjoint(post.id for post in every_post(world))


def test_both_services_have_the_rooms_that_people_know(world: World) -> None:
    chat = {(place.name, place.kind) for place in world.places_of("rocketchat")}
    assert chat >= {("general", "c"), ("support", "c"), ("random", "c"), ("announcements", "c"), ("mods", "p")}
    assert {kind for _, kind in chat} == {"c", "p", "d", "discussion"}
    assert {place.name for place in world.places_of("ivs")} >= {"finals", "backstage", "warmup", ""}


def test_ids_have_the_form_of_their_service(world: World) -> None:
    lengths = {(post.place.service, len(post.id)) for post in every_post(world)}
    lengths |= {(place.service, len(place.id)) for place in world.places.values()}
    assert lengths == {("ivs", 12), ("rocketchat", 17)}


def test_history_is_in_order_and_ends_now(world: World) -> None:
    busy = [world.posts_in(place_named(world, name).id) for name in ("general", "finals", "random", "lobby")]
    for posts in busy:
        assert 60 <= len(posts) <= 210
        assert posts == sorted(posts, key=lambda post: post.sent_at)
        assert NOW - 60 < posts[-1].sent_at <= NOW
    assert all(post.sent_at <= NOW for post in every_post(world))


def test_one_room_of_each_service_is_empty(world: World) -> None:
    empty = [place.service for place in world.places.values() if not world.posts_in(place.id)]
    assert sorted(empty) == ["ivs", "rocketchat"]


def test_the_moderator_is_a_moderator_in_most_rooms_and_a_member_in_one(world: World) -> None:
    moderator = next(person for person in world.people.values() if person.username == "moderator")
    assert moderator.roles == {"user"}
    rooms = [place for place in world.places_of("rocketchat") if place.kind != "d"]
    assert [room.name for room in rooms if "moderator" not in room.roles.get(moderator.id, set())] == ["random"]
    assert all(moderator in place.members for place in world.places.values())


def test_names_come_in_many_scripts(world: World) -> None:
    letters = (letter for person in world.people.values() for letter in person.name if letter.isalpha())
    scripts = Counter(unicodedata.name(letter).split()[0] for letter in letters)
    assert scripts.keys() >= {"LATIN", "CYRILLIC", "ARABIC", "HEBREW", "CJK", "DEVANAGARI", "HANGUL", "GREEK", "THAI"}
    assert 100 <= len(world.people) <= 200


def test_spam_comes_in_copies_that_differ_only_in_look_alikes(world: World) -> None:
    spammers = {"xX_shop_Xx", "boost4you", "NitroFairy", "ticket.deals", "crypto_karl", "skins.club"}
    general = world.posts_in(place_named(world, "general").id)
    copies = [post.text for post in general if post.author.username in spammers]
    assert len(copies) >= 8
    assert any(unicodedata.name(letter, "").startswith("CYRILLIC") for text in copies for letter in text)
    assert any("\u200b" in text or "\u2060" in text or "\u200d" in text for text in copies)


@pytest.fixture(scope="module")
def several() -> list[World]:
    return [seeded_world(seed)[0] for seed in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    "mark",
    ["\x1b[", "\x1b]", "\u202e", "[@click=", "✓ deleted"],
    ids=["CSI", "OSC", "bidi", "markup", "forged status"],
)
def test_hostile_text_stays_in_the_rooms_meant_for_it(several: list[World], mark: str) -> None:
    found = {post.place.name for world in several for post in every_post(world) if mark in post.text}
    assert found
    assert found <= {"random", "lobby"}


def test_threads_files_joins_and_deletions_are_there(world: World) -> None:
    posts = {post.id: post for post in every_post(world)}
    threaded = [post for post in posts.values() if post.thread_id]
    assert threaded
    assert all(posts[post.thread_id].place is post.place for post in threaded if post.thread_id)
    assert any(post.files for post in posts.values())
    assert {post.system for post in posts.values()} == {"", "uj"}
    deleted = [post for post in posts.values() if post.deleted_at is not None]
    assert {post.place.service for post in deleted} == {"ivs"}
    assert all(post.deletion_reason and post.sent_at <= (post.deleted_at or 0) <= NOW for post in deleted)


def test_ivs_messages_fit_what_the_service_takes(world: World) -> None:
    live = [post for post in every_post(world) if post.place.service == "ivs"]
    assert all(1 <= len(post.text) <= 500 and not post.files and not post.thread_id for post in live)
