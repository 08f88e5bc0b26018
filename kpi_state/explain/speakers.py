"""Who speaks in a link, and what that makes it to the entity that hears it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kpi_state.entities.call import CHANNEL
from kpi_state.links import (
    ACCEPTED,
    CLAIM,
    CONTRACT,
    CUSTOMER,
    DEAL,
    DIALLED,
    FIRST,
    LEAD,
    MERGE,
    OPPORTUNITY,
    OWNER,
    PROFILE,
    PURCHASE,
    REACHED,
    REFERRED,
    TOUCH,
    parse_slot,
)

SPEAKERS: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("number", TOUCH): ("call", "reached by"),
    ("number", CLAIM): ("contact", "held by"),
    ("contact", TOUCH): ("slot", "reached in"),
    ("contact", REACHED): ("number", "reached at"),
    ("contact", LEAD): ("lead", "became"),
    ("contact", MERGE): ("contact", "has merged into it"),
    ("contact", FIRST): ("contact", "reached like"),
    ("lead", FIRST): ("contact", "reached like"),
    ("lead", TOUCH): ("slot", "reached in"),
    ("lead", OPPORTUNITY): ("opportunity", "led to"),
    ("lead", ACCEPTED): ("appointment", "led to"),
    ("lead", MERGE): ("lead", "has merged into it"),
    ("opportunity", CONTRACT): ("contract", "named by"),
    ("opportunity", MERGE): ("opportunity", "has merged into it"),
    ("opportunity", PROFILE): ("account", "about"),
    ("dial", DIALLED): ("call", "dialled by"),
    ("account", CUSTOMER): ("opportunity", "asked for by"),
    ("account", CONTRACT): ("contract", "signed"),
    ("account", DEAL): ("opportunity", "won by"),
    ("account", PURCHASE): ("purchase", "bought"),
    ("account", REFERRED): ("lead", "referred"),
    ("account", MERGE): ("account", "has merged into it"),
    ("account", OWNER): ("account", "owned like"),
}
"""(kind that hears, relation) → (kind that speaks, what it is to the one that hears); touches of a slot see below."""


def speaker(kind: str, subject: str, relation: str) -> tuple[str, str]:
    """(kind that speaks, what it is) of a link that an entity hears."""
    if kind == "slot":  # a slot is of one channel, and only calls are on that of calls
        return ("call" if parse_slot(subject).channel == CHANNEL else "activity"), "filled by"
    return SPEAKERS[kind, relation]
