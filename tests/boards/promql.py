"""What a query names: metrics, labels, functions; variables of Grafana are filled in first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import promql_parser

import exporters
from exporters.exposition import Family
from exporters.metrics import attained_figure, family, goal_figure, part_figure, value_figure
from kpi_state.measures.registry import ALL
from tests.brokers import ROOT

FILLED = {
    "period": "5m",
    "__rate_interval": "1m",
    "__interval": "1m",
    "__range": "1h",
    "before": "1w",
    "minor": "100",
    "top": "8",
}
OF_PROMETHEUS = {"up", "scrape_duration_seconds", "scrape_samples_scraped", "ALERTS"}
"""Metrics that Prometheus itself makes of every target."""


def filled(query: str) -> str:
    """The query with something in the place of each variable, such as Grafana puts there."""
    return re.sub(r"\$\{?([a-z_]\w*)(?::\w+)?\}?", lambda found: FILLED.get(found[1], "x"), query)


def parsed(query: str) -> Any:
    """The syntax tree; raises ValueError."""
    return promql_parser.parse(filled(query))


def selectors(query: str) -> Iterator[Any]:
    """Every vector selector of a query."""
    yield from _selectors(parsed(query))


def _selectors(node: Any) -> Iterator[Any]:
    if isinstance(node, promql_parser.VectorSelector):
        yield node
    elif isinstance(node, promql_parser.MatrixSelector):
        yield node.vector_selector
    else:
        for name in ("expr", "lhs", "rhs", "param"):
            child = getattr(node, name, None)
            if child is not None:
                yield from _selectors(child)
        for child in getattr(node, "args", None) or ():
            yield from _selectors(child)


def metrics(query: str) -> set[str]:
    """Names of the metrics of a query."""
    return {selector.name for selector in selectors(query)}


def known_metrics() -> set[str]:
    """Every metric an exporter can print: those derived from the records, and those named in its modules."""
    return {*_of_kpis(), *_of_exporters(), *_documented(), *OF_PROMETHEUS}


def _documented() -> set[str]:
    """Those that docs/operations.md says of the programs; a test holds its tables to their pages."""
    said = set(re.findall(r"`(sales_\w+)", (ROOT / "docs" / "operations.md").read_text()))
    histograms = {f"{name}_bucket" for name in said if name.endswith("_seconds")}
    return said | histograms


def _of_kpis() -> Iterator[str]:
    for kpi in ALL:
        shapes = [kpi.parts, *kpi.other_parts.values()]
        for grain in kpi.grains:
            for parts in shapes:
                figures = [value_figure(kpi, parts), *(part_figure(part) for part in parts)]
                yield from (family(kpi, grain, figure).name for figure in figures if figure is not None)
            yield from (family(kpi, grain, goal_figure(kpi, what)).name for what in ("target", "expected"))
            yield from (family(kpi, grain, attained_figure(kpi, what)).name for what in ("attainment", "pace"))


def _of_exporters() -> Iterator[str]:
    for found in walk_packages(exporters.__path__, "exporters."):
        for thing in vars(import_module(found.name)).values():
            yield from _named(thing)


def _named(thing: object) -> Iterator[str]:
    if isinstance(thing, Family):
        yield thing.name
    elif isinstance(thing, dict):
        for each in thing.values():
            yield from _named(each)
    elif isinstance(thing, tuple | list):
        for each in thing:
            yield from _named(each)
