"""Pipeline, for sales managers: what is open now, of whom, in which stage, how old, and what is stuck."""

from __future__ import annotations

from typing import Final

from scripts.boards import names, variables
from scripts.boards.layout import rows
from scripts.boards.model import Board, Panel, Query
from scripts.boards.panels import LOOK, NAME_WIDTH, WELL, bars, span, stat, steps, table
from scripts.boards.queries import NOBODY, REP, TEAM, named, read, some
from scripts.boards.shared import RESTATED, freshness

NOW: Final = 'window="now"'
ALL_DEALS: Final = (NOW, 'stage=""', 'region=""', 'product=""')
CURRENCY: Final = 'currency=~"$currency"'
FIGURE_SIZE: Final = 44
A_STAGE: Final = some("stage")
DAY: Final = "86400"
LIMITS: Final = steps((None, WELL), (1, LOOK))
STUCK: Final = {
    "unit": "none",
    "color": {"mode": "thresholds"},
    "thresholds": LIMITS,
    "mappings": [span("✔ none", 0, 0, WELL)],
    "custom.cellOptions": {"type": "color-text"},
}


def board() -> Board:
    """The board."""
    return Board(
        slug="pipeline",
        title="Pipeline",
        description="Open deals and leads as they stand now, by rep and stage, with what has not moved for too long.",
        variables=[
            *variables.whose(),
            variables.custom("period", "Won in", {"this month": "month", "this quarter": "fiscal_quarter"}),
            variables.currency(),
            variables.minor(),
        ],
        panels=rows(
            (4, [(4, each) for each in (_deals(), _value(), _stalled(), _leads(), _old_leads(), freshness(32))]),
            (9, [(8, _deals_by_stage()), (8, _value_by_stage()), (8, _stalled_by_stage())]),
            (13, [(24, _people())]),
        ),
        since="now-24h",
        annotations=[RESTATED],
    )


def _reps(metric: str, *matchers: str) -> str:
    return read(metric, TEAM, REP, NOBODY, *matchers, by=["rep_id"])


def _sum(metric: str, *matchers: str) -> str:
    return f"sum({read(metric, TEAM, REP, *matchers, by=['rep_id'])})"


def _figure(title: str, description: str, query: str, decimals: int = 0) -> Panel:
    return stat(
        title,
        description,
        Query(expr=query, legend="now"),
        unit="short" if decimals else "none",
        decimals=decimals,
        color=WELL,
        value_size=FIGURE_SIZE,
    )


def _late(title: str, description: str, query: str) -> Panel:
    return stat(
        title,
        description,
        Query(expr=query, legend="now"),
        unit="none",
        decimals=0,
        thresholds=LIMITS,
        mappings=[span("✔ none", 0, 0, WELL)],
        value_size=FIGURE_SIZE,
    )


def _deals() -> Panel:
    return _figure("Open deals", names.definition("pipeline"), _sum(names.part("pipeline", "deals", "rep"), *ALL_DEALS))


def _money(*matchers: str) -> tuple[str, ...]:
    return (NOW, CURRENCY, *matchers)


def _value() -> Panel:
    whole = _money('stage=""', 'region=""', 'product=""')
    return _figure(
        "Worth · ${currency}",
        names.definition("pipeline_value"),
        f"{_sum(names.value('pipeline_value', 'rep'), *whole)} / $minor",
        1,
    )


def _stalled() -> Panel:
    return _late(
        "Stuck deals",
        "Open deals that have been in their stage for longer than [limits] stage_age_days.",
        _sum(names.part("pipeline", "over_limit", "rep"), *ALL_DEALS),
    )


def _leads() -> Panel:
    return _figure(
        "Open leads", names.definition("open_lead_age"), _sum(names.part("open_lead_age", "open", "rep"), NOW)
    )


def _old_leads() -> Panel:
    return _late(
        "Old leads",
        "Open leads that are older than [limits] lead_age_days.",
        _sum(names.part("open_lead_age", "over_limit", "rep"), NOW),
    )


