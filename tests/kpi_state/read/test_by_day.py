import pytest

from kpi_state.published import Group, encode_group, is_tally
from kpi_state.read.by_day import ByDay, Place
from kpi_state.read.samples import Reader
from kpi_state.read.slots import Slot
from kpi_state.replay import replay
from tests.exporters.floor import EVENTS, NOW, SETTINGS

ONE: Group = ("touchpoints", "anna", "Q", 19_880, ("call",))
NEXT: Group = ("touchpoints", "anna", "Q", 19_881, ("call",))
UNDATED: Group = ("touchpoints", "anna", "-", 0, ("call",))
OTHER: Group = ("leads_created", "anna", "Q", 19_880, ("web",))


def place(group: Group, partition: int = 0) -> Place:
    return partition, encode_group(group)


def test_the_rows_of_a_measure_on_some_days_are_given_once_and_those_of_no_day() -> None:
    rows = ByDay()
    for group in (ONE, NEXT, UNDATED, OTHER, ONE):
        rows.enter(place(group))
    rows.enter(place(ONE, 1))

    assert list(rows.near("touchpoints", lambda day: day == 19_880)) == [place(ONE), place(ONE, 1), place(UNDATED)]
    assert list(rows.near("touchpoints", lambda day: day == 19_880)) == [place(ONE), place(ONE, 1), place(UNDATED)]
    assert list(rows.near("deals_won", lambda _: True)) == []


@pytest.mark.parametrize("raw", ["anna", 'an"na', 'a","Q",5,["x"]]', "b\\", "Q", "", "é,\n"])
@pytest.mark.parametrize("labels", [(), ("Q",), ('"Q",7',)])
def test_whatever_an_id_or_a_label_is_the_day_of_a_row_is_found(raw: str, labels: tuple[str, ...]) -> None:
    rows, dated, undated = ByDay(), place(("m", raw, "Q", -3, labels)), place(("m", raw, "X", 7, labels))
    rows.enter(dated)
    rows.enter(undated)

    assert list(rows.near("m", lambda day: day == -3)) == [dated, undated]
    assert list(rows.near("m", lambda day: day == 7)) == [undated]


def day_of(reader: Reader) -> dict[str, int]:
    """How many rows of each id are near a day's touchpoints."""
    slot = Slot("touchpoints", "org", "*", "day", "2024-06-06", ())
    return {raw: len(rows) for raw, rows in reader.rows_near("touchpoints", slot, NOW).items()}


def test_rows_that_come_go_and_come_back_are_near_while_they_are_there() -> None:
    replayed = replay(EVENTS, NOW, SETTINGS)
    reader, again = replayed.reader(), day_of(replayed.reader())
    assert again
    assert day_of(reader) == again
    for value in (None, b"there"):
        for key, old in replayed.state.tally.items():
            if key.startswith(b'["touchpoints"'):
                reader.tally(0, key, None if value is None else old)
        assert day_of(reader) == ({} if value is None else again)


def held(thing: object) -> int:
    """How many places are kept, wherever."""
    if isinstance(thing, ByDay):
        return sum(held(each) for each in vars(thing).values())
    return sum(held(each) or 1 for each in thing.values()) if isinstance(thing, dict) else 0


def test_rows_that_come_and_go_leave_no_places_behind() -> None:
    rows = ByDay()
    for day in range(100):
        rows.enter(place(("touchpoints", "anna", "Q", day, ())))
        rows.leave(place(("touchpoints", "anna", "Q", day, ())))
    assert held(rows) == 0

    rows.enter(place(ONE))
    for day in range(100):
        rows.enter(place(("touchpoints", "anna", "Q", day, ())))
        assert len(list(rows.near("touchpoints", lambda _: True))) == 2
        rows.leave(place(("touchpoints", "anna", "Q", day, ())))
    assert list(rows.near("touchpoints", lambda _: True)) == [place(ONE)]
    assert held(rows) == 1


def test_a_row_that_goes_and_comes_back_between_questions_is_there_once_and_gone_when_it_goes() -> None:
    rows = ByDay()
    rows.enter(place(ONE))
    rows.enter(place(NEXT))
    for _ in range(3):
        assert set(rows.near("touchpoints", lambda _: True)) == {place(ONE), place(NEXT)}
        rows.leave(place(ONE))
        rows.enter(place(ONE))
    assert list(rows.near("touchpoints", lambda _: True)) == [place(NEXT), place(ONE)]

    rows.leave(place(ONE))
    rows.enter(place(ONE))
    rows.leave(place(ONE))
    assert list(rows.near("touchpoints", lambda _: True)) == [place(NEXT)]
    assert held(rows) == 1


def test_a_reader_holds_no_places_of_rows_that_are_gone() -> None:
    replayed = replay(EVENTS, NOW, SETTINGS)
    reader = replayed.reader()
    for asked in (False, True):
        for value in (b"there", None, None):
            for key, old in replayed.state.tally.items():
                if is_tally(key):
                    reader.tally(0, key, None if value is None else old)
            if asked:
                day_of(reader)
        assert held(reader._by_day) == 0


def test_an_earlier_instant_forgets_nothing() -> None:
    replayed = replay(EVENTS, NOW, SETTINGS)
    reader = replayed.reader()
    before = day_of(reader)

    reader.samples(NOW - 1)

    assert day_of(reader) == before
