import re
from collections.abc import Iterable

import pytest

from kpi_state.apply import Applier, State
from kpi_state.definitions import Definitions
from kpi_state.events import decode
from kpi_state.kpis.kpi import Kpi
from kpi_state.kpis.registry import KPIS, by_stem
from kpi_state.measures.registry import ALL, BY_STEM, contributors
from kpi_state.published import decode_tally
from tests.soups.soups import KINDS, soup_of

EACH = pytest.mark.parametrize("kpi", ALL, ids=lambda kpi: kpi.stem)
WINDOWS = {
    "hour", "day", "week", "month", "fiscal_quarter", "fiscal_year",
    "rolling_1h", "rolling_7d", "rolling_30d", "rolling_90d", "rolling_365d", "to_date", "now",
}  # fmt: skip


def tallies(lines: Iterable[bytes]) -> dict[bytes, bytes]:
    """The tallies of some events."""
    state = State()
    applier = Applier(state, Definitions(), lambda _: 0, 0)
    for line in lines:
        applier.event(decode(line))
    applier.finish()
    return state.tally


def test_all_fourteen_are_there_and_the_second_twice() -> None:
    assert [kpi.number for kpi in KPIS] == [1, 2, 2, *range(3, 15)]


def test_a_kpi_is_found_by_its_stem() -> None:
    assert [by_stem(kpi.stem) for kpi in KPIS] == list(KPIS)
    with pytest.raises(KeyError):
        by_stem("pipeline")


@EACH
def test_a_stem_is_a_name_that_every_metric_may_have(kpi: Kpi) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", kpi.stem)
    assert not kpi.stem.endswith(("_sum", "_count", "_total"))


@EACH
def test_a_kpi_says_in_words_what_it_means(kpi: Kpi) -> None:
    for text in (kpi.title, kpi.help, kpi.formula, kpi.unit, kpi.article, kpi.attribution):
        assert text.strip() == text != ""
    assert kpi.help.endswith(".")


@EACH
def test_windows_and_parts_are_known_and_each_named_once(kpi: Kpi) -> None:
    assert set(kpi.windows) <= WINDOWS
    assert len(set(kpi.windows)) == len(kpi.windows) > 0
    assert len(set(kpi.parts)) == len(kpi.parts) > 0


@EACH
def test_the_labels_of_samples_are_labels_of_contributions(kpi: Kpi) -> None:
    assert {label for labels in kpi.label_sets for label in labels} <= set(kpi.measure_labels)


@EACH
def test_what_contributes_carries_amounts_and_what_does_not_reads_the_roster_or_another(kpi: Kpi) -> None:
    assert bool(kpi.contribute) == bool(kpi.amounts)
    assert (
        kpi.contribute
        or kpi.reading in {"retention", "ramp"}
        or kpi.of
        or kpi.stem == "customer_lifetime_value_observed"
    )


@EACH
def test_a_value_is_a_quotient_of_whole_numbers_even_where_every_part_is_nothing(kpi: Kpi) -> None:
    for parts in (kpi.parts, *kpi.other_parts.values()):
        numerator, denominator = kpi.value(dict.fromkeys(parts, 0))
        assert (numerator, denominator) in {(0, 0), (0, 1)}


def test_an_entity_feeds_the_kpis_that_name_it_in_the_order_of_the_book() -> None:
    assert contributors("appointment") == (by_stem("appointment_disqualification").contribute["appointment"],)
    assert len(contributors("lead")) == 7
    assert contributors("rep") == ()


def test_contributions_carry_as_many_amounts_and_labels_as_their_kpi_says() -> None:
    rows = [row for number in range(20) for row in tallies(soup_of(number, tuple(KINDS))).items()]
    seen = set()
    for key, value in rows:
        for (measure, _, _, labels), amounts in decode_tally(key, value):
            kpi = BY_STEM.get(measure)
            if kpi is not None:
                seen.add(measure)
                assert (len(labels), len(amounts)) == (len(kpi.measure_labels), kpi.amounts)
    assert seen == {kpi.stem for kpi in ALL if kpi.contribute}
