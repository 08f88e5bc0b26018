"""Team Activities, for sales managers: what is done today, by channel and hour, and who could use a hand now."""

from __future__ import annotations

from typing import Final

from scripts.boards import names, variables
from scripts.boards.cards import whole
from scripts.boards.layout import rows
from scripts.boards.model import Board, Panel, Query
from scripts.boards.panels import LOOK, NAME_WIDTH, WELL, bars, lines, span, stat, steps, table
from scripts.boards.queries import NOBODY, REP, TEAM, named, read
from scripts.boards.shared import RESTATED, freshness

STEM: Final = "touchpoints"
PERIOD: Final = 'window="$period"'
WHOLE: Final = whole(STEM)
FIGURE_SIZE: Final = 44
PACE: Final = (
    span("▲ ahead", 1, None, WELL),
    span("● on pace", 0.8, 0.999999, WELL, 1),
    span("▼ needs a look", None, 0.799999, LOOK, 2),
)
PACE_LIMITS: Final = steps((None, LOOK), (0.8, WELL))


def board() -> Board:
    """The board."""
    return Board(
        slug="team-activities",
        title="Team Activities",
        description="Touchpoints, attempts and talk time of the reps chosen, against what is due by now.",
        variables=[
            variables.datasource(),
            variables.team(),
            variables.rep(),
            variables.custom("period", "Period", {"today": "day", "this week": "week", "this month": "month"}),
        ],
        panels=rows(
            (4, [(4, each) for each in (_touchpoints(), _attempts(), _talk(), _reached(), _pace(), freshness(32))]),
            (12, [(16, _people()), (8, _channels())]),
            (10, [(12, _teams_by_hour()), (12, _channels_by_hour())]),
        ),
        since="now-12h",
        annotations=[RESTATED],
    )


def _reps(metric: str, *matchers: str) -> str:
    return read(metric, TEAM, REP, *matchers, by=["rep_id"])


def _sum(metric: str, *matchers: str) -> str:
    return f"sum({_reps(metric, *matchers)})"


def _figure(title: str, description: str, query: str, unit: str, decimals: int | None = 0) -> Panel:
    return stat(
        title,
        description,
        Query(expr=query, legend="now"),
        unit=unit,
        decimals=decimals,
        color=WELL,
        value_size=FIGURE_SIZE,
    )


def _touchpoints() -> Panel:
    return _figure(
        "Touchpoints ${period:text}", names.definition(STEM), _sum(names.value(STEM, "rep"), PERIOD, *WHOLE), "none"
    )


def _attempts() -> Panel:
    return _figure(
        "Attempts ${period:text}",
        "Outbound calls of any outcome, answered calls, messages a person wrote, meetings and visits.",
        _sum(names.part(STEM, "attempts", "rep"), PERIOD, *WHOLE),
        "none",
    )


def _talk() -> Panel:
    return _figure(
        "Talk time ${period:text}",
        "Time spoken in answered calls.",
        _sum(names.part(STEM, "talk_seconds", "rep"), PERIOD, *WHOLE),
        "s",
        1,
    )


def _reached() -> Panel:
    call = (PERIOD, 'channel="call"')
    return _figure(
        "Calls that become touchpoints",
        "Touchpoints by call over attempts by call: answered with 30 seconds of talk or more, once a party and hour.",
        f"{_sum(names.value(STEM, 'rep'), *call)} / {_sum(names.part(STEM, 'attempts', 'rep'), *call)}",
        "percentunit",
    )


def _due() -> str:
    return _reps(names.goal(STEM, "expected", "rep"), PERIOD)


def _pace() -> Panel:
    pace = f"{_sum(names.value(STEM, 'rep'), PERIOD, *WHOLE)} / sum({_due()})"
    return stat(
        "Against the clock",
        "Touchpoints over what is expected by now: the targets times the share of working time that has passed.",
        Query(expr=pace, legend="of what is due by now"),
        Query(expr=pace, legend="in words"),
        unit="percentunit",
        decimals=0,
        thresholds=PACE_LIMITS,
        value_size=30,
        stacked=True,
        overrides={"in words": {"mappings": list(PACE)}},
        empty="no target is set",
    )


def _people() -> Panel:
    score = f"({_reps(names.value(STEM, 'rep'), NOBODY, PERIOD, *WHOLE)} or on (rep_id) {_due()} * 0)"
    pace = f"{score} / on (rep_id) ({_due()} > 0)"
    team = f"* on (rep_id) group_left (team) max by (rep_id, team) (sales_rep_info{{{TEAM}}})"
    return table(
        "Who could use a hand now",
        "Reps by touchpoints over what is due by now, the furthest behind first. Who is absent has nothing due and is "
        "not listed. Pace: at least all that is due, at least four fifths of it, or less.",
        {
            "In words": f"{named(pace)} {team}",
            "Pace": pace,
            "Touchpoints": score,
            "Due by now": f"{_due()} > 0",
            "Target": _reps(names.goal(STEM, "target", "rep"), PERIOD),
            "Last hour": _reps(names.value(STEM, "rep"), 'window="rolling_1h"', *WHOLE),
            "Attempts": _reps(names.part(STEM, "attempts", "rep"), PERIOD, *WHOLE),
            "Talk time": _reps(names.part(STEM, "talk_seconds", "rep"), PERIOD, *WHOLE),
        },
        key="rep_id",
        keys={"who": "Rep", "team": "Team"},
        columns={
            "Rep": {"custom.width": NAME_WIDTH},
            "In words": {
                "unit": "percentunit",
                "mappings": list(PACE),
                "color": {"mode": "thresholds"},
                "thresholds": PACE_LIMITS,
                "custom.cellOptions": {"type": "color-text"},
                "custom.width": 150,
            },
            "Pace": {"unit": "percentunit", "decimals": 0},
            "Touchpoints": {"unit": "none", "decimals": 0},
            "Due by now": {"unit": "none", "decimals": 1},
            "Target": {"unit": "none", "decimals": 0},
            "Last hour": {"unit": "none", "decimals": 0},
            "Attempts": {"unit": "none", "decimals": 0},
            "Talk time": {"unit": "s", "decimals": 0},
        },
        sort="Pace",
        descending=False,
        empty="no target is set",
    )


def _channels() -> Panel:
    by_channel = read(names.value(STEM, "rep"), TEAM, REP, PERIOD, 'channel!=""', by=["rep_id", "channel"])
    return bars(
        "Touchpoints by channel ${period:text}",
        "The activity mix: effective touchpoints of each channel.",
        Query(expr=f"sort_desc(sum by (channel) ({by_channel}))", legend="{{channel}}"),
        unit="none",
        value_size=24,
        name_size=18,
    )


def _teams_by_hour() -> Panel:
    return lines(
        "Touchpoints in the last hour, by team",
        "Effective touchpoints of the running quarter hour and the three before it, through the day.",
        Query(
            expr=read(names.value(STEM, "team"), TEAM, 'window="rolling_1h"', *WHOLE, by=["team"]),
            legend="{{team}}",
            instant=False,
        ),
        unit="none",
        empty="nobody is in a team",
    )


def _channels_by_hour() -> Panel:
    by_channel = read(names.value(STEM, "team"), TEAM, 'window="rolling_1h"', 'channel!=""', by=["team", "channel"])
    return lines(
        "Touchpoints in the last hour, by channel",
        "The same of all teams chosen, by channel, one on top of the other.",
        Query(expr=f"sum by (channel) ({by_channel})", legend="{{channel}}", instant=False),
        unit="none",
        stacked=True,
        empty="nobody is in a team",
    )
