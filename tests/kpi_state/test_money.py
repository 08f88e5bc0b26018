from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state.money import PPM, annual, divide, half_even, shares, split_money

MONEY = st.integers(-(2**53), 2**53)
SPLITS = st.dictionaries(st.text(max_size=2), st.decimals(0, 1000, places=4).map(str), min_size=1, max_size=6).filter(
    lambda splits: any(Decimal(share) for share in splits.values())
)


@given(MONEY, st.integers(1, 10_000))
def test_a_quotient_is_rounded_to_the_nearest_ties_to_even(numerator: int, denominator: int) -> None:
    assert half_even(numerator, denominator) == round(Fraction(numerator, denominator))


@pytest.mark.parametrize(("numerator", "rounded"), [(5, 0), (15, 2), (25, 2), (-5, 0), (-15, -2), (6, 1), (4, 0)])
def test_half_of_ten_goes_to_the_even_neighbour(numerator: int, rounded: int) -> None:
    assert half_even(numerator, 10) == rounded


@pytest.mark.parametrize(
    ("value", "term", "expected"),
    [
        (1200, 24, 600),
        (1200, 13, 1108),  # 1107.69
        (1200, 12, 1200),
        (1200, 6, 1200),
        (1200, 0, 1200),
        (1200, None, 1200),
        (125, 24, 62),  # 62.5
        (-125, 24, -62),
        (0, 36, 0),
    ],
)
def test_only_a_term_over_12_months_makes_a_value_annual(value: int, term: int | None, expected: int) -> None:
    assert annual(value, term) == expected


@given(SPLITS)
def test_shares_are_millionths_that_sum_to_exactly_1(splits: dict[str, str]) -> None:
    parts = shares(splits)

    assert sum(ppm for _, ppm in parts) == PPM
    assert [rep for rep, _ in parts] == sorted(rep for rep, _ in parts)
    assert all(ppm > 0 for _, ppm in parts)


@given(SPLITS, st.integers(1, 1000))
def test_shares_are_scaled(splits: dict[str, str], factor: int) -> None:
    assert shares({rep: str(Decimal(share) * factor) for rep, share in splits.items()}) == shares(splits)


@pytest.mark.parametrize(
    ("splits", "parts"),
    [
        ({"a": "0.5", "b": "0.5"}, [("a", 500_000), ("b", 500_000)]),
        ({"b": "1", "a": "1", "c": "1"}, [("a", 333_334), ("b", 333_333), ("c", 333_333)]),
        ({"a": "1", "b": "2"}, [("a", 333_333), ("b", 666_667)]),
        ({"a": "0", "b": "0.1"}, [("b", 1_000_000)]),
        ({"a": "0.00000001", "b": "1"}, [("b", 1_000_000)]),
    ],
)
def test_of_shares_the_largest_remainder_gets_what_is_left_ties_by_rep(
    splits: dict[str, str], parts: list[tuple[str, int]]
) -> None:
    assert shares(splits) == parts


@given(MONEY, SPLITS)
def test_split_money_sums_to_the_whole(amount: int, splits: dict[str, str]) -> None:
    who = shares(splits)
    parts = split_money(amount, who)

    assert sum(money for _, money in parts) == amount
    assert [rep for rep, _ in parts] == [rep for rep, _ in who]
    assert all(abs(money - Fraction(amount * ppm, PPM)) < 1 for (_, money), (_, ppm) in zip(parts, who, strict=True))


@given(MONEY, SPLITS)
def test_a_refund_is_split_like_what_it_refunds(amount: int, splits: dict[str, str]) -> None:
    who = shares(splits)

    assert split_money(-amount, who) == [(rep, -money) for rep, money in split_money(amount, who)]


def test_whoever_has_it_all_gets_it_all() -> None:
    assert split_money(-7, [("a", PPM)]) == [("a", -7)]


def test_a_cent_that_nobody_has_a_larger_claim_to_goes_to_the_smaller_id() -> None:
    halves = [("b", Fraction(1, 2)), ("a", Fraction(1, 2))]

    assert divide(3, halves) == [("a", 2), ("b", 1)]
    assert divide(-3, halves) == [("a", -2), ("b", -1)]
