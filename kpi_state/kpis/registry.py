"""All KPIs: every module of this package that has a `KPI`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Final

import kpi_state.kpis
from kpi_state.kpis.kpi import Kpi

_MODULES: Final = [
    import_module(f"kpi_state.kpis.{info.name}")
    for info in iter_modules(kpi_state.kpis.__path__)
    if info.name not in {"kpi", "registry", "book"}
]
KPIS: Final[tuple[Kpi, ...]] = tuple(
    sorted(
        (kpi for module in _MODULES for kpi in (module.KPI, getattr(module, "OBSERVED", None)) if kpi is not None),
        key=lambda kpi: (kpi.number, kpi.stem),
    )
)
"""In the order of the book; a module without a `KPI` fails here, at import."""
BY_STEM: Final = {kpi.stem: kpi for kpi in KPIS}


def by_stem(stem: str) -> Kpi:
    """The KPI of a name; KeyError if there is none."""
    return BY_STEM[stem]
