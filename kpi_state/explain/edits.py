"""Rows as they would be without something that keeps them from counting: other entities, an outcome, another owner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kpi_state.entities.lead import OPEN
from kpi_state.events import Stamp
from kpi_state.explain.ledger import Ledger
from kpi_state.explain.witnesses import Who
from kpi_state.links import CONTRACT, DEAL, MERGE, OPPORTUNITY, PURCHASE
from kpi_state.read.document import instant_text
from kpi_state.rows import Row


class Edit(NamedTuple):
    """Why something does not count, and the row that would.

    of: the statement it is about, as (field, stamp, value).  instead: what counts may look the same as what would.
    """

    reason: str
    why: str
    row: Row
    of: tuple[str, Stamp, str] | None = None
    instead: bool = False


def edits(ledger: Ledger, who: Who, row: Row) -> Iterator[Edit]:
    """The reasons that lie in what an entity heard, and in its own history."""
    kind = who.kind
    if kind == "opportunity" and row.live(CONTRACT):
        names = ", ".join(sorted(source for source, _ in row.live(CONTRACT)))
        yield Edit("contract", f"contract {names} counts instead", without(row, CONTRACT), instead=True)
    elif kind == "account":
        yield from _bases(row)
    elif kind == "lead":
        view = ledger.view(*who, row)
        if view is not None and view.outcome != OPEN:
            open_again = without(row, OPPORTUNITY, MERGE, lines=("outcome", "status"))
            yield Edit("closed", f"{view.outcome} at {instant_text(view.outcome_at)}", open_again)
    for stamp, owner in row.lines.get("owner_id", ()):
        if owner:
            alone = without(row)
            alone.lines = row.lines | {"owner_id": [(stamp, owner)]}
            yield Edit(
                "other_owner", f"{owner!r} owned it, but not when it counts", alone, ("owner_id", stamp, str(owner))
            )


def _bases(row: Row) -> Iterator[Edit]:
    """What an account's activity and revenue do not rest on: contracts, purchases, won opportunities."""
    if row.shelves.get(PURCHASE):
        yield Edit("purchases", "its purchases are its revenue", without(row, PURCHASE))
    if row.live(CONTRACT):
        yield Edit("contracts", "its contracts say when it is active", without(row, CONTRACT))
    if row.live(DEAL):
        yield Edit("deals", "its contracts or purchases count, not what it won", without(row, CONTRACT, PURCHASE))


def without(row: Row, *relations: str, lines: tuple[str, ...] = ()) -> Row:
    """A copy of a row without what was heard in some relations and said on some timelines."""
    out = Row()
    out.earliest, out.facts = row.earliest, row.facts
    out.lines = {field: line for field, line in row.lines.items() if field not in lines}
    out.links = {relation: inbox for relation, inbox in row.links.items() if relation not in relations}
    out.shelves = {relation: shelf for relation, shelf in row.shelves.items() if relation not in relations}
    return out
