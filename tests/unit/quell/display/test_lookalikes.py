from quell.display.lookalikes import LookAlikes


def present(*authors: tuple[str, str], staff: tuple[str, ...] = ()) -> LookAlikes:
    found = LookAlikes()
    for author_id, name in authors:
        found.add(author_id, name, staff=author_id in staff)
    return found


def test_a_newcomer_imitates_who_was_there_before() -> None:
    here = present(("1", "Lena Fischer"), ("2", "Lеna Fischer"))
    assert here.lookalike_of("2", "Lеna Fischer") == "Lena Fischer"
    assert here.lookalike_of("1", "Lena Fischer") is None


def test_staff_owns_its_name_even_when_seen_later() -> None:
    here = present(("1", "Аdmin"), ("2", "Admin"), staff=("2",))
    assert here.lookalike_of("1", "Аdmin") == "Admin"
    assert here.lookalike_of("2", "Admin") is None


def test_the_same_name_of_another_author_is_an_imitation_too() -> None:
    assert present(("1", "Admin")).lookalike_of("2", "ADMIN") == "Admin"


def test_many_ways_to_imitate() -> None:
    here = present(("1", "Ivan Miller"))
    for name in ("lvan Miller", "Ivan Mi11er", "Ivаn  Miller", "ⅠvanMiller".replace("nM", "n M"), "I\u200bvan Miller"):
        assert here.lookalike_of("2", name) == "Ivan Miller", ascii(name)


def test_others_are_left_alone() -> None:
    here = present(("1", "Ivan Miller"), ("2", "Сергій"))
    for name in ("Ivan Müller", "Iwan Miller", "Сергей", "", "   "):
        assert here.lookalike_of("3", name) is None


def test_seeing_somebody_again_changes_nothing() -> None:
    here = present(("1", "Lena"), ("1", "Lena"), ("2", "1ena"), ("1", "Lena"))
    assert here.lookalike_of("2", "1ena") == "Lena"


def expecting(*names: str) -> LookAlikes:
    found = LookAlikes()
    for name in names:
        found.expect(name)
    return found


def test_a_name_of_staff_is_nobody_else_s_even_if_staff_never_spoke() -> None:
    here = expecting("Lena Fischer")
    here.add("1", "Lеna Fischer")
    assert here.lookalike_of("1", "Lеna Fischer") == "Lena Fischer"
    assert here.lookalike_of("1", "LENA  FISCHER") == "Lena Fischer"


def test_the_first_who_bears_exactly_a_name_of_staff_is_taken_for_them() -> None:
    here = expecting("Lena Fischer")
    here.add("1", "Lena Fischer")
    here.add("2", "Lena Fischer")
    assert here.lookalike_of("1", "Lena Fischer") is None
    assert here.lookalike_of("2", "Lena Fischer") == "Lena Fischer"


def test_staff_for_certain_takes_its_name_back() -> None:
    here = expecting("Lena Fischer")
    here.add("1", "Lena Fischer")
    here.add("2", "Lena Fischer", staff=True)
    here.add("3", "Lena Fischer", staff=True)
    assert here.lookalike_of("1", "Lena Fischer") == "Lena Fischer"
    assert here.lookalike_of("2", "Lena Fischer") is None
    assert here.lookalike_of("3", "Lena Fischer") is None
