"""The Poisson distribution: how surprising a small number is."""

from __future__ import annotations

from math import exp, lgamma, log, log1p, pi
from typing import Final

_STIRLING_FROM: Final = 32
"""From here on five terms of Stirling's series are exact to the last digit of a float."""
_NEGLIGIBLE: Final = 1e-18


def at_most(count: int, mean: float) -> float:
    """The chance of `count` or fewer where `mean` is normal, 0 to 1 and exact to 1e-9; both at least 0.

    Terms are added from the largest one outwards, so that nothing underflows and nothing cancels out; it takes as many
    as the root of the mean, several times. Source: C. Loader, Fast and Accurate Computation of Binomial Probabilities
    (2000), for the largest term.
    """
    if mean <= 0:
        return 1.0
    top = min(count, int(mean))
    largest = exp(_log_term(top, mean))
    total = term = largest
    for number in range(top, 0, -1):
        term *= number / mean
        total += term
        if term < total * _NEGLIGIBLE:
            break
    term = largest
    for number in range(top + 1, count + 1):
        term *= mean / number
        total += term
        if term < total * _NEGLIGIBLE:
            break
    return min(total, 1.0)


def _log_term(count: int, mean: float) -> float:
    """The logarithm of the chance of exactly `count`, which is at most the mean."""
    if count < _STIRLING_FROM:
        return count * log(mean) - mean - lgamma(count + 1)
    far = (mean - count) / count
    square = count * count
    series = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square) / count
    return count * (log1p(far) - far) - series - log(2 * pi * count) / 2
