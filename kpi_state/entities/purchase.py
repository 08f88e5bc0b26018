"""A purchase: what an account bought on a day."""

from __future__ import annotations

import msgspec

from kpi_state.dates import day_of
from kpi_state.definitions import Definitions
from kpi_state.facts import UNASSIGNED, owner_now
from kpi_state.links import PURCHASE, Address, Links
from kpi_state.rows import Row


class PurchaseView(msgspec.Struct, gc=False):
    """A purchase that is not deleted."""

    account: str | None
    at: int | None
    day: int
    """Its date in the organisation's zone; 0 without `at`."""
    amount_minor: int | None
    currency: str
    owner: str
    """"" without one."""


def view(subject: str, row: Row, definitions: Definitions) -> PurchaseView | None:  # noqa: ARG001 - one signature for all entities
    """The purchase, or None when deleted."""
    if row.get("deleted"):
        return None
    at, owner = row.get("at"), owner_now(row)
    return PurchaseView(
        row.get("account_id"),
        at,
        0 if at is None else day_of(at, definitions.organisation_timezone),
        row.get("amount_minor"),
        row.get("currency") or "",
        "" if owner == UNASSIGNED else owner,
    )


def links(purchase: PurchaseView) -> Links:
    """Its account is active and has revenue by it: [at, day, amount, currency, owner]."""
    if not purchase.account or purchase.at is None:
        return {}
    return {
        Address("account", purchase.account, PURCHASE): [
            purchase.at,
            purchase.day,
            purchase.amount_minor or 0,
            purchase.currency,
            purchase.owner,
        ]
    }
