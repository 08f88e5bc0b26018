"""Money and shares in whole numbers: half-even rounding, and division by largest remainder so that parts sum to the
whole.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

PPM: Final = 1_000_000


def half_even(numerator: int, denominator: int) -> int:
    """A quotient rounded to the nearest whole number, ties to even; `denominator` is positive."""
    quotient, rest = divmod(numerator, denominator)
    return quotient + (1 if 2 * rest > denominator or (2 * rest == denominator and quotient % 2) else 0)


def annual(value_minor: int, term_months: int | None) -> int:
    """Annual value: value × 12 ÷ term for terms over 12 months, else the value."""
    return half_even(value_minor * 12, term_months) if term_months and term_months > 12 else value_minor


def divide(amount: int, weights: list[tuple[str, Fraction]]) -> list[tuple[str, int]]:
    """Divide a whole amount by weights that sum to 1: largest remainder, ties by rep id; a negative amount by its
    absolute value.
    """
    size, sign = abs(amount), -1 if amount < 0 else 1
    exact = [(rep, size * weight) for rep, weight in weights]
    parts = {rep: int(part) for rep, part in exact}
    rest = size - sum(parts.values())
    for rep, _ in sorted(exact, key=lambda item: (int(item[1]) - item[1], item[0]))[:rest]:
        parts[rep] += 1
    return [(rep, sign * part) for rep, part in sorted(parts.items())]


def shares(splits: dict[str, str]) -> list[tuple[str, int]]:
    """Shares as written (decimal texts, not all 0) in millionths that sum to exactly 1, by rep id; reps with none are
    left out.
    """
    written = {rep: Fraction(Decimal(text)) for rep, text in splits.items()}
    total = sum(written.values())
    weights = [(rep, share / total) for rep, share in sorted(written.items()) if share]
    return [(rep, ppm) for rep, ppm in divide(PPM, weights) if ppm]


def split_money(amount: int, parts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Divide money by shares in millionths."""
    if len(parts) == 1:
        return [(parts[0][0], amount)]
    return divide(amount, [(rep, Fraction(ppm, PPM)) for rep, ppm in parts])
