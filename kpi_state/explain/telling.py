"""What the entities of one partition contribute to the cells of a number, and what decided that; for a worker to tell.

Rows of the kinds that contribute are evaluated as the write path evaluates them, from what was heard of other
partitions too, so nothing has to be fetched. Those that cannot contribute to what is asked for, most of all, are passed
over undecoded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from heapq import nsmallest
from typing import Any, Final

from kpi_state.apply import State
from kpi_state.buckets import Amounts, Cell, add
from kpi_state.definitions import Definitions
from kpi_state.entities.registry import ENTITIES
from kpi_state.explain.asking import Entity, Share
from kpi_state.explain.contributions import credited, own, shelved
from kpi_state.explain.deciding import Decision, decide
from kpi_state.explain.glance import HOSTS, sift
from kpi_state.explain.ledger import Ledger
from kpi_state.explain.minimal import Piece, told
from kpi_state.explain.said import Via
from kpi_state.explain.sought import Sought
from kpi_state.explain.speakers import speaker
from kpi_state.explain.witnesses import Who, Witnesses
from kpi_state.links import Address
from kpi_state.rows import Row, decode_row

AT_ONCE: Final = 2_048
"""Rows that are looked at before others get their turn: compiled, nothing else runs meanwhile, for up to 2 ms."""
Found = tuple[Who, Address | None]
"""An entity, and through whose shelf it contributes."""


def tell(state: State, definitions: Definitions, sought: Sought, partition: int, position: int) -> Share:
    """What the rows of a partition say to a question; `position` is passed on. The rows must not change meanwhile.

    Of several partitions the first ones name their entities, until there are as many as are asked for.
    """
    teller = _Teller(state, definitions, sought)
    found = teller.find()
    totals: dict[int, Amounts] = {}
    for cells in found.values():
        for index, amounts in cells.items():
            add(totals, index, amounts)
    first = nsmallest(max(0, sought.most), found, key=lambda each: (each[0], each[1] is not None))
    entities: list[Entity] = []
    for each in first:
        if sought.dropped:
            break
        entities.append(teller.entity(*each, found[each]))
    sought.most -= len(entities)
    whole = [(index, amounts) for index, amounts in sorted(totals.items()) if any(amounts)]
    return Share(partition, position, whole, entities, len(found) - len(entities))


class _Teller:
    def __init__(self, state: State, definitions: Definitions, sought: Sought) -> None:
        self._rows, self._definitions = state.ledger, definitions
        self._measure, self._sought = sought.measure, sought
        self._ledger, self._witnesses = Ledger(state, definitions), Witnesses()

    # -- who ---------------------------------------------------------------------------------------------------------

    def find(self) -> dict[Found, dict[int, Amounts]]:
        """Everybody who contributes to a cell that is asked for."""
        found: dict[Found, dict[int, Amounts]] = {}
        measure, definitions, sought = self._measure, self._definitions, self._sought
        among, rows = sought.among, iter(self._rows.items())
        for _ in range(0, len(self._rows), AT_ONCE):
            if sought.dropped:
                break
            for kind, subject, data in sift(rows, sought.looks, AT_ONCE):
                view = ENTITIES[kind].view(subject, decode_row(kind, data), definitions)
                if cells := among(own(measure, view, kind)):
                    found[Who(kind, subject), None] = cells
                if kind in HOSTS and (credit := credited(view)) in sought.reps:
                    found.update(self._through_shelves(Who(kind, subject), credit))
        return found

    def _through_shelves(self, host: Who, credit: str | None) -> Iterator[tuple[Found, dict[int, Amounts]]]:
        for relation, shelf in self._ledger.row(*host).shelves.items():
            for source, (_, value) in shelf.links.items():
                if cells := self._sought.among(shelved(self._measure, (host.kind, relation), value, credit)):
                    yield (Who(speaker(*host, relation)[0], source), Address(*host, relation)), cells

    # -- why ---------------------------------------------------------------------------------------------------------

    def entity(self, who: Who, host: Address | None, cells: Mapping[int, Amounts]) -> Entity:
        """An entity with the statements that alone would give what it contributes."""
        decision = self._direct(who, cells) if host is None else self._shelved(who, host, cells)
        return Entity(*who, host, sorted(cells.items()), decision.said, decision.via)

    def _direct(self, who: Who, cells: Mapping[int, Amounts]) -> Decision:
        whole = own(self._measure, self._ledger.view(*who, self._ledger.row(*who)), who.kind)
        return decide(self._ledger, self._witnesses, who, self._gives(who, whole, cells))

    def _gives(self, who: Who, whole: Mapping[Cell, Amounts], cells: Mapping[int, Amounts]) -> Callable[[Row], bool]:
        """Whether a row contributes what was found, and nothing that the whole row does not."""

        def suffices(row: Row) -> bool:
            given = own(self._measure, self._ledger.view(*who, row), who.kind)
            return given.keys() <= whole.keys() and self._sought.among(given) == cells

        return suffices

    def _shelved(self, who: Who, target: Address, cells: Mapping[int, Amounts]) -> Decision:
        """Of what contributes through a shelf: why its host credits whom it does, and its own statements."""
        ledger, host = self._ledger, Who(target.kind, target.subject)
        link = Piece("shelf", target.relation, who.subject)
        value: Any = ledger.row(*host).shelves[target.relation].links[who.subject][1]
        whole = own(self._measure, ledger.view(*host, ledger.row(*host)), host.kind)

        def crediting(row: Row) -> bool:
            view = ledger.view(*host, told(row, link, value))
            given = shelved(self._measure, (host.kind, target.relation), value, credited(view))
            return own(self._measure, view, host.kind).keys() <= whole.keys() and self._sought.among(given) == cells

        credit = decide(ledger, self._witnesses, host, crediting)
        via = [Via("belongs to", *host, credit.said, credit.via)]
        if not ledger.knows(who):
            return Decision([], via, Row())
        saying = decide(ledger, self._witnesses, who, lambda row: ledger.spoken(*who, row).get(target) == value)
        return Decision(saying.said, [*saying.via, *via], saying.row)
