"""State of the Union, for who leads all of sales: fourteen KPIs against target on one screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scripts.boards import variables
from scripts.boards.cards import Card, context, number, reached, trend, whole
from scripts.boards.layout import rows
from scripts.boards.model import Board, Panel, Query
from scripts.boards.panels import CALM, QUIET, WELL, fixed, stat
from scripts.boards.queries import INFO
from scripts.boards.shared import RESTATED, freshness

PERIOD: Final = "$period"
DAY: Final = "86400"
MONEY: Final = ('currency=~"$currency"',)

CARDS: Final = (
    Card("touchpoints", "#13 Touchpoints · today", "day", "short", 0, whole("touchpoints")),
    Card("leads_created", "#3 New leads · ${period:text}", PERIOD, "short", 0, whole("leads_created")),
    Card("contact_to_lead", "#10 Contacts to leads · ${period:text}", PERIOD, "percentunit", 1),
    Card("lead_conversion", "#14 Converted leads · ${period:text}", PERIOD, "percentunit", 1),
    Card("lead_win", "#5 Win rate · ${period:text}", PERIOD, "percentunit", 1, ('basis="closed"',)),
    Card(
        "appointment_disqualification",
        "#11 Disqualified · ${period:text}",
        PERIOD,
        "percentunit",
        1,
        whole("appointment_disqualification"),
    ),
    Card("lead_source", "#12 From marketing · ${period:text}", PERIOD, "percentunit", 1),
    Card("open_lead_age", "#4 Age of open leads · now", "now", "suffix: days", 1, over=DAY, lower_is_better=True),
    Card("referrals", "#8 Referrals · ${period:text}", PERIOD, "short", 0),
    Card(
        "annual_contract_value",
        "#1 Contract value · quarter · ${currency}",
        "fiscal_quarter",
        "short",
        1,
        (*MONEY, *whole("annual_contract_value", "currency")),
        "$minor",
    ),
    Card("customer_lifetime_value", "#2 Lifetime value · ${currency}", "to_date", "short", 1, MONEY, "$minor"),
    Card("customer_retention", "#9 Customer retention · 365 days", "rolling_365d", "percentunit", 1),
    Card("rep_retention", "#6 Rep retention · 365 days", "rolling_365d", "percentunit", 1),
    Card("rep_ramp_up", "#7 Ramp-up · 365 days", "rolling_365d", "suffix: days", 1, over=DAY, lower_is_better=True),
)
COLUMNS: Final = 4
NUMBER_HIGH, STRIP_HIGH = 4, 2
FRESHNESS_SIZE: Final = 40
Strip = list[tuple[int, Panel]]
Cell = tuple[Strip, Strip]
"""What is above, and the narrow strip below."""


def board() -> Board:
    """The board."""
    cards: list[Cell] = [([(4, number(card)), (2, trend(card))], [(6, context(card))]) for card in CARDS]
    cards += [([(6, _reached())], [(6, _people())]), ([(6, freshness(FRESHNESS_SIZE))], [(6, _feed())])]
    return Board(
        slug="state-of-the-union",
        title="State of the Union",
        description="All fourteen KPIs of the organisation, or of the team or rep chosen, against target and before.",
        variables=[
            *variables.whose(variables.NOTHING),
            variables.custom("period", "Period", {"month": "month", "quarter": "fiscal_quarter"}),
            variables.before(),
            variables.currency(),
            variables.minor(),
        ],
        panels=rows(*_lines(cards)),
        since="now-7d",
        annotations=[RESTATED],
    )


def _lines(cells: list[Cell]) -> Iterator[tuple[int, Strip]]:
    for start in range(0, len(cells), COLUMNS):
        line = cells[start : start + COLUMNS]
        yield NUMBER_HIGH, [each for above, _ in line for each in above]
        yield STRIP_HIGH, [each for _, strip in line for each in strip]


def _reached() -> Panel:
    return stat(
        "Targets reached",
        "How many of the fourteen KPIs have a target that is reached now, and how many have a target.",
        Query(expr=f"sum({reached(CARDS)})", legend="reached"),
        Query(expr=f"count({reached(CARDS)})", legend="with a target"),
        decimals=0,
        color=WELL,
        names=True,
        title_size=16,
        overrides={"with a target": {"color": fixed(CALM)}},
    )


def _people() -> Panel:
    return stat(
        "",
        "Reps and teams that the roster knows today.",
        Query(expr=f"count(max by (rep_id) ({INFO}))", legend="Reps"),
        Query(expr=f'count(max by (team) ({INFO}{{team!=""}}))', legend="Teams"),
        decimals=0,
        color=QUIET,
        names=True,
        value_size=18,
        title_size=12,
        empty="nobody is in a team",
    )


def _feed() -> Panel:
    return stat(
        "",
        "Systems that told events, and published records that are not yet in these numbers.",
        Query(expr="count(max by (source) (sales_source_newest_event_timestamp_seconds))", legend="Sources"),
        Query(expr="max(sales_exporter_records_behind)", legend="Records behind"),
        decimals=0,
        color=QUIET,
        names=True,
        value_size=18,
        title_size=12,
    )
