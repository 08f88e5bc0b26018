"""Attainment: how much of a target is reached, and how much of what is due by now.

Attainment is value ÷ target and pace is value ÷ expected by now, of the numbers as they are shown: whoever divides them
gets the same digits. Of a KPI whose target is at most so much, more than 1 is a target missed.

No data is not zero. What adds up (touchpoints, deals won) is 0 for everyone who has a target and no sample: who has a
quota and has not called anybody has reached nothing of it. What divides (a conversion, a mean) says nothing before
there is something to divide by. Where nothing is due or the target is 0, there is nothing to divide by either.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal, NamedTuple

from kpi_state.kpis.kpi import Kpi
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.sample import Sample, quotient
from kpi_state.read.slots import ORGANISATION, Pairs
from kpi_state.read.targets import Goal, adds_up


class Attained(NamedTuple):
    """How far a target is reached.

    labels: of the first label set of the KPI; money is compared in each currency.  value: in the unit of the target.
    attainment: value ÷ target, None when that is 0.  pace: value ÷ expected by now, None when that is nothing or 0.
    """

    kpi: str
    grain: str
    key: str
    window: str
    labels: Pairs
    value: int | float
    attainment: int | float | None
    pace: int | float | None


def attainments(goals: Iterable[Goal], samples: Iterable[Sample]) -> list[Attained]:
    """What is reached of each target, in their order.

    `samples` are the current ones, one for each KPI, grain, key, window and labels; both as they are or both disguised.
    """
    values: dict[tuple[str, str, str, str], dict[Pairs, int | float]] = {}
    for sample in samples:
        if sample.value is not None and tuple(sample.labels) == BY_STEM[sample.kpi].label_sets[0]:
            place = sample.kpi, sample.grain, sample.key, sample.window
            values.setdefault(place, {})[tuple(sample.labels.items())] = sample.value
    found: list[Attained] = []
    for goal in goals:
        own = values.get((goal.kpi, goal.grain, goal.key, goal.window), {})
        if adds_up(kpi := BY_STEM[goal.kpi]):
            own = dict.fromkeys(_labels(kpi, values.get((kpi.stem, "org", ORGANISATION, goal.window), {})), 0) | own
        found += (Attained(*goal[:4], labels, value, *attained(goal, value)) for labels, value in sorted(own.items()))
    return found


def _labels(kpi: Kpi, everybodys: Iterable[Pairs]) -> Iterable[Pairs]:
    """The labels in which somebody who has nothing has 0: those that anybody has something in."""
    return everybodys if kpi.label_sets[0] else ((),)


def attained(goal: Goal, value: float) -> tuple[int | float | None, int | float | None]:
    """(attainment, pace) of a value."""
    return _over(value, goal.target), _over(value, goal.expected)


def _over(value: float, exact: Fraction | None) -> int | float | None:
    whole = quotient(*exact.as_integer_ratio()) if exact else 0
    if not whole:
        return None
    share = value / whole
    return int(share) if share.is_integer() else share


def direction(kpi: Kpi) -> Literal["at_least", "at_most"]:
    """Whether a target is to be reached or not to be passed; of a KPI that does not say so, to be reached."""
    return "at_least" if kpi.target is None else kpi.target.direction
