"""Productivity drops: a team or a rep against what is usual at this hour, and against the pace of the day's target.

`kpi_state.read` computes what is usual and what is expected by now, with calendars, holidays and absences; here is only
compared. What is compared is recorded first, once for any number of exporters.
"""

from __future__ import annotations

from typing import Final, NamedTuple

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
    alerts = [_drop(grain, tuning, compared(grain, tuning)) for compared in (_pace, _usual)]
    return Group(name=f"floorpulse-{grain}-productivity", rules=[*_recordings(grain), *alerts])


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


class _Comparison(NamedTuple):
    """What is compared.

    ratio: the series that falls.  of: the series it is a ratio of.  no_chance: where chance does not explain it.
    name, summary: without whom it is about.
    """

    name: str
    ratio: str
    of: str
    no_chance: str
    summary: str
    description: str


def _pace(grain: Grain, tuning: Tuning) -> _Comparison:
    """Today so far, against the share of today's target that is due by now."""
    pace, expected = _recorded(grain, "pace:ratio"), _recorded(grain, "expected:count")
    return _Comparison(
        name="BehindPace",
        ratio=pace,
        of=expected,
        no_chance=f"(1 - {pace}) * sqrt({expected}) > {tuning.deviations}",
        summary="is behind today's target",
        description=(
            f"{_count(grain, 'pace:ratio', 100)} % of what is expected by now: "
            f"{_count(grain, 'today:count')} touchpoints today, {_count(grain, 'expected:count')} expected so far."
        ),
    )


def _usual(grain: Grain, tuning: Tuning) -> _Comparison:
    """The last hour, against what is usual on this weekday at this hour."""
    return _Comparison(
        name="ProductivityDrop",
        ratio=_recorded(grain, "usual:ratio"),
        of=_recorded(grain, "usual:count"),
        no_chance=f"{_recorded(grain, 'chance:ratio')} < {tuning.chance_ratio}",
        summary="does much less than usual",
        description=(
            f"{_count(grain, 'hour:count')} touchpoints in the last hour, where {_count(grain, 'usual:count')} are "
            f"usual on this weekday at this time: {_count(grain, 'usual:ratio', 100)} %."
        ),
    )


def _drop(grain: Grain, tuning: Tuning, what: _Comparison) -> Alert:
    """Somebody who works falls below the threshold where enough is asked, by more than chance explains."""
    name = f"{grain.title()}{what.name}"
    begins = f"({what.ratio} < {tuning.enter_ratio} and on {by(grain)} ({what.no_chance}))"
    return Alert(
        name=name,
        expr=gated(
            hysteresis(name, grain, begins, f"{what.ratio} < {tuning.leave_ratio}"),
            grain,
            f"{what.of} >= {tuning.team_expected if grain == 'team' else tuning.rep_expected}",
            f"{grain}:working:bool == 1",
        ),
        audience=_AUDIENCE[grain],
        severity="warning",
        summary=f"{_WHO[grain]} {what.summary}",
        description=what.description,
        board=board("team-activities", grain),
        wait_seconds=tuning.wait_seconds,
        keep_seconds=tuning.keep_seconds,
    )


def _count(grain: Grain, what: str, factor: int = 1) -> str:
    times = f"{factor} * " if factor > 1 else ""
    return number(f"round({times}{_recorded(grain, what)}{{who}})", grain)
