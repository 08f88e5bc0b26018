import random

import pytest

from kpi_state.buckets import Amounts, Cell, quarter
from kpi_state.explain.cells import adds_as_it_is
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.samples import Reader
from kpi_state.read.slots import Slot
from kpi_state.replay import replay
from tests.exporters.floor import EVENTS, NOW, SETTINGS
from tests.reference import microseconds
from tests.soups.soups import KINDS, soup_of
from tests.statements import mailed, rep
from tests.worlds import NOW as SOUPS_NOW
from tests.worlds import settings_of

MOVED = (
    *EVENTS,
    rep("cas", team="Delhi", emails=["cas@example.org"]),
    rep("cas", "2024-06-05 12:20", team='Zuid "A"\\'),  # in the middle of a UTC day
    *(mailed(f"n{n}", day, who) for n, (day, who) in enumerate([
        ("2024-06-05 12:10", "cas"),
        ("2024-06-05 12:50", "cas"),
        ("2024-06-05 23:30", "cas"),
        ("2024-05-31 22:30", "cas@example.org"),
        ("2024-06-06 15:20", "somebody@example.org"),
        ("2024-06-06 23:50", "cas"),  # not yet
    ])),
)  # fmt: skip


def by_asking(reader: Reader, measure: str, now: int) -> dict[Slot, dict[Cell, Amounts]]:
    """The cells of every number, asked cell by cell."""
    found: dict[Slot, dict[Cell, Amounts]] = {}
    for cell, amounts in reader.cells(measure).items():
        for slot, _ in reader.counted(cell, amounts, now):
            found.setdefault(slot, {})[cell] = amounts
    return found


def holds_for_all(reader: Reader, now: int, at_most: int) -> int:
    """In how many numbers the same cells were found both ways."""
    checked = 0
    for kpi in (kpi for kpi in BY_STEM.values() if adds_as_it_is(kpi)):
        measure = kpi.of or kpi.stem
        numbers = {slot: cells for slot, cells in by_asking(reader, measure, now).items() if slot.kpi == kpi.stem}
        for slot in random.Random(kpi.stem).sample(sorted(numbers), min(at_most, len(numbers))):
            assert reader.inside(slot, now).among(reader.cells(measure)) == numbers[slot], slot
            checked += 1
    return checked


def test_the_cells_of_every_number_are_those_that_say_they_count_in_it() -> None:
    assert holds_for_all(replay(MOVED, NOW, SETTINGS).reader(), NOW, 1_000) > 100


@pytest.mark.parametrize("number", range(3))
def test_whatever_is_sent_they_are_the_same(number: int) -> None:
    windows = {"deals_won": ["rolling_30d", "hour"], "annual_contract_value": ["month", "hour", "rolling_24h"]}
    settings, now = settings_of(zone="Asia/Kathmandu", windows=windows), microseconds(SOUPS_NOW)
    reader = replay(soup_of(number, tuple(KINDS), 200), now, settings).reader()
    assert holds_for_all(reader, now, 60) > 100


@pytest.mark.parametrize("window", ["rolling_365d", "rolling_24h"])
def test_what_rolls_holds_nothing_in_a_period(window: str) -> None:
    reader = replay(EVENTS, NOW, SETTINGS).reader()
    slot = Slot("touchpoints", "org", "*", window, "", ())
    cells = reader.cells("touchpoints")
    assert reader.inside(slot, NOW).among(cells)
    assert reader.inside(slot._replace(bucket="2024"), NOW).among(cells) == {}


@pytest.mark.parametrize(
    ("window", "bucket"), [("now", ""), ("hour", "2024-06-05T12:00+00:00"), ("rolling_365d", "2024")]
)
def test_a_window_that_is_none_of_days_or_hours_holds_nothing(window: str, bucket: str) -> None:
    reader = replay(EVENTS, NOW, SETTINGS).reader()
    cells: dict[Cell, Amounts] = {("annual_contract_value", "anna", ("D", 738_000, 0), ("EUR", "", "")): (1, 1, 1)}
    cells["annual_contract_value", "anna", ("X", 5, 0), ("EUR", "", "")] = (1, 1, 1)
    if window == "now":
        cells["annual_contract_value", "anna", quarter(0), ("EUR", "", "")] = (1, 1, 1)
    slot = Slot("annual_contract_value", "org", "*", window, bucket, (("currency", "EUR"),))
    assert reader.inside(slot, NOW).among(cells) == {}
