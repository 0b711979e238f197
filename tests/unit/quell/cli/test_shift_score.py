from quell.cli.shift_score import score_lines
from quell_providers.sandbox.clock import ManualClock
from quell_providers.sandbox.score import Label, score
from quell_providers.sandbox.world import Person, Place, World


def test_the_score_and_its_mistakes_in_lines_that_are_safe_to_print() -> None:
    world = World(1, ManualClock(0))
    place, person = Place("r1", "ivs", "finals", "room"), Person("p1", "amara", "Amara")
    world.add_place(place)
    labelled = [(world.post(place, person, f"\x1b[2J spam {n}\n" + "x" * 80), Label(True, "spam")) for n in range(30)]
    labelled += [(world.post(place, person, "fine"), Label(False, "talk"))]
    for post, _ in [*labelled[:5], labelled[-1]]:
        world.delete(post, by="moderator")
    first, *rest = score_lines(score(labelled))
    assert (
        first
        == "Shift: 13 % · 5 of 30 removed · 25 missed · 1 wrongly removed · median 0 s until removal, of 31 messages"
    )
    assert len(rest) == 22
    assert rest[0].startswith("  missed in finals: amara: ␛[2J spam 5")
    assert rest[0].endswith("… — spam")
    assert rest[-2:] == ["  missed: 5 more", "  wrongly removed in finals: amara: fine — talk"]
    assert all(line.isprintable() for line in rest)
