"""PromQL that several alerts share: metric names from the registry, hysteresis, gates, numbers inside a text."""

from __future__ import annotations

from typing import Final, Literal

from kpi_state.kpis.kpi import Kpi

Grain = Literal["rep", "team"]
KEYS: Final[dict[Grain, tuple[str, ...]]] = {"rep": ("rep_id", "team"), "team": ("team",)}
"""The labels that say whom a series of a grain is about."""
FRESH: Final = "floor:data_fresh:bool"
"""Recorded by `floorpulse.alerting.freshness`: 1 while the numbers can be trusted, absent or 0 otherwise."""


def by(grain: Grain) -> str:
    """`by (…)` or `on (…)` of a grain."""
    return f"({', '.join(KEYS[grain])})"


def metric(kpi: Kpi, grain: Grain, suffix: str, window: str) -> str:
    """A metric of a KPI, unlabelled samples only, once even if several exporters serve it."""
    whole = "".join(f', {label}=""' for labels in kpi.label_sets for label in labels)
    return f'max by {by(grain)} (sales_{grain}_{kpi.stem}_{suffix}{{window="{window}"{whole}}})'


def hysteresis(alert: str, grain: Grain, begins: str, goes_on: str) -> str:
    """True from `begins` on for as long as `goes_on`. The state is the alert itself, which Prometheus keeps."""
    firing = f'ALERTS{{alertname="{alert}", alertstate="firing"}}'
    return f"(\n  {begins}\n  or ({goes_on} and on {by(grain)} {firing})\n)"


def gated(condition: str, grain: Grain, *gates: str) -> str:
    """A condition that counts only while every gate does, and the data is fresh.

    A gate that is missing is shut: no working time known, no alert.
    """
    joined = [f"and on {by(grain)} ({gate})" for gate in gates]
    return "\n".join([condition, *joined, f"and on () ({FRESH} == 1)"])


def number(expr: str, grain: Grain) -> str:
    """The value of an expression for whom the alert is about, inside a text; nothing if there is none.

    `{who}` in the expression becomes the matchers of the alert's own labels.
    """
    keys = KEYS[grain]
    pattern = expr.replace("{who}", "{" + ", ".join(f"{key}=%q" for key in keys) + "}").replace('"', '\\"')
    labels = " ".join(f"$labels.{key}" for key in keys)
    return f'{{{{ with printf "{pattern}" {labels} | query }}}}{{{{ . | first | value }}}}{{{{ end }}}}'


def board(uid: str, grain: Grain) -> str:
    """Path of a board with the alert's own team and rep chosen."""
    chosen = "&".join(f"var-{key}={{{{ $labels.{key} | urlquery }}}}" for key in sorted(KEYS[grain], reverse=True))
    return f"/d/floorpulse-{uid}?{chosen}"
