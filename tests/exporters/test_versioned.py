from exporters.versioned import Versioned


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
