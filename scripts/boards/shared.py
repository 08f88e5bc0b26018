"""What every board has: freshness, and marks where past numbers were restated."""

from __future__ import annotations

from typing import Final

from scripts.boards.model import DATASOURCE, Json, Panel, Query
from scripts.boards.panels import LOOK, WELL, span, stat, steps
from scripts.boards.queries import FRESHNESS

STALE_SECONDS: Final = 900
"""As in prometheus/alerts.yml: from here on it is said to be stale, whatever the floor does."""

RESTATED: Final[Json] = {
    "name": "Restatements",
    "datasource": DATASOURCE,
    "enable": True,
    "hide": False,
    "iconColor": "#B877D9",
    "expr": "sum(max by (source) (sales_source_late_total) - max by (source) (sales_source_late_total offset 1m)) > 0",
    "step": "60s",
    "titleFormat": "Restated",
    "textFormat": "Events arrived late: the periods they belong to were counted anew.",
    "tagKeys": "",
    "useValueForTime": False,
}
"""No metric says which number was restated. Late events restate most: each is counted in the period it is of."""


def freshness(value_size: int | None = None) -> Panel:
    """How far behind the floor the numbers are."""
    return stat(
        "Data is from",
        "How long ago the newest event happened, by the clock of the numbers, plus how old what is shown may be. "
        "Stale: more than 15 minutes; a quiet night is stale too, unless sources send heartbeats. Without a number "
        "nothing arrives at all.",
        Query(expr=FRESHNESS, legend="ago"),
        unit="s",
        decimals=0,
        thresholds=steps((None, WELL), (120, LOOK)),
        mappings=[
            span("✔ live", None, 119.999, WELL),
            span("▲ stale", STALE_SECONDS, None, LOOK, 1),
        ],
        value_size=value_size,
    )
