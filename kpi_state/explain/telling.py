"""What the entities of one partition contribute to the cells of a number, and what decided that; for a worker to tell.

All rows of the kinds that contribute are evaluated as the write path evaluates them, from what was heard of other
partitions too, so nothing has to be fetched. A row in which nobody of those who are asked about is named cannot
contribute, and is passed over undecoded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from kpi_state.apply import State
from kpi_state.buckets import Amounts, Cell, Contributions, add
from kpi_state.definitions import Definitions
from kpi_state.entities.registry import ENTITIES, SHELVED
from kpi_state.explain.asking import Ask, Entity, Share, cells_asked
from kpi_state.explain.contributions import credited, own, shelved
from kpi_state.explain.deciding import Decision, decide
from kpi_state.explain.ledger import Ledger
from kpi_state.explain.minimal import Piece, told
from kpi_state.explain.said import Via
from kpi_state.explain.speakers import speaker
from kpi_state.explain.witnesses import Who, Witnesses
from kpi_state.facts import UNASSIGNED
from kpi_state.kpis.kpi import Kpi
from kpi_state.links import Address
from kpi_state.measures.registry import BY_STEM
from kpi_state.rows import Row, decode_row, entity_of

NAMES: Final = 12
"""Up to so many ids are looked for in undecoded rows: looking for more is no faster than decoding."""

Found = tuple[Who, Address | None]
"""An entity, and through whose shelf it contributes."""


def tell(state: State, definitions: Definitions, asked: Ask, partition: int, position: int) -> Share:
    """What the rows of a partition say to a question; `position` is passed on. The rows must not change meanwhile."""
    teller = _Teller(state, definitions, asked)
    found = teller.find()
    totals: dict[int, Amounts] = {}
    for cells in found.values():
        for index, amounts in cells.items():
            add(totals, index, amounts)
    order = sorted(found, key=lambda each: (each[0], each[1] is not None))
    entities = [teller.entity(*each, found[each]) for each in order[: max(0, asked.most)]]
    whole = [(index, amounts) for index, amounts in sorted(totals.items()) if any(amounts)]
    return Share(partition, position, whole, entities, len(order) - len(entities))


class _Teller:
    def __init__(self, state: State, definitions: Definitions, asked: Ask) -> None:
        self._rows, self._definitions = state.ledger, definitions
        self._measure: Kpi = BY_STEM[asked.measure]
        self._wanted = {cell: index for index, cell in enumerate(cells_asked(asked))}
        self._ledger, self._witnesses = Ledger(state, definitions), Witnesses()

    # -- who ---------------------------------------------------------------------------------------------------------

    def find(self) -> dict[Found, dict[int, Amounts]]:
        """Everybody who contributes to a cell that is asked for."""
        found: dict[Found, dict[int, Amounts]] = {}
        hosts = {kind for kind, relation in SHELVED if SHELVED[kind, relation].contribute is not None}
        for who, data in self._candidates(hosts):
            row = decode_row(who.kind, data)
            view = ENTITIES[who.kind].view(who.subject, row, self._definitions)
            if cells := self._asked(own(self._measure, view, who.kind)):
                found[who, None] = cells
            if who.kind in hosts:
                found.update(self._through_shelves(who, credited(view)))
        return found

    def _candidates(self, hosts: set[str]) -> Iterator[tuple[Who, bytes]]:
        """Rows of the kinds that contribute in which somebody is named who is asked about."""
        kinds = {kind.encode() for kind in self._measure.contribute}
        names = {cell[1].encode() for cell in self._wanted}
        look = len(names) <= NAMES and UNASSIGNED.encode() not in names  # which is what rows do not say
        whole = {kind.encode() for kind in hosts}
        for key, data in self._rows.items():
            kind = key.partition(b"/")[0]
            if kind in kinds and (
                not look or kind in whole or any(name in data for name in names) or any(name in key for name in names)
            ):
                yield Who(*entity_of(key)), data

    def _through_shelves(self, host: Who, credit: str | None) -> Iterator[tuple[Found, dict[int, Amounts]]]:
        for relation, shelf in self._ledger.row(*host).shelves.items():
            for source, (_, value) in shelf.links.items():
                if cells := self._asked(shelved(self._measure, (host.kind, relation), value, credit)):
                    yield (Who(speaker(*host, relation)[0], source), Address(*host, relation)), cells

    def _asked(self, contributed: Contributions) -> dict[int, Amounts]:
        """Of contributions those that are asked for."""
        return {
            index: amounts for cell, amounts in contributed.items() if (index := self._wanted.get(cell)) is not None
        }

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
            return given.keys() <= whole.keys() and self._asked(given) == cells

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
            return own(self._measure, view, host.kind).keys() <= whole.keys() and self._asked(given) == cells

        credit = decide(ledger, self._witnesses, host, crediting)
        via = [Via("belongs to", *host, credit.said, credit.via)]
        if not ledger.knows(who):
            return Decision([], via, Row())
        saying = decide(ledger, self._witnesses, who, lambda row: ledger.spoken(*who, row).get(target) == value)
        return Decision(saying.said, [*saying.via, *via], saying.row)
