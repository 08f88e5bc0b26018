from hypothesis import given
from hypothesis import strategies as st

from exporters.api.ranking import Direction, rank, ranks

values = st.dictionaries(st.text(max_size=2), st.integers(0, 5), max_size=9)
directions = st.sampled_from(["at_least", "at_most"])


def test_the_same_value_is_the_same_place_and_the_next_is_as_far_back_as_there_are_better_ones() -> None:
    assert ranks({"c": 7, "a": 9, "d": 7, "b": 2}, "at_least") == {"a": 1, "c": 2, "d": 2, "b": 4}


def test_where_a_target_is_at_most_so_much_less_is_better() -> None:
    assert ranks({"a": 0.5, "b": 0, "c": 0.1}, "at_most") == {"b": 1, "c": 2, "a": 3}


@given(values, directions)
def test_a_place_is_one_more_than_there_are_better_ones(of: dict[str, int], better: Direction) -> None:
    found = ranks(of, better)
    assert {key: rank(value, of.values(), better) for key, value in of.items()} == found
    assert sorted(found.values()) == list(found.values())


def test_equal_ones_stand_in_the_order_of_their_keys() -> None:
    assert list(ranks({"b": 1, "c": 1, "a": 1}, "at_least")) == ["a", "b", "c"]
