"""An activity: an e-mail, a message, a meeting or a visit."""

from __future__ import annotations

from typing import Final

import msgspec

from kpi_state.definitions import Definitions
from kpi_state.entities.call import touch
from kpi_state.facts import UNASSIGNED
from kpi_state.links import Links
from kpi_state.rows import Row

IN_PERSON: Final = frozenset({"meeting", "visit"})


class ActivityView(msgspec.Struct, gc=False):
    """Something that a person did; what is automated or inbound has no view."""

    subject: str
    rep: str
    at: int
    channel: str
    """"" when the source did not say: an attempt on no channel, and no touch."""
    contact: str | None
    lead: str | None


def view(subject: str, row: Row, definitions: Definitions) -> ActivityView | None:  # noqa: ARG001 - one signature for all entities
    """The activity, or None while nothing of it counts."""
    at = row.get("at")
    if at is None:
        at = row.earliest
    if row.get("deleted") or row.get("automated") or at is None:
        return None
    channel = row.get("channel") or ""
    if channel not in IN_PERSON and row.get("direction") != "outbound":
        return None
    return ActivityView(
        subject, row.get("rep_id") or UNASSIGNED, at, channel, row.get("contact_id"), row.get("lead_id")
    )


def links(activity: ActivityView) -> Links:
    """An activity on a known channel fills its slot."""
    if not activity.channel:
        return {}
    return touch(activity.subject, activity.rep, activity.channel, activity.at, None, activity.contact, activity.lead)
