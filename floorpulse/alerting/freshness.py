"""Whether the numbers can be trusted now: what every alert about them waits for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from exporters.prometheus import AGE, CLOCK, NEWEST
from floorpulse.alerting.conditions import FRESH
from floorpulse.alerting.rule import Group, Recording
from floorpulse.alerting.tuning import Tuning


def speaking(retired_sources: Sequence[str]) -> str:
    """The matcher of sources that should say something; empty where all should."""
    escaped = "|".join(re.escape(source) for source in retired_sources).replace("\\", "\\\\").replace('"', '\\"')
    return f'source!~"{escaped}"' if escaped else ""


def freshness(tuning: Tuning, retired_sources: Sequence[str] = ()) -> Group:
    """Fresh means that every source had an event or a heartbeat lately, and that the exporter shows all of it.

    One silent source is enough to say nothing: its calls may be those that seem missing. `retired_sources` are those
    that will never speak again.
    """
    age = f"max({CLOCK.name}) - min(max by (source) ({NEWEST.name}{{{speaking(retired_sources)}}}))".replace("{}", "")
    shown = f"max({AGE.name})"
    return Group(
        name="floorpulse-freshness",
        rules=[
            Recording(
                name=FRESH,
                expr=f"({age} <= bool {tuning.stale_seconds}) * ({shown} <= bool {tuning.state_stale_seconds})",
            )
        ],
    )
