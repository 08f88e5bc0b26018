from collections.abc import Iterator

from kpi_state.read.daily import Daily
from kpi_state.read.folded import Folded
from kpi_state.read.slots import Slot

REP, ORG = (Slot("k", grain, key, "month", "", ()) for grain, key in (("rep", "ann"), ("org", "*")))


def since(cell: int, amounts: tuple[int, ...], today: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    if cell <= today:
        yield "ann", amounts


def for_both(_key: str, amounts: tuple[int, ...]) -> Iterator[tuple[Slot, tuple[int, ...]]]:
    yield REP, amounts
    yield ORG, amounts


def test_what_enters_is_added_to_the_numbers_it_counts_in() -> None:
    daily: Daily[int, str] = Daily(since)
    folded = Folded(daily)
    daily.enter(10, (1,))
    assert folded.numbers(10, for_both) == {REP: (1,), ORG: (1,)}
    assert folded.touched() == {REP, ORG}

    daily.enter(9, (2,))

    assert folded.numbers(10, for_both) == {REP: (3,), ORG: (3,)}
    assert folded.touched() == {REP, ORG}
    assert folded.numbers(10, for_both) == {REP: (3,), ORG: (3,)}
    assert folded.touched() == set()


def test_on_another_day_everything_is_another_number_and_what_left_is_touched() -> None:
    daily: Daily[int, str] = Daily(since)
    folded = Folded(daily)
    daily.enter(10, (1,))
    folded.numbers(10, for_both)
    folded.touched()

    assert folded.numbers(9, for_both) == {}
    assert folded.touched() == {REP, ORG}
