from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpi_state.measures.registry import ALL
from kpi_state.read.sample import Exact, quotient, sample_of, shown
from kpi_state.read.slots import Slot


@given(st.integers(-(10**25), 10**25))
@example(801_133_165_087_000)
@example(9_007_199_254_740_993_000_001)
@example(-1)
def test_a_part_of_millionths_prints_exactly_its_digits(millionths: int) -> None:
    printed = repr(shown("talk_seconds", millionths))

    assert Fraction(printed) == Fraction(millionths, 1_000_000)
    assert len(printed.partition(".")[2]) <= 6
    assert not printed.endswith(("0", ".")) or "." not in printed


@given(st.integers(-(10**25), 10**25))
def test_a_part_of_millionths_is_the_nearest_float(millionths: int) -> None:
    number = Exact(millionths)

    assert number == millionths / 1_000_000
    assert str(number) == repr(number)


def test_only_seconds_and_contracts_are_millionths() -> None:
    assert shown("oldest_seconds", 1_500_000) == shown("contracts", 1_500_000) == 1.5
    assert repr(shown("age_seconds_sum", 2_000_000)) == "2"
    assert shown("annual_value_minor", 1_500_000) == 1_500_000
    assert repr(Exact(3_000_000)) == "3"


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**20))
@example(1, 3)
@example(2**60 + 1, 2)
def test_a_value_is_one_correctly_rounded_division(numerator: int, denominator: int) -> None:
    value = quotient(numerator, denominator)

    exact = Fraction(numerator, denominator)
    assert value == exact if exact.denominator == 1 else value == float(exact)
    assert isinstance(value, int) == (float(value).is_integer() if exact.denominator > 1 else True)


def test_a_value_that_rounds_to_a_whole_number_prints_without_a_fraction() -> None:
    assert repr(quotient(10**17 + 1, 2)) == "50000000000000000"
    assert repr(quotient(-3, 2)) == "-1.5"


def slot(kpi: str, window: str = "month", **labels: str) -> Slot:
    return Slot(kpi, "org", "*", window, "2024-05", tuple(sorted(labels.items())))


def test_nothing_in_any_part_is_no_sample() -> None:
    assert sample_of(slot("lead_source"), (0, 0, 0)) is None


@pytest.mark.parametrize(
    ("where", "amounts", "parts"),
    [
        (slot("lead_win", basis="cohort"), (4, 1), {"leads": 4, "won": 1}),
        (slot("lead_win", basis="closed"), (4, 1), {"closed": 4, "won": 1}),
        (slot("appointment_disqualification"), (4, 1, 0), {"decided": 4, "rejected": 1}),
        (slot("appointment_disqualification", reason="now"), (4, 1, 0), {"decided": 4, "rejected": 1}),
        (slot("appointment_disqualification", reason="closed"), (4, 1, 0), {"decided": 4, "rejected": 1}),
        (slot("leads_created", origin="closed"), (4,), {"leads": 4}),
        (
            slot("appointment_disqualification", "now"),
            (2, 3_000_000, 0, 0),
            {"pending": 2, "pending_age_seconds_sum": 3},
        ),
    ],
)
def test_parts_have_the_names_of_their_window_and_basis(
    where: Slot, amounts: tuple[int, ...], parts: dict[str, int]
) -> None:
    sample = sample_of(where, amounts)

    assert sample is not None
    assert sample.parts == parts


@pytest.mark.parametrize("kpi", ALL, ids=lambda kpi: kpi.stem)
def test_every_kpi_has_a_value_of_any_parts(kpi: object) -> None:
    names = kpi.parts  # type: ignore[attr-defined]

    sample = sample_of(slot(kpi.stem), tuple(range(1, len(names) + 1)))  # type: ignore[attr-defined]

    assert sample is not None
    assert tuple(sample.parts) == names
    assert sample.value is not None
