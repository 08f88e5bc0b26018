"""The wall: who leads, how the teams stand, how far the target is. Large enough for five metres; no list of losers."""

from __future__ import annotations

from typing import Any, Final

from scripts.boards import names, variables
from scripts.boards.cards import whole
from scripts.boards.layout import rows
from scripts.boards.model import Board, Panel, Query
from scripts.boards.panels import LOOK, WELL, bars, span, stat, steps
from scripts.boards.queries import NOBODY, REP, TEAM, named, read
from scripts.boards.shared import RESTATED, freshness

STEM: Final = "touchpoints"
TODAY: Final = ('window="$period"', *whole(STEM))
FIGURE_SIZE: Final = 64
NAME_SIZE: Final = 30
HIGH: Final = 20

PACE: Final = [
    span("▲ ahead", 1, None, WELL),
    span("● on pace", 0.9, 0.999999, WELL, 1),
    span("▼ behind", None, 0.899999, LOOK, 2),
]


def board() -> Board:
    """The board."""
    return Board(
        slug="leaderboard",
        title="Leaderboard",
        description="For the wall: add ?kiosk to the address, var-team=… for one team. On 4K set the browser to 200 %.",
        variables=[
            *variables.whose(),
            variables.period(),
            variables.custom("top", "Places", {"8": "8", "5": "5", "10": "10", "3": "3"}),
        ],
        panels=rows(
            (6, [(5, _total()), (5, _target()), (5, _pace()), (5, _hour()), (4, freshness(FIGURE_SIZE - 24))]),
            (HIGH, [(10, _leaders()), (7, _furthest()), (7, _teams())]),
        ),
        since="now-6h",
        annotations=[RESTATED],
    )


def _team(metric: str, *matchers: str) -> str:
    return f"sum({read(metric, TEAM, *matchers, by=['team'])})"


def _total() -> Panel:
    return stat(
        "Touchpoints ${period:text}",
        names.definition(STEM),
        Query(expr=_team(names.value(STEM, "team"), *TODAY), legend="touchpoints"),
        decimals=0,
        unit="none",
        color=WELL,
        value_size=FIGURE_SIZE + 16,
    )


def _target() -> Panel:
    goal = _team(names.goal(STEM, "target", "team"), 'window="$period"')
    return stat(
        "Of the target",
        "Touchpoints of the teams over the sum of their targets for the period.",
        Query(expr=f"{_team(names.value(STEM, 'team'), *TODAY)} / {goal}", legend="of the target"),
        unit="percentunit",
        decimals=0,
        color=WELL,
        value_size=FIGURE_SIZE + 16,
        empty="no target is set for the period",
    )


def _pace() -> Panel:
    due = _team(names.goal(STEM, "expected", "team"), 'window="$period"')
    pace = f"{_team(names.value(STEM, 'team'), *TODAY)} / {due}"
    return stat(
        "Against the clock",
        "Touchpoints over what is expected by now: the targets times the share of working time that has passed.",
        Query(expr=pace, legend="of what is due by now"),
        Query(expr=pace, legend="in words"),
        unit="percentunit",
        decimals=0,
        thresholds=steps((None, LOOK), (0.9, WELL)),
        value_size=FIGURE_SIZE - 14,
        stacked=True,
        overrides={"in words": {"mappings": PACE}},
        empty="no target is set for the period, or no working time has passed",
    )


def _hour() -> Panel:
    return stat(
        "In the last hour",
        "Effective touchpoints of the running quarter hour and the three before it.",
        Query(expr=_team(names.value(STEM, "team"), 'window="rolling_1h"', *whole(STEM)), legend="last hour"),
        decimals=0,
        unit="none",
        color=WELL,
        value_size=FIGURE_SIZE + 16,
    )


def _of_reps(metric: str, *matchers: str) -> str:
    return read(metric, TEAM, REP, NOBODY, *matchers, by=["rep_id"])


def _ranked(title: str, description: str, query: Query, **how: Any) -> Panel:
    """Bars that are read from across the floor, names above them."""
    size = {"value_size": FIGURE_SIZE - 16, "name_size": NAME_SIZE}
    return bars(title, description, query, **size | how, above=True, largest=200)


def _leaders() -> Panel:
    score = _of_reps(names.value(STEM, "rep"), *TODAY)
    tries = _of_reps(names.part(STEM, "attempts", "rep"), *TODAY)
    return _ranked(
        "Most touchpoints ${period:text}",
        "The first places by effective touchpoints. Of equals, who made more attempts stands first.",
        Query(expr=f"sort_desc(topk($top, {named(f'{score} + {tries} / 1e6')}))", legend="{{who}}"),
        unit="none",
    )


def _furthest() -> Panel:
    share = _of_reps(names.reached(STEM, "attainment", "rep"), *TODAY)
    tries = _of_reps(names.part(STEM, "attempts", "rep"), *TODAY)
    return _ranked(
        "Furthest with their own target",
        "Touchpoints over the rep's own target, so who is new can lead too. Of equals, more attempts stand first.",
        Query(expr=f"sort_desc(topk($top, {named(f'{share} + {tries} / 1e9')}))", legend="{{who}}"),
        unit="percentunit",
        thresholds=steps((None, WELL)),
        value_size=FIGURE_SIZE - 24,
        empty="no target is set for the period",
    )


def _teams() -> Panel:
    share = read(names.reached(STEM, "attainment", "team"), TEAM, *TODAY, by=["team"])
    return _ranked(
        "Teams, of their target",
        "Touchpoints of a team over its target: what was set for it, else the sum of its reps' targets.",
        Query(expr=f"sort_desc({share})", legend="{{team}}"),
        unit="percentunit",
        empty="no target is set for the period, or nobody is in a team",
    )
