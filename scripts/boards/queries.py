"""PromQL of the boards. Several exporters serve the same numbers, so a metric is always read through `max by`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from scripts.boards.names import Grain

TEAM: Final = 'team=~"$team"'
REP: Final = 'rep_id=~"$rep_id"'
NOBODY: Final = 'rep_id!~"unassigned|unmapped"'
"""Keys that stand for no person belong on no list of people."""
INFO: Final = "sales_rep_info"


def some(label: str) -> str:
    """Samples that have the label: parts of the whole."""
    return f'{label}!=""'


def read(metric: str, *matchers: str, by: Iterable[str] = ()) -> str:
    """A metric, one series for each value of the labels `by`."""
    labels = ", ".join(by)
    return f"max by ({labels}) ({metric}{{{', '.join(matchers)}}})"


def named(query: str) -> str:
    """A query by rep_id with the label `who` added: the rep's name, or the id where names are not shown."""
    ids = f'label_replace(max by (rep_id, name) ({INFO}), "who", "$1", "rep_id", "(.+)")'
    who = f'max by (rep_id, who) (label_replace({ids}, "who", "$1", "name", "(.+)"))'
    return f"({query}) * on (rep_id) group_left (who) {who}"


def scoped(metric: Callable[[Grain], str], *matchers: str, grains: Iterable[Grain], by: Iterable[str] = ()) -> str:
    """The number of the rep who is chosen, else of the team, else of the organisation.

    Never a wider one because the narrower has no value: the wider ones stand only while no narrower one is chosen.
    The board's "All" must match nothing (NOTHING in `variables`).
    """
    wanted, labels = set(grains), tuple(by)
    rep_chosen, team_chosen = f"{INFO}{{{REP}}}", f"{INFO}{{{TEAM}}}"
    parts = []
    if "rep" in wanted:
        parts.append(read(metric("rep"), REP, *matchers, by=labels))
    if "team" in wanted:
        parts.append(f"({read(metric('team'), TEAM, *matchers, by=labels)} unless on () {rep_chosen})")
    if "org" in wanted:
        parts.append(
            f"({read(metric('org'), *matchers, by=labels)} unless on () {rep_chosen} unless on () {team_chosen})"
        )
    return " or ".join(parts)


def before(query: str) -> str:
    """The same as it stood earlier, as Prometheus recorded it; the board's variable `before` says how much earlier."""
    return _offset(query, "$before")


def _offset(query: str, how_long: str) -> str:
    """Each selector of a query set back; selectors end in a brace, and braces occur nowhere else."""
    return query.replace("}", f"}} offset {how_long}")


FRESHNESS: Final = (
    "max(sales_exporter_clock_timestamp_seconds) - max(sales_source_newest_event_timestamp_seconds)"
    " + max(sales_exporter_age_seconds)"
)
"""Seconds since the newest event, by the clock of the numbers, plus how old what is shown may be."""
