"""Performance, for sales operations: what was closed where, with whom and of what, and what customers are worth."""

from __future__ import annotations

from typing import Final

from scripts.boards import names, variables
from scripts.boards.cards import whole
from scripts.boards.layout import rows
from scripts.boards.model import Board, Panel, Query
from scripts.boards.names import Grain
from scripts.boards.panels import CALM, WELL, bars, fixed, stat
from scripts.boards.queries import scoped, some
from scripts.boards.shared import RESTATED, freshness

PERIOD: Final = 'window="$period"'
CURRENCY: Final = 'currency=~"$currency"'
FIGURE_SIZE: Final = 40
LABELS: Final = {"region": "region", "size": "account size", "product": "product"}


def board() -> Board:
    """The board."""
    return Board(
        slug="performance",
        title="Performance",
        description="Deals won and what they bring, by region, account size and product; and what customers are worth.",
        variables=[
            *variables.whose(variables.NOTHING),
            variables.custom(
                "period",
                "Period",
                {
                    "this quarter": "fiscal_quarter",
                    "this month": "month",
                    "this week": "week",
                    "this year": "fiscal_year",
                },
            ),
            variables.currency(),
            variables.minor(),
        ],
        panels=rows(
            (4, [(4, each) for each in (_won(), _revenue(), _contracts(), _lifetime(), _retention(), freshness(32))]),
            (11, [(8, _deals_by(label)) for label in LABELS]),
            (11, [(8, _revenue_by(label)) for label in LABELS]),
        ),
        since="now-7d",
        annotations=[RESTATED],
    )


def _of(stem: str, part: str, *matchers: str, by: tuple[str, ...] = ()) -> str:
    def metric(grain: Grain) -> str:
        return names.part(stem, part, grain) if part else names.value(stem, grain)

    return scoped(metric, *matchers, grains=names.GRAINS, by=by)


def _of_target(grain: Grain) -> str:
    return names.reached("deals_won", "attainment", grain)


def _won() -> Panel:
    alone = whole("deals_won")
    return stat(
        "Deals won and lost ${period:text}",
        f"{names.definition('deals_won')}\n\nOf target: those won over the target of the whole period.",
        Query(expr=_of("deals_won", "deals", PERIOD, *alone), legend="won"),
        Query(expr=_of("deals_won", "lost", PERIOD, *alone), legend="lost"),
        Query(expr=scoped(_of_target, PERIOD, *alone, grains=names.GRAINS), legend="of target"),
        unit="none",
        decimals=0,
        color=WELL,
        names=True,
        value_size=32,
        title_size=14,
        overrides={
            "lost": {"color": fixed(CALM)},
            "of target": {"unit": "percentunit", "color": fixed(CALM), "noValue": "none"},
        },
    )


def _money(title: str, stem: str, *matchers: str) -> Panel:
    return stat(
        title,
        names.definition(stem),
        Query(expr=f"({_of(stem, '', CURRENCY, *matchers)}) / $minor", legend="now"),
        unit="short",
        decimals=1,
        color=WELL,
        value_size=FIGURE_SIZE,
    )


def _revenue() -> Panel:
    return _money("Revenue won ${period:text} · ${currency}", "revenue_won", PERIOD, *whole("revenue_won", "currency"))


def _contracts() -> Panel:
    quarter = 'window="fiscal_quarter"'
    return _money(
        "#1 Contract value · quarter · ${currency}",
        "annual_contract_value",
        quarter,
        *whole("annual_contract_value", "currency"),
    )


def _lifetime() -> Panel:
    return _money("#2 Lifetime value · ${currency}", "customer_lifetime_value", 'window="to_date"')


def _retention() -> Panel:
    return stat(
        "#9 Customer retention · 365 days",
        names.definition("customer_retention"),
        Query(expr=_of("customer_retention", "", 'window="rolling_365d"'), legend="now"),
        unit="percentunit",
        decimals=1,
        color=WELL,
        value_size=FIGURE_SIZE,
    )


def _deals_by(label: str) -> Panel:
    return bars(
        f"Deals won by {LABELS[label]} ${{period:text}}",
        f"Deals won in the period, by the {LABELS[label]} that is stated. Deals without one are not here.",
        Query(
            expr=f"sort_desc({_of('deals_won', 'deals', PERIOD, some(label), by=(label,))})",
            legend=f"{{{{{label}}}}}",
        ),
        unit="none",
        decimals=None,
        value_size=26,
        name_size=18,
        above=True,
        empty=f"no deal won has a {LABELS[label]}",
    )


def _revenue_by(label: str) -> Panel:
    worth = _of("revenue_won", "", PERIOD, CURRENCY, some(label), by=(label,))
    return bars(
        f"Revenue won by {LABELS[label]} · ${{currency}}",
        f"Amounts of the deals won in the period, by {LABELS[label]}.",
        Query(expr=f"sort_desc(({worth}) / $minor)", legend=f"{{{{{label}}}}}"),
        unit="short",
        decimals=1,
        value_size=26,
        name_size=18,
        above=True,
        empty=f"no deal won has a {LABELS[label]} and an amount",
    )
