from decimal import Decimal, localcontext
from math import e, pi, sqrt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpi_state.read.poisson import at_most

EXACT = 1e-9


@pytest.mark.parametrize(
    ("count", "mean", "chance"),
    [
        # Tables of the cumulative Poisson distribution, such as Pearson and Hartley, Biometrika Tables, table 7.
        (0, 1.0, 1 / e),
        (2, 4.0, 0.23810331),
        (3, 8.0, 0.04238011),
        (5, 5.0, 0.61596065),
        (10, 20.0, 0.01081172),
        (15, 10.0, 0.95125960),
    ],
)
def test_the_chance_is_that_of_the_tables(count: int, mean: float, chance: float) -> None:
    assert at_most(count, mean) == pytest.approx(chance, abs=5e-9)


@given(st.integers(0, 2_000), st.floats(0, 1_500))
@example(31, 31.999)
@example(32, 32.0)
@example(33, 5e-324)
@example(2_000, 0.5)
@example(0, 1_500.0)
@example(1_400, 1_500.0)
def test_the_chance_is_that_of_sixty_digits(count: int, mean: float) -> None:
    with localcontext() as context:
        context.prec = 60
        term = total = (-Decimal(mean)).exp()
        for number in range(1, count + 1):
            term *= Decimal(mean) / number
            total += term

        assert abs(Decimal(at_most(count, mean)) - total) < EXACT


def test_where_nothing_is_normal_nothing_is_surprising() -> None:
    assert [at_most(0, 0), at_most(5, 0)] == [1, 1]


def test_a_large_floor_has_its_chances_too() -> None:
    million = 1_000_000.0

    assert at_most(1_000_000, million) == pytest.approx(1 / 2 + 2 / (3 * sqrt(2 * pi * million)), abs=EXACT)
    assert at_most(10, million) == 0
    assert at_most(2_000_000, million) == pytest.approx(1, abs=EXACT)


@given(st.integers(0, 300), st.floats(0, 300))
def test_more_is_never_less_likely_to_be_reached(count: int, mean: float) -> None:
    assert 0 <= at_most(count, mean) <= at_most(count + 1, mean) + 1e-12 <= 1 + 1e-12
    assert at_most(count, mean + 1) <= at_most(count, mean) + 1e-12
