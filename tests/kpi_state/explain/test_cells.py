import pytest

from kpi_state.buckets import Cell, quarter
from kpi_state.explain.cells import TooManyCellsError, adds_as_it_is, cells_in, some_cells
from kpi_state.explain.contributions import measured
from kpi_state.explain.question import Question, answer, slot_of
from kpi_state.measures.registry import BY_STEM
from kpi_state.replay import replay
from tests.exporters.floor import NOW as FLOOR_NOW
from tests.exporters.floor import seen
from tests.reference import microseconds
from tests.statements import lead, rep
from tests.worlds import NOW, settings_of


def test_the_cells_of_a_number_are_those_that_count_in_it() -> None:
    lines = [
        rep("r1", team="A"),
        rep("r2", team="A"),
        lead("l1", "2024-01-05", created_at="2024-01-05", owner_id="r1", origin="web"),
        lead("l2", "2024-02-05", created_at="2024-02-05", owner_id="r1", origin="web"),
        lead("l3", "2024-01-05", created_at="2024-01-05", owner_id="r2", origin="web"),
    ]
    now = microseconds(NOW)
    result = replay(lines, now, settings_of())
    reader = result.reader()

    def cells(key: str, window: str, bucket: str) -> dict[Cell, tuple[int, ...]]:
        slot = slot_of(answer(reader.samples(now), Question("leads_created", key, window, bucket)))
        return cells_in(reader, "leads_created", slot, now)

    january = quarter(microseconds("2024-01-05T12:00:00Z"))
    assert cells("r1", "month", "2024-01") == {("leads_created", "r1", january, ("web",)): (1,)}
    assert {cell[1] for cell in cells("A", "month", "2024-01")} == {"r1", "r2"}
    assert len(cells("r1", "fiscal_year", "FY2024")) == 2


def test_more_cells_than_anybody_should_wait_for_are_refused_before_they_are_looked_at() -> None:
    now = microseconds(NOW)
    lines = [lead(f"l{n}", "2024-01-05", created_at=f"2024-01-0{n}", owner_id="r1") for n in (5, 6)]
    reader = replay([rep("r1"), *lines], now, settings_of()).reader()
    slot = slot_of(answer(reader.samples(now), Question("open_lead_age", "r1", "now")))
    assert some_cells(reader, "open_lead_age", slot, now, 2, 1) == (cells_in(reader, "open_lead_age", slot, now), 1, 0)
    with pytest.raises(TooManyCellsError, match=r"^it is made of some 2 cells$"):
        some_cells(reader, "open_lead_age", slot, now, 1, 1)


def test_of_a_sum_of_more_cells_than_that_those_of_the_first_ids_are_looked_at() -> None:
    now = microseconds(NOW)
    owners = ["r3", "r1", "r1", "r2", "r4", "r4"]
    lines = [lead(f"l{n}", "2024-01-05", created_at=f"2024-01-0{n + 1}", owner_id=who) for n, who in enumerate(owners)]
    reader = replay([*map(rep, sorted(set(owners))), *lines], now, settings_of()).reader()
    slot = slot_of(answer(reader.samples(now), Question("leads_created", "*", "month", "2024-01")))
    every = cells_in(reader, "leads_created", slot, now)

    def some(most: int, least: int) -> tuple[list[str], int, int]:
        found = some_cells(reader, "leads_created", slot, now, most, least)
        assert found.cells.items() <= every.items()
        return [cell[1] for cell in found.cells], found.ids, found.ids_left

    assert len(every) == 6
    assert some(6, 1) == (["r1", "r1", "r2", "r3", "r4", "r4"], 4, 0)
    assert some(5, 1) == (["r1", "r1"], 1, 3)
    assert some(5, 3) == (["r1", "r1", "r2"], 2, 2)
    assert some(1, 1) == (["r1", "r1"], 1, 3)
    assert reader.number(slot, now) == (6,)


def test_of_what_is_no_sum_too_those_of_the_first_ids_are_looked_at() -> None:
    now = microseconds(NOW)
    owners = ["r3", "r1", "r1", "r2"]
    lines = [lead(f"l{n}", "2024-01-05", created_at=f"2024-01-0{n + 1}", owner_id=who) for n, who in enumerate(owners)]
    reader = replay([*map(rep, sorted(set(owners))), *lines], now, settings_of()).reader()
    slot = slot_of(answer(reader.samples(now), Question("open_lead_age", "*", "now")))

    first = some_cells(reader, "open_lead_age", slot, now, 3, 1)

    assert ([cell[1] for cell in first.cells], first.ids, first.ids_left) == (["r1", "r1"], 1, 2)
    every = some_cells(reader, "open_lead_age", slot, now, 4, 1)
    assert (every.cells, every.ids, every.ids_left) == (cells_in(reader, "open_lead_age", slot, now), 3, 0)
    whole = reader.number(slot, now)
    assert whole is not None
    assert whole[0] == 4


def test_where_cells_add_what_they_are_it_is_what_is_counted() -> None:
    now, reader = FLOOR_NOW, seen().reader()
    kept, changed = set[str](), set[str]()
    for sample in reader.samples(now, supporting=True):
        kpi, slot = BY_STEM[sample.kpi], slot_of(sample)
        if (measure := measured(kpi)) is None:
            continue
        for cell, amounts in cells_in(reader, measure.stem, slot, now).items():
            adds = [each for where, each in reader.counted(cell, amounts, now) if where == slot]
            (kept if adds == [amounts] else changed).add(kpi.stem)
    said = {stem for stem in kept | changed if adds_as_it_is(BY_STEM[stem])}

    assert said <= kept - changed
    assert {"touchpoints", "leads_created", "annual_contract_value", "lead_conversion"} <= said
    assert changed
