"""Names, help and units of the metrics of a KPI, derived from its record.

A name is `sales_<grain>_<stem>_<unit or part>`; the grain is in the name, so that no sum counts a rep and its team.
Prometheus wants base units, and keeps `_sum`, `_count` and `_total` for its own types, hence two rules for parts: days
are given in seconds, and a part `x_sum` is named `summed_x`. Money stays in minor units: an integer is exact.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from exporters.exposition import Family
from kpi_state.kpis.kpi import Kpi

SECONDS_A_DAY: Final = 86_400
_UNITS: Final = {"ratio": "ratio", "seconds": "seconds", "days": "seconds", "minor units": "minor"}
_UNIT_HELP: Final = {
    "ratio": "ratio from 0 to 1",
    "seconds": "seconds",
    "days": "seconds",
    "minor units": "minor units",
}


class Figure(NamedTuple):
    """One number of a KPI on the page: how its metric's name ends, what it is multiplied by, and what it says."""

    suffix: str
    factor: int
    help: str


@lru_cache(1 << 10)
def part_figure(part: str) -> Figure:
    """A part, such as `pending_days_sum`."""
    words = part.split("_")
    factor = SECONDS_A_DAY if "days" in words else 1
    words = ["seconds" if word == "days" else word for word in words]
    if words[-1] == "sum":
        words = ["summed", *words[:-1]]
    return Figure("_".join(words), factor, f"Part `{part}`" + (", in seconds" if factor > 1 else ""))


def value_figure(kpi: Kpi, parts: Iterable[str]) -> Figure | None:
    """The value of a sample with these parts; None when the value is one of them.

    A KPI whose value is a mean age in one of its windows only (#11: the pending ones) names that after the part.
    """
    if kpi.unit in kpi.parts:
        return None
    summed = next((part for part in parts if part.endswith("_seconds_sum")), "")
    if summed and kpi.unit != "seconds":
        mean = summed.removesuffix("_sum")
        return Figure(mean, 1, f"Mean of part `{summed}`, in seconds")
    factor = SECONDS_A_DAY if kpi.unit == "days" else 1
    return Figure(_UNITS[kpi.unit], factor, f"Value, {_UNIT_HELP[kpi.unit]}")


def goal_figure(kpi: Kpi, what: str) -> Figure:
    """`target` or `expected` (of the target by now), in the unit of the KPI's value."""
    factor = SECONDS_A_DAY if kpi.unit == "days" else 1
    said = {
        "target": "Target",
        "expected": "Expected by now: the target times the share of working time that has passed",
    }
    return Figure(f"{what}_{_UNITS.get(kpi.unit, kpi.unit)}", factor, said[what])


def attained_figure(kpi: Kpi, what: str) -> Figure:
    """`attainment` (of the target) or `pace` (of what is expected by now): value over it."""
    of = {"attainment": "its target", "pace": "what is expected by now"}[what]
    at_most = kpi.target is not None and kpi.target.direction == "at_most"
    goal = "is to stay at 1 or below" if at_most else "1 is reached"
    return Figure(f"{what}_ratio", 1, f"Value divided by {of}: {goal}")


def family(kpi: Kpi, grain: str, figure: Figure) -> Family:
    """The metric of a figure at a grain."""
    name = f"sales_{grain}_{kpi.stem}_{figure.suffix}"
    number = f"#{kpi.number} " if kpi.number else ""
    return Family(name, f"{number}{kpi.title}. {figure.help}. {kpi.help}")
