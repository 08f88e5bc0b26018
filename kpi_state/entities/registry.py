"""All entities of the ledger: how each is viewed, which links it sends, and which of its links are shelved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kpi_state.definitions import Definitions
from kpi_state.entities import (
    account,
    activity,
    appointment,
    call,
    contact,
    contract,
    dial,
    lead,
    number,
    opportunity,
    purchase,
    slot,
)
from kpi_state.links import DIALLED, PURCHASE, TOUCH, Links
from kpi_state.rows import Row
from kpi_state.shelves import Shelving


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of row in the ledger."""

    view: Callable[[str, Row, Definitions], Any]
    """(subject, row, definitions) -> what the row means now; None while it means nothing."""
    links: Callable[[Any], Links]
    rank: int
    """Entities of a lower rank are settled first: what they say reaches the others in one go."""


ENTITIES: Final[Mapping[str, Entity]] = {
    "call": Entity(call.view, call.links, 0),
    "activity": Entity(activity.view, activity.links, 0),
    "appointment": Entity(appointment.view, appointment.links, 0),
    "contract": Entity(contract.view, contract.links, 0),
    "purchase": Entity(purchase.view, purchase.links, 0),
    "slot": Entity(slot.view, slot.links, 1),
    "dial": Entity(dial.view, dial.links, 1),
    "opportunity": Entity(opportunity.view, opportunity.links, 2),
    "lead": Entity(lead.view, lead.links, 3),
    "number": Entity(number.view, number.links, 4),
    "contact": Entity(contact.view, contact.links, 5),
    "account": Entity(account.view, account.links, 6),
}
RANKS: Final = 7

ROSTER: Final = frozenset({"rep", "absence", "target", "heartbeat"})
"""Kinds whose facts are published as they are and contribute nothing."""

SHELVED: Final[Mapping[tuple[str, str], Shelving]] = {
    ("slot", TOUCH): slot.TOUCHES,
    ("dial", DIALLED): dial.CALLS,
    ("number", TOUCH): number.TOUCHES,
    ("contact", TOUCH): contact.TOUCHES,
    ("lead", TOUCH): contact.TOUCHES,
    ("account", PURCHASE): account.PURCHASES,
}
