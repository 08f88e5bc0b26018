"""All contributions to a KPI, entity by entity: the same functions over the final rows that the tallies are sums of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from kpi_state.buckets import Amounts, Cell, Contributions
from kpi_state.entities.account import AccountView
from kpi_state.entities.registry import SHELVED
from kpi_state.explain.ledger import Ledger
from kpi_state.explain.speakers import speaker
from kpi_state.explain.witnesses import Who
from kpi_state.kpis.kpi import Kpi
from kpi_state.kpis.registry import KPIS
from kpi_state.links import Address
from kpi_state.measures.registry import BY_STEM
from kpi_state.rows import Row


class Contribution(NamedTuple):
    """What an entity contributes to a cell; `target`: where, of what contributes through a shelf of another entity."""

    who: Who
    cell: Cell
    amounts: Amounts
    target: Address | None = None


def measured(kpi: Kpi) -> Kpi | None:
    """The KPI whose contributions a KPI is read from: its own, or those of another that is read in the same way."""
    if kpi.of:
        return BY_STEM[kpi.of]
    return next((each for each in (kpi, *KPIS) if each.contribute and each.reading == kpi.reading), None)


def own(measure: Kpi, view: Any, kind: str) -> Contributions:
    """What an entity contributes by itself."""
    out: Contributions = {}
    if view is not None:
        measure.contribute[kind](view, out)
    return out


def credited(view: Any) -> str | None:
    """Whom the shelved links of an entity count for."""
    return view.credited if isinstance(view, AccountView) else None


def shelved(measure: Kpi, where: tuple[str, str], value: Any, credit: str | None) -> Contributions:
    """What a link kept on a shelf contributes; `where`: (kind, relation)."""
    out: Contributions = {}
    contribute = SHELVED[where].contribute
    if contribute is not None and value is not None:
        contribute(out, value, credit)
    return {cell: amounts for cell, amounts in out.items() if cell[0] == measure.stem}


def contributions(ledger: Ledger, measure: Kpi, among: Iterable[Who]) -> Iterator[Contribution]:
    """What entities contribute to a measure; of all of them it adds up to the tallies."""
    for who in among:
        if who.kind in measure.contribute:
            row = ledger.row(*who)
            view = ledger.view(*who, row)
            for cell, amounts in own(measure, view, who.kind).items():
                yield Contribution(who, cell, amounts)
            yield from _through_shelves(measure, who, row, credited(view))


def _through_shelves(measure: Kpi, host: Who, row: Row, credit: str | None) -> Iterator[Contribution]:
    for relation, shelf in row.shelves.items():
        if SHELVED[host.kind, relation].contribute is not None:
            for source, (_, value) in shelf.links.items():
                for cell, amounts in shelved(measure, (host.kind, relation), value, credit).items():
                    spoke = Who(speaker(*host, relation)[0], source)
                    yield Contribution(spoke, cell, amounts, Address(*host, relation))
