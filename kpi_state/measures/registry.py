"""All supporting measures, and everything that is counted: every module of this package that has a `MEASURE`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Final

import kpi_state.measures
from kpi_state.kpis.kpi import Contribute, Kpi
from kpi_state.kpis.registry import KPIS

SUPPORTING: Final[tuple[Kpi, ...]] = tuple(
    measure
    for info in iter_modules(kpi_state.measures.__path__)
    if info.name != "registry"
    for module in (import_module(f"kpi_state.measures.{info.name}"),)
    for measure in (module.MEASURE, getattr(module, "BESIDE", None))
    if measure is not None
)
"""By stem; a module without a `MEASURE` fails here, at import. They have no number."""
ALL: Final = KPIS + SUPPORTING
"""The book, then what supports it."""
BY_STEM: Final = {kpi.stem: kpi for kpi in ALL}
FREE_TEXT: Final = frozenset(label for kpi in ALL for label in kpi.free_text)
"""Labels whose values somebody types: there may be any number of them."""


def contributors(kind: str) -> tuple[Contribute, ...]:
    """What an entity of a kind feeds."""
    return tuple(kpi.contribute[kind] for kpi in ALL if kind in kpi.contribute)


def measured(kpi: Kpi) -> Kpi:
    """The record whose contributions a KPI is read from: its own, or another's."""
    return BY_STEM[kpi.of] if kpi.of else kpi
