"""Evaluation: what one entity contributes and says, as a pure function of its row.

Everything that is counted follows from it: the write path applies the difference of two evaluations, the oracle of
the tests and `explain` sum the evaluations of all final rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import neg, sub
from typing import Final

from kpi_state.buckets import Contributions, add
from kpi_state.definitions import Definitions
from kpi_state.entities.registry import ENTITIES, SHELVED
from kpi_state.links import Links
from kpi_state.measures import registry
from kpi_state.quality import JUDGES
from kpi_state.quality import WIDTHS as QUALITY
from kpi_state.rows import Row
from kpi_state.shelves import standing

WIDTHS: Final[Mapping[str, int]] = {kpi.stem: kpi.amounts for kpi in registry.ALL if kpi.amounts} | dict(QUALITY)
"""Amounts a contribution of a measure carries."""


class Evaluation:
    """What an entity contributes, what it says to others, and whom its shelved links count for."""

    __slots__ = ("contributions", "credit", "links")

    def __init__(self, contributions: Contributions, links: Links, credit: str | None) -> None:
        self.contributions, self.links, self.credit = contributions, links, credit


NOTHING: Final = Evaluation({}, {}, None)


_HOW: Final = {
    kind: (entity.view, registry.contributors(kind), JUDGES.get(kind), entity.links)
    for kind, entity in ENTITIES.items()
}
"""Kind → how an entity of it is evaluated."""


def evaluate(kind: str, subject: str, row: Row, definitions: Definitions) -> Evaluation:
    """Evaluate one row; contributions of its shelved links are not included (see `contributed_by_links`)."""
    view_of, contributors, judge, links_of = _HOW[kind]
    view = view_of(subject, row, definitions)
    if view is None:
        return NOTHING
    contributions: Contributions = {}
    for contribute in contributors:
        contribute(view, contributions)
    if judge is not None:
        judge(view, row, contributions)
    return Evaluation(contributions, links_of(view), view.credited if kind == "account" else None)


def contributed_by_links(kind: str, row: Row, credit: str | None) -> Contributions:
    """What the shelved links of a row contribute, for a row whose shelves are flat."""
    out: Contributions = {}
    for relation, shelf in row.shelves.items():
        contribute = SHELVED[kind, relation].contribute
        if contribute is not None:
            for _, value in standing(shelf):
                contribute(out, value, credit)
    return out


def difference(new: Contributions, old: Contributions, deltas: Contributions) -> None:
    """Add `new - old` to `deltas`, cell by cell."""
    for cell, amounts in new.items():
        before = old.get(cell)
        if before is None:
            add(deltas, cell, amounts)
        elif before != amounts:
            add(deltas, cell, tuple(map(sub, amounts, before)))
    for cell, amounts in old.items():
        if cell not in new:
            add(deltas, cell, tuple(map(neg, amounts)))
