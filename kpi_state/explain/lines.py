"""The entities that a number is made of, each with what decided its contribution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from kpi_state.buckets import Amounts, Bucket, Cell, Contributions
from kpi_state.explain.case import Case
from kpi_state.explain.contributions import Contribution, credited, own, shelved
from kpi_state.explain.deciding import NOTHING, Decision, decide
from kpi_state.explain.explanation import Line, Via
from kpi_state.explain.minimal import Piece, told
from kpi_state.explain.witnesses import Who
from kpi_state.kpis.kpi import Kpi
from kpi_state.links import Address
from kpi_state.rows import Row

Labels = tuple[str | None, ...]


class Share(NamedTuple):
    """What one entity contributes at one time: cells that differ only in labels that are not asked for."""

    who: Who
    rep: str
    bucket: Bucket
    labels: Labels
    """None where a label is not asked for."""
    target: Address | None


class Shares:
    """The shares of a number, added up as contributions come in."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._asked = {name for name, _ in case.slot.labels}
        self._cells: dict[Share, list[tuple[Cell, Amounts]]] = {}
        self._landed: dict[Share, list[Amounts]] = {}

    def add(self, contribution: Contribution, landed: Amounts) -> None:
        """Count a contribution that adds `landed` to the number."""
        share = self._share(contribution.who, contribution.cell, contribution.target)
        self._cells.setdefault(share, []).append((contribution.cell, contribution.amounts))
        self._landed.setdefault(share, []).append(landed)

    def __len__(self) -> int:
        return len(self._cells)

    def __iter__(self) -> Iterator[Share]:
        return iter(sorted(self._cells, key=lambda share: (share.bucket, share.who, share.rep)))

    def whos(self) -> set[Who]:
        """The entities that have a share."""
        return {share.who for share in self._cells}

    def example(self, share: Share) -> tuple[Cell, Amounts]:
        """One of the contributions that make a share."""
        return self._cells[share][0]

    def landed(self, share: Share) -> Amounts:
        """What a share adds to the parts of the number."""
        return self._case.together(self._landed[share])

    def of(self, who: Who, contributions: Contributions) -> set[Share]:
        """The shares that an entity's own contributions make."""
        return {self._share(who, cell, None) for cell in contributions}

    def gives(self, share: Share, contributions: Contributions) -> bool:
        """Whether contributions of its entity come to a share."""
        found = [
            amounts for cell, amounts in contributions.items() if self._share(share.who, cell, share.target) == share
        ]
        return bool(found) and _summed(found) == _summed(amounts for _, amounts in self._cells[share])

    def _share(self, who: Who, cell: Cell, target: Address | None) -> Share:
        names = self._case.kpi.measure_labels
        labels = tuple(label if name in self._asked else None for name, label in zip(names, cell[3], strict=True))
        return Share(who, cell[1], cell[2], labels, target)


def _summed(several: Iterable[Amounts]) -> Amounts:
    return tuple(map(sum, zip(*several, strict=True)))


class Lines:
    """The lines of shares: what decided them gives them, and nothing that their entity does not contribute."""

    def __init__(self, case: Case, shares: Shares, measure: Kpi) -> None:
        self._case, self._shares, self._measure = case, shares, measure
        self._whole = lru_cache(1024)(self._shares_of)
        self._hosts: dict[tuple[Who, str], list[Decision]] = {}
        """(entity, whom it credits) → what decided that, for things that it bought before."""

    def line(self, share: Share, *, detailed: bool) -> Line:
        """A share, with the statements that decided it or without them."""
        decision = NOTHING
        if detailed:
            decision = self._direct(share) if share.target is None else self._shelved(share, share.target)
        parts = self._case.shown(self._shares.landed(share))
        return Line(*share.who, share.rep, parts, decision.said, decision.via)

    def _direct(self, share: Share) -> Decision:
        ledger, who = self._case.ledger, share.who

        def suffices(row: Row) -> bool:
            given = own(self._measure, ledger.view(*who, row), who.kind)
            return self._adds_nothing(who, given) and self._shares.gives(share, given)

        return decide(ledger, self._case.witnesses, who, suffices)

    def _shelved(self, share: Share, target: Address) -> Decision:
        """Of what contributes through a shelf: its own statements, and why its target credits whom it does."""
        ledger, witnesses, who = self._case.ledger, self._case.witnesses, share.who
        host, link = Who(target.kind, target.subject), Piece("shelf", target.relation, who.subject)

        def together(row: Row, value: Any) -> bool:
            view = ledger.view(*host, told(row, link, value))
            given = shelved(self._measure, (target.kind, target.relation), value, credited(view))
            mine = own(self._measure, view, host.kind)
            return self._adds_nothing(host, mine) and self._shares.gives(share, given)

        value = ledger.spoken(*who, ledger.row(*who)).get(target)
        known = self._hosts.setdefault((host, share.rep), [])
        crediting = next((each for each in known if together(each.row, value)), None)
        if crediting is None:
            crediting = decide(ledger, witnesses, host, lambda row: together(row, value))
            known.append(crediting)
        left = crediting.row
        saying = decide(ledger, witnesses, who, lambda row: together(left, ledger.spoken(*who, row).get(target)))
        via = Via("belongs to", *host, crediting.said, crediting.via)
        return Decision(saying.said, [*saying.via, via], saying.row)

    def _adds_nothing(self, who: Who, given: Contributions) -> bool:
        """Whether an entity contributes by itself nothing that it does not contribute as a whole."""
        return self._shares.of(who, given) <= self._whole(who)

    def _shares_of(self, who: Who) -> set[Share]:
        ledger = self._case.ledger
        return self._shares.of(who, own(self._measure, ledger.view(*who, ledger.row(*who)), who.kind))
