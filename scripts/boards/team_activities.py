"""Team Activities, for sales managers: what is done today, by channel and hour, and who could use a hand now."""

from __future__ import annotations

from typing import Final

from exporters.page import ABSENT, WORKING
from scripts.boards import names, variables
from scripts.boards.cards import whole
from scripts.boards.layout import rows
from scripts.boards.model import Board, Panel, Query
from scripts.boards.panels import CALM, LOOK, NAME_WIDTH, WELL, bars, fixed, lines, span, stat, steps, table, words
from scripts.boards.queries import NOBODY, REP, TEAM, named, read
from scripts.boards.shared import RESTATED, freshness

STEM: Final = "touchpoints"
CALLS: Final = "outbound_calls"
PERIOD: Final = 'window="$period"'
WHOLE: Final = whole(STEM)
FIGURE_SIZE: Final = 38
ENOUGH_CALLS: Final = 5
"""Of fewer calls, a share says nothing."""
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
            *variables.whose(),
            variables.period(),
        ],
        panels=rows(
            (
                4,
                [
                    (4, _touchpoints()),
                    *((3, each) for each in _figures()),
                    (4, _pace()),
                    (3, _at_work()),
                    (4, freshness(32)),
                ],
            ),
            (12, [(16, _people()), (8, [(8, _channels()), (4, _away())])]),
            (10, [(6, _teams_by_hour()), (6, _channels_by_hour()), (12, _to_check())]),
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


def _figures() -> list[Panel]:
    return [_attempts(), _talk(), _effective()]


def _touchpoints() -> Panel:
    made = _sum(names.value(STEM, "rep"), PERIOD, *WHOLE)
    target = _sum(names.goal(STEM, "target", "rep"), PERIOD)
    return stat(
        "Touchpoints ${period:text}",
        f"{names.definition(STEM)}\n\nOf target: over the targets of the whole period, of the reps chosen.",
        Query(expr=made, legend="made"),
        Query(expr=f"{made} / {target}", legend="of target"),
        unit="none",
        decimals=0,
        color=WELL,
        names=True,
        value_size=32,
        title_size=14,
        overrides={"of target": {"unit": "percentunit", "color": fixed(CALM), "noValue": "none"}},
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


def _effective() -> Panel:
    call = (PERIOD, 'channel="call"')
    return _figure(
        "Effective calls",
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


def _at_work() -> Panel:
    return stat(
        "Reps",
        "At work: employed, not absent and in working hours now, by their own calendar and zone. Away: absent today.",
        Query(expr=f"sum({_reps(WORKING['rep'].name)})", legend="at work"),
        Query(expr=f"sum({_reps(ABSENT['rep'].name)})", legend="away"),
        unit="none",
        decimals=0,
        color=WELL,
        names=True,
        value_size=28,
        title_size=14,
        overrides={"away": {"color": fixed(CALM)}},
    )


def _with_name_and_team(query: str) -> str:
    return f"{named(query)} * on (rep_id) group_left (team) max by (rep_id, team) (sales_rep_info{{{TEAM}}})"


def _people() -> Panel:
    pace = _reps(names.reached(STEM, "pace", "rep"), PERIOD, *WHOLE)

    def whose(query: str) -> str:
        return f"{query} and on (rep_id) {pace}"

    score = f"({_reps(names.value(STEM, 'rep'), NOBODY, PERIOD, *WHOLE)} or on (rep_id) {_due()} * 0)"
    return table(
        "Who could use a hand now",
        "Reps by touchpoints over what is due by now, the furthest behind first. Who is absent has nothing due and is "
        "not listed. Pace: at least all that is due, at least four fifths of it, or less. Of target: of the whole "
        "period's.",
        {
            "In words": _with_name_and_team(pace),
            "Pace": pace,
            "Done": whose(score),
            "Due by now": whose(_due()),
            "Of target": whose(_reps(names.reached(STEM, "attainment", "rep"), PERIOD, *WHOLE)),
            "Last hour": whose(_reps(names.value(STEM, "rep"), 'window="rolling_1h"', *WHOLE)),
            "Attempts": whose(_reps(names.part(STEM, "attempts", "rep"), PERIOD, *WHOLE)),
            "Talk time": whose(_reps(names.part(STEM, "talk_seconds", "rep"), PERIOD, *WHOLE)),
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
            "Done": {"unit": "none", "decimals": 0},
            "Due by now": {"unit": "none", "decimals": 1},
            "Of target": {"unit": "percentunit", "decimals": 0},
            "Last hour": {"unit": "none", "decimals": 0},
            "Attempts": {"unit": "none", "decimals": 0},
            "Talk time": {"unit": "s", "decimals": 0},
        },
        sort="Pace",
        descending=False,
        empty="no target is set",
    )


def _away() -> Panel:
    absent = f"({_reps(ABSENT['rep'].name)} > 0)"
    return table(
        "Away today",
        "Reps who are absent today: nothing is due of them, and no alert speaks of them.",
        {"Away": _with_name_and_team(absent)},
        key="rep_id",
        keys={"who": "Rep", "team": "Team"},
        columns={
            "Rep": {"custom.width": NAME_WIDTH},
            "Away": {"mappings": [words({"1": ("today", CALM)})], "unit": "none"},
        },
        sort="Rep",
        descending=False,
        nobody="✔ nobody",
        empty="nobody is away",
    )


def _to_check() -> Panel:
    def of(part: str) -> str:
        return _reps(names.part(CALLS, part, "rep"), NOBODY, PERIOD)

    enough = f"({of('calls')} >= {ENOUGH_CALLS})"
    return table(
        "Calls that could be checked ${period:text}",
        f"{names.definition(CALLS)}\n\nReps with {ENOUGH_CALLS} calls or more, the largest share under 10 seconds "
        "first. Numbers ÷ calls: 100 % when no number is called twice a day. It is a question and no verdict: a bad "
        "line or an old list looks the same. `floorpulse explain` lists the calls.",
        {
            "Calls": named(enough),
            "Under 10 s": f"{of('short')} / on (rep_id) {enough}",
            "Numbers ÷ calls": f"{of('numbers')} / on (rep_id) {enough}",
            "Own numbers": f"{of('own')} and on (rep_id) {enough}",
            "Touchpoints": f"{_reps(names.value(STEM, 'rep'), PERIOD, *WHOLE)} and on (rep_id) {enough}",
        },
        key="rep_id",
        keys={"who": "Rep"},
        columns={
            "Rep": {"custom.width": NAME_WIDTH},
            "Calls": {"unit": "none", "decimals": 0},
            "Under 10 s": {"unit": "percentunit", "decimals": 0},
            "Numbers ÷ calls": {"unit": "percentunit", "decimals": 0},
            "Own numbers": {"unit": "none", "decimals": 0},
            "Touchpoints": {"unit": "none", "decimals": 0},
        },
        sort="Under 10 s",
        empty=f"nobody has {ENOUGH_CALLS} calls",
    )


def _channels() -> Panel:
    by_channel = read(names.value(STEM, "rep"), TEAM, REP, PERIOD, 'channel!=""', by=["rep_id", "channel"])
    return bars(
        "Touchpoints by channel ${period:text}",
        "The activity mix: effective touchpoints of each channel.",
        Query(expr=f"sort_desc(sum by (channel) ({by_channel}))", legend="{{channel}}"),
        unit="none",
        value_size=20,
        name_size=14,
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
        legend="bottom",
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
        legend="bottom",
        empty="nobody is in a team",
    )