def _by_stage(metric: str, *matchers: str) -> str:
    return f"sum by (stage) ({read(metric, TEAM, REP, *matchers, by=['rep_id', 'stage'])})"


def _deals_by_stage() -> Panel:
    return bars(
        "Open deals by stage",
        "Open deals of the reps chosen, by the stage they are in. Deals without a stage are not here.",
        Query(expr=f"sort_desc({_by_stage(names.part('pipeline', 'deals', 'rep'), NOW, A_STAGE)})", legend="{{stage}}"),
        unit="none",
        value_size=24,
        above=True,
        empty="no open deal has a stage",
    )


def _value_by_stage() -> Panel:
    worth = _by_stage(names.value("pipeline_value", "rep"), *_money(A_STAGE))
    return bars(
        "Worth by stage · ${currency}",
        "Amounts of the open deals of the reps chosen, by stage.",
        Query(expr=f"sort_desc({worth} / $minor)", legend="{{stage}}"),
        unit="short",
        decimals=1,
        value_size=24,
        above=True,
        empty="no open deal has a stage and an amount",
    )


def _stalled_by_stage() -> Panel:
    return bars(
        "Stuck deals by stage",
        "Open deals that have been in their stage for longer than [limits] stage_age_days.",
        Query(
            expr=f"sort_desc({_by_stage(names.part('pipeline', 'over_limit', 'rep'), NOW, A_STAGE)})",
            legend="{{stage}}",
        ),
        unit="none",
        thresholds=LIMITS,
        mappings=[span("✔ none", 0, 0, WELL)],
        value_size=24,
        above=True,
        empty="no open deal has a stage",
    )


def _people() -> Panel:
    deals = _reps(names.part("pipeline", "deals", "rep"), *ALL_DEALS)
    people = f"max by (rep_id) (sales_rep_info{{{TEAM}, {REP}}})"
    team = f"* on (rep_id) group_left (team) max by (rep_id, team) (sales_rep_info{{{TEAM}}})"
    whole = _money('stage=""', 'region=""', 'product=""')
    won = ('window="$period"', 'region=""', 'product=""', 'size=""')
    return table(
        "By rep",
        "Each rep's open deals, what they are worth, how many are stuck, how long they are in their stage; open leads "
        "with their age; deals won in the period, and those over what is due of a target by now.",
        {
            "": f"{named(people)} {team}",
            "Deals": deals,
            "Worth": f"{_reps(names.value('pipeline_value', 'rep'), *whole)} / $minor",
            "Stuck": _reps(names.part("pipeline", "over_limit", "rep"), *ALL_DEALS),
            "Days in stage": f"{_reps(names.part('pipeline', 'age_seconds_sum', 'rep'), *ALL_DEALS)} / {deals} / {DAY}",
            "Oldest, days": f"{_reps(names.part('pipeline', 'oldest_seconds', 'rep'), *ALL_DEALS)} / {DAY}",
            "Leads": _reps(names.part("open_lead_age", "open", "rep"), NOW),
            "Lead age, days": f"{_reps(names.value('open_lead_age', 'rep'), NOW)} / {DAY}",
            "Old leads": _reps(names.part("open_lead_age", "over_limit", "rep"), NOW),
            "Won": _reps(names.part("deals_won", "deals", "rep"), *won),
            "Won ÷ due": _reps(names.reached("deals_won", "pace", "rep"), *won),
        },
        key="rep_id",
        keys={"who": "Rep", "team": "Team"},
        columns={
            "Rep": {"custom.width": NAME_WIDTH},
            "Deals": {"unit": "none"},
            "Worth": {"unit": "short", "decimals": 1},
            "Stuck": STUCK,
            "Days in stage": {"unit": "none", "decimals": 1},
            "Oldest, days": {"unit": "none", "decimals": 0},
            "Leads": {"unit": "none"},
            "Lead age, days": {"unit": "none", "decimals": 1},
            "Old leads": STUCK,
            "Won": {"unit": "none", "decimals": 0},
            "Won ÷ due": {"unit": "percentunit", "decimals": 0},
        },
        sort="Worth",
        empty="nobody has an open deal, or no target of deals won is set",
    )
