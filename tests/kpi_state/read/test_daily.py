from collections.abc import Iterator

from kpi_state.read.daily import Daily

Cell = tuple[str, int]


def lasting(cell: Cell, amounts: tuple[int, ...], today: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    """(number, days so far) of what began on a day; nothing before."""
    name, first = cell
    (count,) = amounts
    if today >= first:
        yield name, (count, count * (today - first + 1))


def test_sums_grow_with_the_days() -> None:
    daily: Daily[Cell, str] = Daily(lasting)
    daily.enter(("a", 10), (1,))
    daily.enter(("a", 11), (2,))

    assert [dict(daily.sums(day)) for day in (9, 10, 11)] == [{}, {"a": (1, 1)}, {"a": (3, 4)}]
    assert daily.sums(10) == {"a": (1, 1)}


def test_what_enters_later_is_counted_for_the_day_that_was_asked() -> None:
    daily: Daily[Cell, str] = Daily(lasting)
    assert daily.sums(12) == {}

    daily.enter(("a", 10), (1,))

    assert daily.sums(12) == {"a": (1, 3)}


def test_what_is_taken_back_leaves_nothing_behind() -> None:
    daily: Daily[Cell, str] = Daily(lasting)
    daily.enter(("a", 10), (1,))
    daily.sums(12)

    daily.enter(("a", 10), (-1,))

    assert daily.sums(12) == daily.sums(13) == {}


def test_changes_are_those_since_they_were_asked_for_until_it_is_another_day() -> None:
    daily: Daily[Cell, str] = Daily(lasting)
    daily.enter(("a", 10), (1,))
    assert daily.changes(12) is None
    assert daily.changes(12) == {}

    daily.enter(("a", 11), (1,))
    daily.enter(("b", 12), (2,))
    daily.enter(("b", 12), (-2,))

    assert daily.changes(12) == {"a": (1, 2)}
    assert daily.changes(13) is None
