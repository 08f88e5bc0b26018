"""The demo's floor in the afternoon of a Thursday, and floors of its kind with another number of reps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from floorpulse.demo.floor import floor
from floorpulse.settings import load
from kpi_state.definitions import ReadSettings
from kpi_state.events import instant
from tests.boards.floors import Floor, Told, with_targets
from tests.brokers import ROOT
from tests.statements import rep, spoke, target

SEED = 7
SHOW = date(2026, 3, 12)
NOW = instant("2026-03-12T15:10:00+01:00")
HISTORY = timedelta(weeks=4)
CONFIG = ROOT / "floorpulse" / "demo" / "floor.toml"
CROWD_NOW = instant("2026-03-12T15:00:00Z")
LONG_NAMES = (
    "Maximiliane van der Westhuizen",
    "Bartholomeus Oudekerk-Zwaanendael",
    "Jo Li",
    "Annemarie-Louise Hoogeveen",
)


def settings(config: Path = CONFIG) -> ReadSettings:
    """Those of the demo, with a target for every KPI."""
    return with_targets(load(config, {}))


def events() -> Iterator[Told]:
    """Four weeks and a day."""
    for heard in floor(SEED, SHOW - HISTORY, SHOW):
        if heard.at > NOW:
            return
        yield Told(heard.at, heard.value)


def demo() -> Floor:
    """Before its first event."""
    return Floor(settings(), events(), 0)


def looks() -> Iterator[int]:
    """Every third hour of the working days before the show, and of the show."""
    for days in range(8, -1, -1):
        day = SHOW - timedelta(days=days)
        for hour in range(8, 19, 1 if days == 0 else 3):
            yield int(datetime(day.year, day.month, day.day, hour, tzinfo=UTC).timestamp()) * 1_000_000


def crowd(reps: int) -> Floor:
    """So many reps in four teams, each with some calls today; some have long names."""
    lines = []
    for number in range(reps):
        name = f"rep-{number:03}"
        said = LONG_NAMES[number] if number < len(LONG_NAMES) else f"Rep {number} de Vries"
        lines.append(
            rep(name, name=said, team=("North", "Baltic", "Centre", "Coast")[number % 4], first_day="2024-01-01")
        )
        lines += [
            spoke(
                f"{name}-{call}",
                f"2026-03-12 {8 + call // 5:02}:{call % 5 * 11:02}",
                name,
                phone=f"+3120{number:03}{call:04}",
            )
            for call in range(1 + (number * 7) % 28)
        ]
    lines.append(target("touchpoints/rep:rep-000/day/2026-01-01", "2026-01-01", value=20))
    return Floor(settings(), [Told(0, line) for line in lines], 0)
