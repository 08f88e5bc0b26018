"""A KPI as a card: its number, its trend, and below them the target, how much of it is reached, and before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from scripts.boards import names
from scripts.boards.model import Panel, Query
from scripts.boards.names import Grain
from scripts.boards.panels import CALM, LOOK, QUIET, WELL, fixed, span, stat, steps
from scripts.boards.queries import before, scoped

NUMBER_SIZE: Final = 52
TREND_STEP: Final = "1h"
TREND_POINTS: Final = 170


class Card(NamedTuple):
    """Which number of a KPI is shown. `window`: of the KPI, or a variable. `over`: what it is divided by to be read.

    lower_is_better: for KPIs whose own target says nothing of a direction.
    """

    stem: str
    title: str
    window: str
    unit: str
    decimals: int | None = None
    matchers: tuple[str, ...] = ()
    over: str = ""
    lower_is_better: bool = False


def number(card: Card) -> Panel:
    """The number as it is now. The line is a panel of its own: Grafana rounds the end of a range down to its step, so
    the last point of a line is up to a step old.
    """
    return stat(
        card.title,
        names.definition(card.stem),
        Query(expr=_shown(card, _value(card)), legend="now"),
        unit=card.unit,
        decimals=card.decimals,
        color=WELL,
        value_size=NUMBER_SIZE,
    )


def trend(card: Card) -> Panel:
    """The line of the number over the time range of the board."""
    return stat(
        "",
        "The number over the time range of the board, a point an hour.",
        Query(expr=_shown(card, _value(card)), legend="trend", instant=False, step=TREND_STEP),
        color=WELL,
        graph=True,
        text="none",
        points=TREND_POINTS,
    )


def context(card: Card) -> Panel:
    """Target, share of it, and the same number before."""
    at_most = _at_most(card)
    done = span("✔ met", None, 1, WELL) if at_most else span("✔ met", 1, None, WELL)
    limits = steps((None, WELL), (1.000001, LOOK)) if at_most else steps((None, LOOK), (1, WELL))
    share = "Of limit" if at_most else "Of target"
    goal = f"({_goal(card)} or vector(NaN))"
    return stat(
        "",
        f"The target ({'at most' if at_most else 'at least'}), how much of it is reached, and the same number "
        "as it stood before, as Prometheus recorded it. “none”: neither [targets] nor an event hr.target.v1 sets one.",
        Query(expr=_shown(card, goal), legend="Target"),
        Query(expr=f"({_share(card)} or vector(NaN))", legend=share),
        Query(expr=_shown(card, before(_value(card))), legend="Before"),
        unit=card.unit,
        decimals=card.decimals,
        names=True,
        value_size=18,
        title_size=12,
        overrides={
            "Target": {"color": fixed(CALM), "noValue": "none"},
            share: {
                "unit": "percentunit",
                "decimals": 0,
                "color": {"mode": "thresholds"},
                "thresholds": limits,
                "mappings": [done],
            },
            "Before": {"color": fixed(QUIET)},
        },
    )


def reached(cards: Iterable[Card]) -> str:
    """1 for each KPI whose target is reached, 0 for each whose is not; label `kpi`."""
    verdicts = (
        (card.stem, f"({_value(card)}) {'<=' if _at_most(card) else '>='} bool ({_goal(card)})") for card in cards
    )
    return " or ".join(f'label_replace({verdict}, "kpi", "{stem}", "", "")' for stem, verdict in verdicts)


def _at_most(card: Card) -> bool:
    target = names.kpi(card.stem).target
    return card.lower_is_better if target is None else target.direction == "at_most"


def _goal(card: Card) -> str:
    return scoped(lambda grain: names.goal(card.stem, "target", grain), _window(card), grains=_grains(card))


def _share(card: Card) -> str:
    """Of the target, as it is printed: of whoever is chosen."""
    matchers = (_window(card), *card.matchers)
    return scoped(lambda grain: names.reached(card.stem, "attainment", grain), *matchers, grains=_grains(card))


def _value(card: Card) -> str:
    """Of whoever is chosen."""
    return scoped(lambda grain: names.value(card.stem, grain), _window(card), *card.matchers, grains=_grains(card))


def _window(card: Card) -> str:
    return f'window="{card.window}"'


def _grains(card: Card) -> tuple[Grain, ...]:
    return tuple(grain for grain in names.GRAINS if grain in names.kpi(card.stem).grains)


def _shown(card: Card, query: str) -> str:
    return f"({query}) / {card.over}" if card.over else query


def whole(stem: str, *but: str) -> tuple[str, ...]:
    """Matchers of the sample without labels: those that stand side by side with it are left out."""
    labels = {label for labels in names.kpi(stem).label_sets for label in labels} - set(but)
    return tuple(f'{label}=""' for label in sorted(labels))
