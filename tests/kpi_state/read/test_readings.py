"""Every KPI of the registry is read, in its own windows and those the settings add."""

import pytest

from kpi_state.buckets import NO_BUCKET
from kpi_state.explain.question import slot_of
from kpi_state.kpis.kpi import Kpi
from kpi_state.kpis.registry import by_stem
from kpi_state.measures.registry import ALL, BY_STEM
from kpi_state.read.readings import windows_of
from kpi_state.read.sample import sample_of
from kpi_state.read.windows import suits
from tests.kpi_state.read.floor import Floor, at, settings_of, since, span, us


def test_a_kpi_has_its_own_windows_and_those_of_the_settings_once() -> None:
    settings = settings_of(windows={"lead_source": ["month", "day"]})

    assert windows_of(by_stem("lead_source"), settings) == ("month", "fiscal_quarter", "rolling_30d", "day")
    assert windows_of(by_stem("lead_win"), settings) == by_stem("lead_win").windows


def floor_of_everything() -> Floor:
    added = ["day", "week", "month", "fiscal_quarter", "fiscal_year", "rolling_400d"]
    windows = {kpi.stem: [name for name in added if suits(name, kpi.reading)] for kpi in ALL}
    floor = Floor(settings_of(windows=windows))
    floor.rep("r1", team="A", first_day="2024-01-01")
    floor.rep("r2", team="A", first_day="2022-12-01")
    for kpi in ALL:
        labels = tuple({"basis": "cohort"}.get(label, label) for label in kpi.measure_labels)
        if kpi.reading == "sums" and kpi.amounts:
            floor.count(kpi.stem, "r1", at("2024-05-14T10:00"), *[1_000_000] * kpi.amounts, labels=labels)
        if kpi.reading == "standing":
            floor.count(kpi.stem, "r1", NO_BUCKET, *[1] * kpi.amounts, labels=labels)
        elif "now" in kpi.windows:
            floor.count(kpi.stem, "r1", since("2024-05-14T10:00"), *[1] * kpi.amounts, labels=labels)
        if kpi.reading in {"spans", "lifetime"} and kpi.amounts:
            floor.count(kpi.stem, "r1", span("2022-12-01"), *[1] * kpi.amounts, labels=labels)
    return floor


@pytest.fixture(scope="module")
def everything() -> Floor:
    return floor_of_everything()


@pytest.mark.parametrize("kpi", ALL, ids=lambda kpi: kpi.stem)
def test_every_kpi_has_samples_in_all_its_windows_grains_and_labels(kpi: Kpi, everything: Floor) -> None:
    found = [
        sample
        for sample in everything.reader.samples(us("2024-05-14T10:30"), supporting=True)
        if sample.kpi == kpi.stem
    ]

    assert {sample.window for sample in found} == set(windows_of(kpi, everything.settings))
    assert {sample.grain for sample in found} == set(kpi.grains)
    assert {tuple(sample.labels) for sample in found} == {tuple(sorted(labels)) for labels in kpi.label_sets}
    for sample in found:
        assert set(sample.parts) in [set(kpi.parts), *map(set, kpi.other_parts.values())]


def test_everything_can_be_explained(everything: Floor) -> None:
    assert everything.look("2024-05-14T10:30").samples


def test_every_number_can_be_had_by_itself(everything: Floor) -> None:
    now, reader = us("2024-05-14T12:00"), everything.reader
    asked = 0
    for sample in reader.samples(now, supporting=True):
        slot = slot_of(sample)
        if BY_STEM[sample.kpi].reading not in {"retention", "ramp"}:
            assert sample_of(slot, reader.number(slot, now) or ()) == sample
            assert reader.number(slot._replace(key="nobody"), now) is None
            asked += 1
    assert asked > 200
