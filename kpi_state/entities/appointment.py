"""An appointment: set by one rep, accepted or rejected by whom it was handed to."""

from __future__ import annotations

import msgspec

from kpi_state.definitions import Definitions
from kpi_state.facts import UNASSIGNED, decided
from kpi_state.links import ACCEPTED, Address, Links
from kpi_state.rows import Row

PENDING = "pending"


class AppointmentView(msgspec.Struct, gc=False):
    """An appointment that is not deleted."""

    rep: str
    """Who set it."""
    set_at: int | None
    verdict: str
    verdict_at: int
    """0 while pending."""
    reason: str
    lead: str | None


def view(subject: str, row: Row, definitions: Definitions) -> AppointmentView | None:  # noqa: ARG001 - one signature for all entities
    """The appointment, or None when deleted."""
    if row.get("deleted"):
        return None
    verdict = row.last("verdict") or PENDING
    at = row.get("verdict_at")
    if verdict == PENDING:
        at = 0
    elif at is None:
        at = decided(row.lines["verdict"])
    return AppointmentView(
        row.get("set_by") or UNASSIGNED, row.get("set_at"), verdict, at, row.get("reason") or "", row.get("lead_id")
    )


def links(appointment: AppointmentView) -> Links:
    """An accepted appointment converts its lead."""
    if appointment.verdict == "accepted" and appointment.lead:
        return {Address("lead", appointment.lead, ACCEPTED): True}
    return {}
