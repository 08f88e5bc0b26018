import pytest

from kpi_state.buckets import Cell, quarter
from kpi_state.explain.cells import TooManyCellsError, adds_as_it_is, cells_in
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
    assert len(cells_in(reader, "open_lead_age", slot, now, most=2)) == 2
    with pytest.raises(TooManyCellsError, match=r"^it is made of some 2 cells$"):
        cells_in(reader, "open_lead_age", slot, now, most=1)


def test_however_many_cells_a_sum_has_they_are_found() -> None:
    now = microseconds(NOW)
    lines = [lead(f"l{n}", "2024-01-05", created_at=f"2024-01-0{n}", owner_id="r1") for n in (5, 6)]
    reader = replay([rep("r1"), *lines], now, settings_of()).reader()
    slot = slot_of(answer(reader.samples(now), Question("leads_created", "r1", "month", "2024-01")))
    assert len(cells_in(reader, "leads_created", slot, now, most=1)) == 2


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
