import pytest

from kpi_state.measures.registry import BY_STEM, measured
from kpi_state.published import decode_group, is_tally
from kpi_state.read.samples import Reader
from kpi_state.read.slots import Slot
from kpi_state.replay import replay
from tests.exporters.floor import EVENTS, NOW, SETTINGS
from tests.statements import mailed, rep

LINES = (
    *EVENTS,
    rep("cas", team="Delhi", emails=["cas@example.org"]),
    rep("cas", "2024-03-01", team='Zuid "A"\\'),
    *(mailed(f"n{n}", day, who) for n, (day, who) in enumerate([
        ("2024-06-05 23:30", "cas"),
        ("2024-05-31 22:30", "cas@example.org"),
        ("2024-06-06 15:20", "somebody@example.org"),
        ("2024-01-01 00:10", "cas"),
    ])),
)  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> Reader:
    return replay(LINES, NOW, SETTINGS).reader()


def test_every_cell_of_every_number_is_near_it(reader: Reader) -> None:
    checked = 0
    for stem in BY_STEM:
        measure = measured(BY_STEM[stem]).stem
        for cell, amounts in reader.cells(measure).items():
            for slot, _ in reader.counted(cell, amounts, NOW):
                if measured(BY_STEM[slot.kpi]).stem == measure:
                    assert cell in reader.cells(measure, reader.near(slot, NOW).holds), (slot, cell)
                    checked += 1
    assert checked > 300


def near(reader: Reader, grain: str, key: str, window: str, bucket: str) -> set[tuple[str, int]]:
    """(rep, UTC day after the first of June) of the cells of touchpoints that are near a number."""
    keep = reader.near(Slot("touchpoints", grain, key, window, bucket, ()), NOW).holds
    return {(cell[1], cell[2][1] // 96 - 19_875) for cell in reader.cells("touchpoints", keep)}


def test_ids_that_mean_somebody_else_are_passed_over(reader: Reader) -> None:
    everybody = {each for each, _ in near(reader, "org", "*", "rolling_30d", "")}
    assert everybody == {"anna", "bela", "cas", "cas@example.org", "somebody@example.org"}
    assert {each for each, _ in near(reader, "rep", "cas", "rolling_30d", "")} == everybody - {"anna", "bela"}
    assert {each for each, _ in near(reader, "team", "Delhi", "rolling_30d", "")} == everybody - {"anna"}


@pytest.mark.parametrize(
    ("window", "bucket", "days"),
    [
        ("day", "2024-06-01", {-1}),
        ("hour", "2024-06-06T17:00+02:00", {4, 5}),
        ("month", "2024-05", {-1, -12}),
        ("rolling_1h", "", {4, 5}),
        ("rolling_7d", "", {-1, 4, 5}),
    ],
)
def test_days_that_no_zone_puts_into_the_period_are_passed_over(
    reader: Reader, window: str, bucket: str, days: set[int]
) -> None:
    assert {day for _, day in near(reader, "org", "*", window, bucket)} == days


def test_what_is_not_kept_by_days_is_near_whenever_it_was(reader: Reader) -> None:
    slot = Slot("open_lead_age", "org", "*", "now", "", ())
    assert reader.cells("open_lead_age", reader.near(slot, NOW).holds) == reader.cells("open_lead_age")


def test_a_measure_whose_name_begins_like_another_is_not_it(reader: Reader) -> None:
    rows = {decode_group(key)[0] for _, key in reader._rows if is_tally(key)}
    assert {"lead_win", "leads_created"} <= rows
    assert {cell[0] for cell in reader.cells("lead_win")} == {"lead_win"}
    assert reader.cells("lead") == {}
