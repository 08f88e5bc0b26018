"""What the leaderboard shows, taken from the exporter's JSON."""

import functools
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

Samples = Sequence[Mapping[str, Any]]


class Row(NamedTuple):
    """Today of one rep or one team; ratios are of the month, None without anything to divide.

    target, expected: touchpoints asked for the day, and by now; None where nothing is.
    """

    key: str
    touchpoints: int
    target: float | None
    expected: float | None
    attempts: int
    talk_seconds: float
    leads: int
    won_ratio: float | None
    conversion_ratio: float | None


class Source(NamedTuple):
    """What arrived from one source, and how far its newest event lies behind the floor's clock."""

    name: str
    behind_seconds: float
    applied: int
    unchanged: int
    late: int


class Standings(NamedTuple):
    """One look at the floor.

    clock: the time the numbers are for.  everybody: the organisation's row, None while there are no numbers.
    teams, reps: those with numbers of today, most touchpoints first.
    read, quarantined: events that have arrived in all, repeated ones too, and those of them that are no events.
    """

    clock: datetime
    everybody: Row | None
    teams: list[Row]
    reps: list[Row]
    sources: list[Source]
    read: int
    quarantined: int


def standings(document: Mapping[str, Any], goals: Mapping[str, Any], freshness: Mapping[str, Any]) -> Standings:
    """From the answers of `/api/kpis`, `/api/goals` and `/api/freshness`."""
    clock = datetime.fromisoformat(document["as_of"])
    rows = functools.partial(_rows, document["samples"], goals["goals"])
    organisation = rows("org")
    return Standings(
        clock=clock,
        everybody=organisation[0] if organisation else None,
        teams=rows("team"),
        reps=rows("rep"),
        sources=[_source(name, of, clock) for name, of in sorted(freshness["sources"].items()) if of["newest"]],
        read=sum(of["read"] for of in freshness["topics"].values()),
        quarantined=sum(of["quarantined"] for of in freshness["topics"].values()),
    )


def _rows(samples: Samples, goals: Samples, grain: str) -> list[Row]:
    """The rows of a grain that have touchpoints today, most first."""
    today = _by_key(samples, grain, "touchpoints", "day")
    leads = _by_key(samples, grain, "leads_created", "day")
    won = _by_key(samples, grain, "lead_win", "month", {"basis": "closed"})
    conversion = _by_key(samples, grain, "lead_conversion", "month")
    wanted = ("touchpoints", grain, "day")
    asked = {goal["key"]: goal for goal in goals if (goal["kpi"], goal["grain"], goal["window"]) == wanted}
    rows = [
        Row(
            key=key,
            touchpoints=sample["parts"]["touchpoints"],
            target=asked[key]["target"] if key in asked else None,
            expected=asked[key]["expected"] if key in asked else None,
            attempts=sample["parts"]["attempts"],
            talk_seconds=sample["parts"]["talk_seconds"],
            leads=leads[key]["parts"]["leads"] if key in leads else 0,
            won_ratio=won[key]["value"] if key in won else None,
            conversion_ratio=conversion[key]["value"] if key in conversion else None,
        )
        for key, sample in today.items()
    ]
    return sorted(rows, key=lambda row: (-row.touchpoints, row.key))


def _by_key(
    samples: Samples, grain: str, kpi: str, window: str, labels: Mapping[str, str] | None = None
) -> dict[str, Mapping[str, Any]]:
    """key → the current sample of a KPI and window; of two local days that are current in two zones, the newer."""
    wanted = (kpi, grain, window, labels or {})
    found: dict[str, Mapping[str, Any]] = {}
    for sample in samples:
        if (sample["kpi"], sample["grain"], sample["window"], sample["labels"]) == wanted:
            known = found.get(sample["key"])
            if known is None or known["bucket"] < sample["bucket"]:
                found[sample["key"]] = sample
    return found


def _source(name: str, of: Mapping[str, Any], clock: datetime) -> Source:
    behind = (clock - datetime.fromisoformat(of["newest"])).total_seconds()
    return Source(name, behind, of["applied"], of["unchanged"], of["late"])
