"""Stage Analysis, for sales operations: what enters and leaves each stage, how long it stays, where deals stall."""

from __future__ import annotations

from typing import Final

from scripts.boards import names, variables
from scripts.boards.layout import rows
from scripts.boards.model import Board, Panel, Query
from scripts.boards.names import Grain
from scripts.boards.panels import CALM, LOOK, WELL, bars, fixed, span, stat, steps, table
from scripts.boards.queries import scoped, some
from scripts.boards.shared import RESTATED, freshness

PERIOD: Final = 'window="$period"'
NOW: Final = 'window="now"'
A_STAGE: Final = some("stage")
DAY: Final = "86400"
FIGURE_SIZE: Final = 44
LIMITS: Final = steps((None, WELL), (1, LOOK))
NONE: Final = span("✔ none", 0, 0, WELL)
MONTH: Final = 'window="rolling_30d"'
"""Speed to lead has no quarter; it is of thirty days in every period."""
WITHIN: Final = {
    "within_15m": "15 minutes",
    "within_1h": "an hour",
    "within_1d": "a day",
    "within_3d": "3 days",
    "within_7d": "a week",
    "within_30d": "30 days",
}


def board() -> Board:
    """The board."""
    return Board(
        slug="stage-analysis",
        title="Stage Analysis",
        description="Entries, exits, conversion and time of each stage, and what stands in it now.",
        variables=[
            *variables.whose(variables.NOTHING),
            variables.custom(
                "period",
                "Period",
                {
                    "30 days": "rolling_30d",
                    "this week": "week",
                    "this month": "month",
                    "this quarter": "fiscal_quarter",
                },
            ),
        ],
        panels=rows(
            (4, [*((3, each) for each in (*_totals(), _stalled())), (5, _speed()), (4, freshness(32))]),
            (9, [(24, _stages())]),
            (13, [(6, each) for each in (_conversion(), _time(), _stalled_by_stage(), _answered())]),
        ),
        since="now-7d",
        annotations=[RESTATED],
    )


def _of(stem: str, part: str, *matchers: str) -> str:
    def metric(grain: Grain) -> str:
        return names.part(stem, part, grain) if part else names.value(stem, grain)

    return scoped(metric, *matchers, A_STAGE, grains=names.GRAINS, by=("stage",))


def _totals() -> list[Panel]:
    said = {
        "entered": ("Entries · ${period:text}", "Times a deal entered a stage in the period."),
        "moved_on": ("Moved on · ${period:text}", "Times a deal left a stage for a later one in the period."),
        "won": ("Won · ${period:text}", "Times a deal was won out of a stage in the period."),
        "lost": ("Lost · ${period:text}", "Times a deal was lost out of a stage in the period."),
    }
    return [
        stat(
            title,
            description,
            Query(expr=f"sum({_of('stage_flow', part, PERIOD)})", legend="now"),
            unit="none",
            decimals=0,
            color=WELL,
            value_size=FIGURE_SIZE,
        )
        for part, (title, description) in said.items()
    ]


def _stalled() -> Panel:
    return stat(
        "Stuck now",
        "Open deals that have been in their stage for longer than [limits] stage_age_days.",
        Query(expr=f"sum({_of('pipeline', 'over_limit', NOW)})", legend="now"),
        unit="none",
        decimals=0,
        thresholds=LIMITS,
        mappings=[NONE],
        value_size=FIGURE_SIZE,
    )


def _lead(stem: str, part: str = "") -> str:
    def metric(grain: Grain) -> str:
        return names.part(stem, part, grain) if part else names.value(stem, grain)

    return scoped(metric, MONTH, grains=names.GRAINS)


def _speed() -> Panel:
    return stat(
        "Speed to lead · 30 days",
        f"{names.definition('speed_to_lead')}\n\n{names.definition('speed_to_lead_p90')}",
        Query(expr=_lead("speed_to_lead"), legend="median"),
        Query(expr=_lead("speed_to_lead_p90"), legend="9 in 10 within"),
        unit="s",
        decimals=1,
        color=WELL,
        names=True,
        value_size=32,
        title_size=14,
        overrides={"9 in 10 within": {"color": fixed(CALM)}},
    )


def _answered() -> Panel:
    new = f"(({_lead('speed_to_lead', 'leads')}) - ({_lead('speed_to_lead', 'touched_before')}) > 0)"
    shares = (
        f'label_replace(({_lead("speed_to_lead", part)}) / {new}, "within", "{said}", "", "")'
        for part, said in WITHIN.items()
    )
    return bars(
        "New leads touched within · 30 days",
        "Of the leads of the last 30 days, those that had their first effective touch within so long after they were "
        "created; who was in touch before the lead was created is left out. The rest still waits, or took longer.",
        Query(expr=" or ".join(shares), legend="{{within}}"),
        unit="percentunit",
        decimals=0,
        value_size=22,
        name_size=18,
        most=1,
    )


def _stages() -> Panel:
    return table(
        "Stage by stage",
        f"{names.definition('stage_flow')}\n\n{names.definition('stage_time')}\n\nOpen, stuck and oldest are of now.",
        {
            "Entered": _of("stage_flow", "entered", PERIOD),
            "Moved on": _of("stage_flow", "moved_on", PERIOD),
            "Moved back": _of("stage_flow", "moved_back", PERIOD),
            "Won": _of("stage_flow", "won", PERIOD),
            "Lost": _of("stage_flow", "lost", PERIOD),
            "Conversion": _of("stage_flow", "", PERIOD),
            "Mean days": f"({_of('stage_time', '', PERIOD)}) / {DAY}",
            "Open now": _of("pipeline", "deals", NOW),
            "Stuck now": _of("pipeline", "over_limit", NOW),
            "Oldest, days": f"({_of('pipeline', 'oldest_seconds', NOW)}) / {DAY}",
        },
        key="stage",
        keys={"stage": "Stage"},
        columns={
            **{name: {"unit": "none"} for name in ("Entered", "Moved on", "Moved back", "Won", "Lost", "Open now")},
            "Conversion": {"unit": "percentunit", "decimals": 1},
            "Mean days": {"unit": "none", "decimals": 1},
            "Stuck now": {
                "unit": "none",
                "color": {"mode": "thresholds"},
                "thresholds": LIMITS,
                "mappings": [NONE],
                "custom.cellOptions": {"type": "color-text"},
            },
            "Oldest, days": {"unit": "none", "decimals": 0},
        },
        sort="Entered",
    )


def _bars(title: str, description: str, query: str, unit: str, decimals: int, *, judged: bool = False) -> Panel:
    return bars(
        title,
        description,
        Query(expr=f"sort_desc({query})", legend="{{stage}}"),
        unit=unit,
        decimals=decimals,
        thresholds=LIMITS if judged else None,
        mappings=[NONE] if judged else (),
        value_size=26,
        name_size=18,
        above=True,
    )


def _conversion() -> Panel:
    said = names.definition("stage_flow")
    return _bars("Conversion · ${period:text}", said, f"{_of('stage_flow', '', PERIOD)}", "percentunit", 1)


def _time() -> Panel:
    days = f"({_of('stage_time', '', PERIOD)}) / {DAY}"
    return _bars("Days in stage · ${period:text}", names.definition("stage_time"), days, "suffix: days", 1)


def _stalled_by_stage() -> Panel:
    said = "Open deals that have been in their stage for longer than [limits] stage_age_days: where deals stall."
    return _bars("Stuck now, by stage", said, _of("pipeline", "over_limit", NOW), "none", 0, judged=True)
