"""A call: one leg of a telephone conversation, as its rep saw it."""

from __future__ import annotations

from typing import Final

import msgspec

from kpi_state.buckets import DAY, HOUR
from kpi_state.definitions import Definitions
from kpi_state.links import DIALLED, TOUCH, Address, Links, dial_subject, slot_subject
from kpi_state.rows import Row

CHANNEL: Final = "call"
SHORT_US: Final = 10_000_000
"""A call of less is short, microseconds."""


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
    outbound: bool
    short: bool
    """Its length is known (ended − started, else the talk time of an answered leg), and it is short."""
    own: bool
    """To a number of the organisation itself."""
    dialled: bool
    """Whether its number counts among those that its rep called that day."""


def view(subject: str, row: Row, definitions: Definitions) -> CallView | None:
    """The leg, or None while nothing of it counts."""
    rep = row.get("rep_id")
    at = row.get("started_at")
    if at is None:
        at = row.earliest
    if row.get("deleted") or not rep or at is None:
        return None
    answered = row.get("disposition") == "answered"
    spoken_us = _spoken_us(row) if answered else None
    talk_us = spoken_us or 0
    effective = answered and talk_us >= definitions.talk_seconds * 1_000_000
    outbound = row.get("direction") == "outbound"
    phone = row.get("phone")
    return CallView(
        subject=subject,
        rep=rep,
        at=at,
        attempted=answered or outbound,
        talk_us=talk_us,
        effective=effective,
        phone=phone,
        contact=row.get("contact_id"),
        lead=row.get("lead_id"),
        outbound=outbound,
        short=outbound and _is_short(row, spoken_us),
        dialled=outbound and bool(phone) and definitions.distinct_numbers,
        own=outbound and bool(phone) and phone.startswith(definitions.own_numbers),
    )


def _spoken_us(row: Row) -> int | None:
    """Talk time of an answered leg; None when nobody knows it."""
    seconds = row.get("talk_seconds")
    if seconds is not None:
        return int(seconds) * 1_000_000
    answered, ended = row.get("answered_at"), row.get("ended_at")
    return None if answered is None or ended is None else max(0, ended - answered)


def _is_short(row: Row, spoken_us: int | None) -> bool:
    started, ended = row.get("started_at"), row.get("ended_at")
    length = spoken_us if started is None or ended is None else ended - started
    return length is not None and 0 <= length < SHORT_US


def links(call: CallView) -> Links:
    """An outbound leg to a number is one of its rep's dials of it, an effective leg fills its slot. The number of an
    effective one that names nobody learns of it, [at, touch, rep], leg by leg: who held the number may change within
    the hour of a slot.
    """
    out: Links = {}
    if call.dialled and call.phone:
        out[Address("dial", dial_subject(call.rep, call.phone, call.at // DAY), DIALLED)] = call.at
    if not call.effective:
        return out
    out.update(touch(call.subject, call.rep, CHANNEL, call.at, call.phone, call.contact, call.lead))
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
