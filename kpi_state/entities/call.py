"""A call: one leg of a telephone conversation, as its rep saw it."""

from __future__ import annotations

import msgspec

from kpi_state.buckets import HOUR
from kpi_state.definitions import Definitions
from kpi_state.links import TOUCH, Address, Links, slot_subject
from kpi_state.rows import Row

CHANNEL = "call"


class CallView(msgspec.Struct, gc=False):
    """A leg that a rep had a part in; one without a rep, an abandoned queue call, counts nowhere."""

    subject: str
    rep: str
    at: int
    attempted: bool
    """Outbound whatever became of it, or answered."""
    talk_us: int
    """Talk time of an answered leg, else 0."""
    effective: bool
    phone: str | None
    contact: str | None
    lead: str | None


def view(subject: str, row: Row, definitions: Definitions) -> CallView | None:
    """The leg, or None while nothing of it counts."""
    get = row.get
    rep = get("rep_id")
    at = get("started_at")
    if at is None:
        at = row.earliest
    if get("deleted") or not rep or at is None:
        return None
    answered = get("disposition") == "answered"
    talk_us = _talk_us(row) if answered else 0
    effective = answered and talk_us >= definitions.talk_seconds * 1_000_000
    attempted = answered or get("direction") == "outbound"
    return CallView(subject, rep, at, attempted, talk_us, effective, get("phone"), get("contact_id"), get("lead_id"))


def _talk_us(row: Row) -> int:
    seconds = row.get("talk_seconds")
    if seconds is not None:
        return int(seconds) * 1_000_000
    answered, ended = row.get("answered_at"), row.get("ended_at")
    return 0 if answered is None or ended is None else max(0, ended - answered)


def links(call: CallView) -> Links:
    """An effective leg fills its slot. The number of one that names nobody learns of it, [at, touch, rep], leg by leg:
    who held the number may change within the hour of a slot.
    """
    if not call.effective:
        return {}
    out = touch(call.subject, call.rep, CHANNEL, call.at, call.phone, call.contact, call.lead)
    if call.phone and not call.contact and not call.lead:
        out[Address("number", call.phone, TOUCH)] = [call.at, call.subject, call.rep]
    return out


def touch(
    subject: str, rep: str, channel: str, at: int, phone: str | None, contact: str | None, lead: str | None
) -> Links:
    """The link of a touch to its slot: [at, contact, lead]. Party = a call's number, else contact, else lead, else
    itself.
    """
    party = "n" + phone if phone else "c" + contact if contact else "l" + lead if lead else "t" + subject
    return {Address("slot", slot_subject(rep, party, channel, at // HOUR), TOUCH): [at, contact, lead]}
