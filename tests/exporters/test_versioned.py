from exporters.versioned import GONE, Versioned


def test_what_changed_since_a_version_is_known_the_latest_first() -> None:
    kept: Versioned[str, int] = Versioned()
    kept.put("a", 1, 1)
    kept.put("b", 1, 1)
    kept.put("c", 1, 2)
    kept.put("a", 2, 3)
    kept.drop("b", 3)

    assert dict(kept) == {"a": 2, "c": 1}
    assert kept.changed_since(0) == ["b", "a", "c"]
    assert kept.changed_since(1) == ["b", "a", "c"]
    assert kept.changed_since(2) == ["b", "a"]
    assert kept.changed_since(3) == []
    assert kept.latest == 3


def test_what_is_not_there_does_not_change_by_going() -> None:
    kept: Versioned[str, int] = Versioned()
    kept.drop("a", 1)

    assert (kept.changed_since(0), kept.latest, len(kept), "a" in kept, kept.get("a")) == ([], 0, 0, False, None)


def test_of_a_whole_that_replaces_another_only_the_difference_has_changed() -> None:
    kept: Versioned[str, int] = Versioned()
    kept.replace({"same": 1, "other": 2, "gone": 3}, 1)

    kept.replace({"same": 1, "other": 4, "new": 5}, 2)

    assert dict(kept) == {"same": 1, "other": 4, "new": 5}
    assert set(kept.changed_since(1)) == {"other", "new", "gone"}


def test_what_is_gone_is_not_remembered_for_ever_and_said_to_those_who_look_now_and_then() -> None:
    kept: Versioned[int, int] = Versioned()
    kept.put(-1, 1, 1)
    held, looked_at = {-1}, 1
    for key in range(20 * GONE):
        version = key + 2
        kept.put(key, 1, version)
        kept.drop(key - 1, version)
        if not key % 100:
            assert looked_at >= kept.forgotten
            changed = kept.changed_since(looked_at)
            held = held.difference(changed) | {each for each in changed if each in kept}
            looked_at = version
            assert held == set(kept)

    assert 0 < kept.forgotten < kept.latest
    assert len(kept.changed_since(0)) <= GONE + 3


def test_nothing_is_forgotten_of_the_version_that_is_being_made() -> None:
    kept: Versioned[int, int] = Versioned()
    everything = range(3 * GONE)
    for key in everything:
        kept.put(key, 1, 1)
    for key in everything:
        kept.drop(key, 2)

    assert kept.forgotten == 0
    assert set(kept.changed_since(1)) == set(everything)

    kept.put(-1, 1, 3)
    kept.drop(-1, 3)
    assert kept.forgotten == 2
    assert -1 in kept.changed_since(2)
