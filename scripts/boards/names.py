"""Names of metrics as the page prints them, so that a renamed KPI renames its queries."""

from __future__ import annotations

from typing import Literal

from exporters.metrics import attained_figure, family, goal_figure, part_figure, value_figure
from kpi_state.kpis.kpi import Kpi
from kpi_state.measures.registry import BY_STEM

Grain = Literal["rep", "team", "org"]
GRAINS: tuple[Grain, ...] = ("rep", "team", "org")


def kpi(stem: str) -> Kpi:
    """The record of a KPI."""
    return BY_STEM[stem]


def value(stem: str, grain: Grain) -> str:
    """The metric of a KPI's value; where the value is one of the parts, that part."""
    found = kpi(stem)
    figure = value_figure(found, found.parts) or part_figure(found.unit)
    return family(found, grain, figure).name


def part(stem: str, name: str, grain: Grain) -> str:
    """The metric of a part; KeyError when the KPI has no such part."""
    found = kpi(stem)
    known = {*found.parts, *(each for parts in found.other_parts.values() for each in parts)}
    if name not in known:
        raise KeyError(f"{stem} has no part {name!r}: there are {', '.join(sorted(known))}")
    return family(found, grain, part_figure(name)).name


def goal(stem: str, what: Literal["target", "expected"], grain: Grain) -> str:
    """The metric of a KPI's target, or of what is expected of it by now."""
    found = kpi(stem)
    return family(found, grain, goal_figure(found, what)).name


def reached(stem: str, what: Literal["attainment", "pace"], grain: Grain) -> str:
    """The metric of how much of a KPI's target is reached, or of what is expected of it by now."""
    found = kpi(stem)
    return family(found, grain, attained_figure(found, what)).name


def definition(stem: str) -> str:
    """What a KPI means, as the description of a panel: its sentence and its formula."""
    found = kpi(stem)
    number = f"#{found.number} " if found.number else ""
    return f"{number}{found.title}. {found.help}\n\nFormula: {found.formula}."
