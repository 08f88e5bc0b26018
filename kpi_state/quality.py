"""What is not a KPI but says how far to trust one: facts that are missing, merges that were cut off. Exact like any
contribution.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kpi_state.buckets import NO_BUCKET, Contributions, add
from kpi_state.entities.account import AccountView
from kpi_state.entities.appointment import PENDING, AppointmentView
from kpi_state.entities.contact import ContactView
from kpi_state.entities.contract import ContractView
from kpi_state.entities.lead import LeadView
from kpi_state.entities.opportunity import OpportunityView
from kpi_state.entities.purchase import PurchaseView
from kpi_state.kpis.kpi import Contribute
from kpi_state.merges import cut_off

INCOMPLETE: Final = "incomplete"
"""A field that a KPI needs is missing; labels (kind, field)."""
MERGE_TOO_DEEP: Final = "merge_too_deep"
"""Entities that a chain of more than 8 merges cuts off; labels (kind,)."""
WIDTHS: Final[Mapping[str, int]] = {INCOMPLETE: 1, MERGE_TOO_DEEP: 1}


def _incomplete(out: Contributions, kind: str, field: str) -> None:
    add(out, (INCOMPLETE, "", NO_BUCKET, (kind, field)), (1,))


def _cut(out: Contributions, kind: str, view: ContactView | LeadView | OpportunityView | AccountView) -> None:
    cut = cut_off(view.winner, view.folded.items)
    if cut:
        out[(MERGE_TOO_DEEP, "", NO_BUCKET, (kind,))] = (cut,)


def contact(view: ContactView, out: Contributions) -> None:
    """Merges only."""
    _cut(out, "contact", view)


def account(view: AccountView, out: Contributions) -> None:
    """Merges only."""
    _cut(out, "account", view)


def lead(view: LeadView, out: Contributions) -> None:
    """A lead without `created_at` counts nowhere by creation."""
    _cut(out, "lead", view)
    if view.exists and view.alive and view.created is None:
        _incomplete(out, "lead", "created_at")


def appointment(view: AppointmentView, out: Contributions) -> None:
    """A pending appointment without `set_at` has no age."""
    if view.verdict == PENDING and view.set_at is None:
        _incomplete(out, "appointment", "set_at")


def opportunity(view: OpportunityView, out: Contributions) -> None:
    """A won opportunity that no contract names needs an amount and its currency."""
    _cut(out, "opportunity", view)
    if view.is_deal and view.amount_minor is None:
        _incomplete(out, "opportunity", "amount_minor")
    elif view.is_deal and not view.currency:
        _incomplete(out, "opportunity", "currency")


def contract(view: ContractView, out: Contributions) -> None:
    """A contract needs a start, a value and its currency."""
    if view.start is None:
        _incomplete(out, "contract", "starts_on")
    if view.value_minor is None:
        _incomplete(out, "contract", "value_minor")
    elif not view.currency:
        _incomplete(out, "contract", "currency")


def purchase(view: PurchaseView, out: Contributions) -> None:
    """A purchase needs an instant, an amount and its currency."""
    if view.at is None:
        _incomplete(out, "purchase", "at")
    if view.amount_minor is None:
        _incomplete(out, "purchase", "amount_minor")
    elif not view.currency:
        _incomplete(out, "purchase", "currency")


CONTRIBUTE: Final[Mapping[str, Contribute]] = {
    "contact": contact,
    "account": account,
    "lead": lead,
    "appointment": appointment,
    "opportunity": opportunity,
    "contract": contract,
    "purchase": purchase,
}


def contributors(kind: str) -> tuple[Any, ...]:
    """What an entity of a kind says about the quality of its data."""
    return (CONTRIBUTE[kind],) if kind in CONTRIBUTE else ()
