import pytest

from kpi_state.kpis.registry import BY_STEM as BOOK
from kpi_state.kpis.registry import KPIS
from kpi_state.measures.registry import ALL, BY_STEM, FREE_TEXT, SUPPORTING, measured

STEMS = [
    "deals_won", "outbound_calls", "pipeline", "pipeline_value", "revenue_won", "speed_to_lead", "speed_to_lead_p90",
    "stage_flow", "stage_time",
]  # fmt: skip


def test_supporting_measures_are_found_by_themselves_and_have_no_number() -> None:
    assert [kpi.stem for kpi in SUPPORTING] == STEMS
    assert {kpi.number for kpi in SUPPORTING} == {0}


def test_the_book_comes_first_and_stays_what_it_is() -> None:
    assert ALL[: len(KPIS)] == KPIS
    assert BY_STEM.keys() == BOOK.keys() | set(STEMS)


def test_labels_that_somebody_types_are_known_and_belong_to_their_record() -> None:
    assert frozenset({"origin", "reason", "product", "region", "stage", "size"}) == FREE_TEXT
    assert all(set(kpi.free_text) <= set(kpi.measure_labels) for kpi in ALL)


@pytest.mark.parametrize("kpi", ALL, ids=lambda kpi: kpi.stem)
def test_what_reads_another_measure_is_read_like_it(kpi: object) -> None:
    read = measured(kpi)  # type: ignore[arg-type]

    assert read.amounts or not kpi.of  # type: ignore[attr-defined]
    assert read.reading == kpi.reading  # type: ignore[attr-defined]
