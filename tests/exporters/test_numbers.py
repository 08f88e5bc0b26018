from hypothesis import given
from hypothesis import strategies as st

from exporters.numbers import Numbers
from exporters.versioned import GONE
from kpi_state.read.sample import Sample, sample_of
from kpi_state.read.slots import Slot


def place(key: str) -> Slot:
    return Slot("touchpoints", "rep", key, "day", "", ())


def touched(key: str, points: int = 1) -> Sample:
    found = sample_of(place(key)._replace(bucket="2024-06-06"), (points, 9, 1_500_001))
    assert found is not None
    return found


def put(numbers: Numbers, version: int, *keys: str, points: int = 1) -> None:
    for key in keys:
        numbers.put(place(key), touched(key, points), version)


def test_a_number_is_read_as_the_sample_it_was_put_as() -> None:
    numbers = Numbers()
    put(numbers, 1, "ann")

    assert dict(numbers) == {place("ann"): touched("ann")}
    assert repr(numbers[place("ann")].parts) == repr(touched("ann").parts)
    assert (numbers.get(place("bob")), place("bob") in numbers, len(numbers)) == (None, False, 1)


def test_what_changed_since_a_version_is_known_the_latest_first() -> None:
    numbers = Numbers()
    put(numbers, 1, "a", "b")
    put(numbers, 2, "c")
    put(numbers, 3, "a", points=2)
    numbers.drop(place("b"), 3)

    assert set(numbers) == {place("a"), place("c")}
    assert numbers.changed_since(0) == [place("b"), place("a"), place("c")]
    assert numbers.changed_since(2) == [place("b"), place("a")]
    assert numbers.changed_since(3) == []
    assert numbers.latest == 3


def test_what_is_said_again_and_what_is_not_there_does_not_change() -> None:
    numbers = Numbers()
    put(numbers, 1, "ann")

    put(numbers, 2, "ann")
    numbers.drop(place("bob"), 2)

    assert (numbers.latest, numbers.changed_since(1)) == (1, [])


def test_another_bucket_is_a_change() -> None:
    numbers = Numbers()
    put(numbers, 1, "ann")

    numbers.set(numbers.at(place("ann")), "2024-06-07", numbers.at(place("ann")).amounts, 2)

    assert numbers.changed_since(1) == [place("ann")]
    assert numbers[place("ann")].bucket == "2024-06-07"


def test_what_came_and_went_is_said_once_however_often() -> None:
    numbers = Numbers()
    put(numbers, 1, "ann")
    numbers.drop(place("ann"), 2)
    put(numbers, 2, "ann")
    numbers.drop(place("ann"), 3)

    assert numbers.changed_since(1) == [place("ann")]
    assert [each.amounts for each in numbers.since(1)] == [None, None]
    assert dict(numbers) == {}


def test_a_number_that_comes_to_nothing_and_to_something_again_is_the_same_one() -> None:
    numbers = Numbers()
    number = numbers.at(place("ann"))
    numbers.set(number, "", None, 1)
    assert (dict(numbers), numbers.latest) == ({}, 0)

    numbers.set(number, "", (1, 0, 0), 2)

    assert numbers.since(0) == [number]
    assert set(numbers) == {place("ann")}


def test_others_take_the_place_of_all() -> None:
    numbers = Numbers()
    put(numbers, 1, "same", "other", "gone")

    numbers.replace({place(key): touched(key, points) for key, points in (("same", 1), ("other", 2), ("new", 1))}, 2)

    assert {place.key for place in numbers} == {"same", "other", "new"}
    assert {place.key for place in numbers.changed_since(1)} == {"other", "new", "gone"}


def test_what_is_gone_is_not_remembered_for_ever_and_said_to_those_who_look_now_and_then() -> None:
    numbers = Numbers()
    put(numbers, 1, "-1")
    held, looked_at = {place("-1")}, 1
    for key in range(5 * GONE):
        version = key + 2
        put(numbers, version, str(key))
        numbers.drop(place(str(key - 1)), version)
        if not key % 100:
            assert looked_at >= numbers.forgotten
            changed = numbers.changed_since(looked_at)
            held = held.difference(changed) | {each for each in changed if each in numbers}
            looked_at = version
            assert held == set(numbers)

    assert 0 < numbers.forgotten < numbers.latest
    assert len(numbers.changed_since(0)) <= GONE + 3


@given(st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2)), max_size=4), max_size=12))
def test_who_follows_knows_what_is_there(story: list[list[tuple[str, int]]]) -> None:
    numbers, known, seen = Numbers(), dict[Slot, Sample | None](), 0
    for version, happenings in enumerate(story, 1):
        for key, points in happenings:
            if points:
                put(numbers, version, key, points=points)
            else:
                numbers.drop(place(key), version)
        if version % 2:
            for each in numbers.changed_since(seen):
                known[each] = numbers.get(each)
            seen = version
            assert {each: sample for each, sample in known.items() if sample is not None} == dict(numbers)
