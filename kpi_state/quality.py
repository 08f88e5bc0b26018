"""What is not a KPI but says how far to trust one: facts that are missing, merges that were cut off. Exact like any
contribution.

Each is of the source to ask about it: the one whose statement of the missing field stands, if somebody cleared it, else
the one that spoke of the entity last. Latest by stamp, as everywhere, so no order of arrival matters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from kpi_state.buckets import NO_BUCKET, Contributions, add
from kpi_state.entities.account import AccountView
from kpi_state.entities.appointment import PENDING, AppointmentView
from kpi_state.entities.contact import ContactView
from kpi_state.entities.contract import ContractView
from kpi_state.entities.lead import LeadView
from kpi_state.entities.opportunity import OpportunityView
from kpi_state.entities.purchase import PurchaseView
from kpi_state.merges import cut_off
from kpi_state.rows import Row

INCOMPLETE: Final = "incomplete"
"""A field that a KPI needs is missing; labels (kind, field, source)."""
MERGE_TOO_DEEP: Final = "merge_too_deep"
"""Entities that a chain of more than 8 merges cuts off; labels (kind, source)."""
WIDTHS: Final[Mapping[str, int]] = {INCOMPLETE: 1, MERGE_TOO_DEEP: 1}
"""Of all of them the source is the last label."""


Judge = Callable[[Any, Row, Contributions], None]
"""(view, the row it is a view of, where to add to)."""


def _to_ask(row: Row, field: str) -> str:
    """The source to ask about a field; "" when nobody has said anything of the entity itself."""
    cleared = row.facts.get(field)
    if cleared is not None:
        return cleared[0][2]
    stamps = [stamp for stamp, _ in row.facts.values()]
    stamps += [line[-1][0] for line in row.lines.values()]
    return max(stamps)[2] if stamps else ""


def _incomplete(out: Contributions, kind: str, field: str, row: Row) -> None:
    add(out, (INCOMPLETE, "", NO_BUCKET, (kind, field, _to_ask(row, field))), (1,))


def _cut(out: Contributions, kind: str, view: ContactView | LeadView | OpportunityView | AccountView, row: Row) -> None:
    cut = cut_off(view.winner, view.folded.items)
    if cut:
        out[(MERGE_TOO_DEEP, "", NO_BUCKET, (kind, _to_ask(row, "merged_into")))] = (cut,)


def contact(view: ContactView, row: Row, out: Contributions) -> None:
    """Merges only."""
    _cut(out, "contact", view, row)


def account(view: AccountView, row: Row, out: Contributions) -> None:
    """Merges only."""
    _cut(out, "account", view, row)


def lead(view: LeadView, row: Row, out: Contributions) -> None:
    """A lead without `created_at` counts nowhere by creation."""
    _cut(out, "lead", view, row)
    if view.exists and view.alive and view.created is None:
        _incomplete(out, "lead", "created_at", row)


def appointment(view: AppointmentView, row: Row, out: Contributions) -> None:
    """A pending appointment without `set_at` has no age."""
    if view.verdict == PENDING and view.set_at is None:
        _incomplete(out, "appointment", "set_at", row)


def opportunity(view: OpportunityView, row: Row, out: Contributions) -> None:
    """A won opportunity that no contract names needs an amount and its currency."""
    _cut(out, "opportunity", view, row)
    if view.is_deal and view.amount_minor is None:
        _incomplete(out, "opportunity", "amount_minor", row)
    elif view.is_deal and not view.currency:
        _incomplete(out, "opportunity", "currency", row)


def contract(view: ContractView, row: Row, out: Contributions) -> None:
    """A contract needs a start, a value and its currency."""
    if view.start is None:
        _incomplete(out, "contract", "starts_on", row)
    if view.value_minor is None:
        _incomplete(out, "contract", "value_minor", row)
    elif not view.currency:
        _incomplete(out, "contract", "currency", row)


def purchase(view: PurchaseView, row: Row, out: Contributions) -> None:
    """A purchase needs an instant, an amount and its currency."""
    if view.at is None:
        _incomplete(out, "purchase", "at", row)
    if view.amount_minor is None:
        _incomplete(out, "purchase", "amount_minor", row)
    elif not view.currency:
        _incomplete(out, "purchase", "currency", row)


JUDGES: Final[Mapping[str, Judge]] = {
    "contact": contact,
    "account": account,
    "lead": lead,
    "appointment": appointment,
    "opportunity": opportunity,
    "contract": contract,
    "purchase": purchase,
}
"""Kind → what an entity of it says about the quality of its data."""
