"""Productivity drops: a team or a rep against what is usual at this hour, and against the pace of the day's target.

`kpi_state.read` computes what is usual and what is expected by now, with calendars, holidays and absences; here is only
compared. What is compared is recorded first, once for any number of exporters.
"""

from __future__ import annotations

from typing import Final

from floorpulse.alerting.conditions import Grain, board, by, gated, hysteresis, metric, number
from floorpulse.alerting.rule import Alert, Audience, Group, Recording
from floorpulse.alerting.tuning import Tuning
from kpi_state.kpis.registry import by_stem

TOUCHPOINTS: Final = by_stem("touchpoints")
HOUR: Final = "rolling_1h"
DAY: Final = "day"
_WHO: Final[dict[Grain, str]] = {
    "team": "Team {{ $labels.team }}",
    "rep": (
        r'{{ with printf "sales_rep_info{rep_id=%q, name!=\"\"}" $labels.rep_id | query }}'
        '{{ . | first | label "name" }}{{ else }}{{ $labels.rep_id }}{{ end }} of team {{ $labels.team }}'
    ),
}
_AUDIENCE: Final[dict[Grain, Audience]] = {"team": "floor", "rep": "manager"}


def productivity(grain: Grain, tuning: Tuning) -> Group:
    """The rules of a grain: teams' are for the floor, reps' for their manager alone."""
    return Group(
        name=f"floorpulse-{grain}-productivity",
        rules=[*_recordings(grain), _behind_pace(grain, tuning), _drop(grain, tuning)],
    )


def _recorded(grain: Grain, what: str) -> str:
    return f"{grain}:{TOUCHPOINTS.stem}_{what}"


def _recordings(grain: Grain) -> list[Recording]:
    usual = metric(TOUCHPOINTS, grain, "baseline_touchpoints", HOUR)
    hour, today = (metric(TOUCHPOINTS, grain, "touchpoints", window) for window in (HOUR, DAY))
    # Who made none has no sample: that is 0 as soon as something is expected, or usual.
    series = {
        f"{grain}:working:bool": f"max by {by(grain)} (sales_{grain}_working)",
        _recorded(grain, "expected:count"): metric(TOUCHPOINTS, grain, "expected_touchpoints", DAY),
        _recorded(grain, "today:count"): f"{today}\nor {_recorded(grain, 'expected:count')} * 0",
        _recorded(grain, "pace:ratio"): metric(TOUCHPOINTS, grain, "pace_ratio", DAY),
        _recorded(grain, "usual:count"): usual,
        _recorded(grain, "hour:count"): f"{hour}\nor {_recorded(grain, 'usual:count')} * 0",
        _recorded(grain, "usual:ratio"): f"{_recorded(grain, 'hour:count')} / ({_recorded(grain, 'usual:count')} > 0)",
        _recorded(grain, "chance:ratio"): metric(TOUCHPOINTS, grain, "baseline_tail_ratio", HOUR),
    }
    return [Recording(name=name, expr=expr) for name, expr in series.items()]


def _expected(grain: Grain, tuning: Tuning) -> int:
    return tuning.team_expected if grain == "team" else tuning.rep_expected


def _working(grain: Grain) -> str:
    return f"{grain}:working:bool == 1"


def _behind_pace(grain: Grain, tuning: Tuning) -> Alert:
    """Today so far, against the share of today's target that is due by now."""
    name = f"{grain.title()}BehindPace"
    pace, expected = _recorded(grain, "pace:ratio"), _recorded(grain, "expected:count")
    far = f"(1 - {pace}) * sqrt({expected}) > {tuning.deviations}"
    begins = f"({pace} < {tuning.enter_ratio} and on {by(grain)} ({far}))"
    return Alert(
        name=name,
        expr=gated(
            hysteresis(name, grain, begins, f"{pace} < {tuning.leave_ratio}"),
            grain,
            f"{expected} >= {_expected(grain, tuning)}",
            _working(grain),
        ),
        audience=_AUDIENCE[grain],
        severity="warning",
        summary=f"{_WHO[grain]} is behind today's target",
        description=(
            f"{_count(grain, 'pace:ratio', 100)} % of what is expected by now: "
            f"{_count(grain, 'today:count')} touchpoints today, {_count(grain, 'expected:count')} expected so far."
        ),
        board=board("team-activities", grain),
        wait_seconds=tuning.wait_seconds,
        keep_seconds=tuning.keep_seconds,
    )


def _drop(grain: Grain, tuning: Tuning) -> Alert:
    """The last hour, against what is usual on this weekday at this hour."""
    name = f"{grain.title()}ProductivityDrop"
    ratio, usual = _recorded(grain, "usual:ratio"), _recorded(grain, "usual:count")
    unlikely = f"{_recorded(grain, 'chance:ratio')} < {tuning.chance_ratio}"
    begins = f"({ratio} < {tuning.enter_ratio} and on {by(grain)} ({unlikely}))"
    return Alert(
        name=name,
        expr=gated(
            hysteresis(name, grain, begins, f"{ratio} < {tuning.leave_ratio}"),
            grain,
            f"{usual} >= {_expected(grain, tuning)}",
            _working(grain),
        ),
        audience=_AUDIENCE[grain],
        severity="warning",
        summary=f"{_WHO[grain]} does much less than usual",
        description=(
            f"{_count(grain, 'hour:count')} touchpoints in the last hour, where {_count(grain, 'usual:count')} are "
            f"usual on this weekday at this time: {_count(grain, 'usual:ratio', 100)} %."
        ),
        board=board("team-activities", grain),
        wait_seconds=tuning.wait_seconds,
        keep_seconds=tuning.keep_seconds,
    )


def _count(grain: Grain, what: str, factor: int = 1) -> str:
    times = f"{factor} * " if factor > 1 else ""
    return number(f"round({times}{_recorded(grain, what)}{{who}})", grain)
