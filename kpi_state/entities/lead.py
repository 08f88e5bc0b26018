"""A lead: somebody who may buy, from its creation to its outcome."""

from __future__ import annotations

from typing import Any

import msgspec

from kpi_state.definitions import Definitions
from kpi_state.entities.contact import TOUCHES, first_of
from kpi_state.facts import decided, first_owner, owner_at, owner_now
from kpi_state.links import ACCEPTED, FIRST, LEAD, MERGE, OPPORTUNITY, REFERRED, TOUCH, Address, Links
from kpi_state.merges import Folded, Payload, folded, forward, winner_of
from kpi_state.rows import Row
from kpi_state.shelves import summed

OPEN, WON, LOST, DISQUALIFIED = "open", "won", "lost", "disqualified"

# Places of a lead's payload: what crosses a merge.
WINS, OPPORTUNITIES, QUALIFIED, ACCEPTED_OR_CONVERTED, FIRST_TOUCH = range(5)


class LeadView(msgspec.Struct, gc=False):
    """A lead that is not deleted, with what was merged into it."""

    subject: str
    exists: bool
    """Whether anything is known of it: a fact, or an entity that names it."""
    alive: bool
    """Not merged away."""
    created: int | None
    first_owner: str
    owner: str
    """Its owner now."""
    origin: str
    generated_by: str
    outcome: str
    outcome_at: int
    """0 while open."""
    outcome_owner: str
    """Its owner at the outcome."""
    qualified: bool
    """Ever."""
    converted: bool
    """Led to an accepted appointment, an opportunity, the status converted or a win."""
    first_touch: list[Any] | None
    """[at, touch, rep]."""
    reached: int | None
    """Instant of the first touch of the lead or of its contact."""
    contact: str | None
    referrer: str | None
    winner: str | None
    own: Payload
    folded: Folded


def view(subject: str, row: Row, definitions: Definitions) -> LeadView | None:
    """The lead, or None when deleted."""
    if row.get("deleted"):
        return None
    touches = summed(TOUCHES, row, TOUCH, definitions)
    opportunities, accepted = row.live(OPPORTUNITY), row.live(ACCEPTED)
    statuses = [value for _, value in row.lines.get("status", ())]
    own: Payload = [
        [_own_time(row, "outcome")] if row.last("outcome") == WON else [],
        sorted([[outcome, time] for _, (outcome, time) in opportunities]),
        "qualified" in statuses or "converted" in statuses,
        bool(accepted) or "converted" in statuses,
        touches.get(""),
    ]
    known = folded(row, subject)
    parts = [own, *known.payloads()] if known.items else [own]
    outcome, outcome_at = _outcome(row, parts)
    exists = bool(
        row.facts or row.lines or row.earliest is not None or opportunities or accepted or touches or known.items
    )
    qualified = converted = outcome == WON
    first_touch: list[Any] | None = None
    for part in parts:
        first_touch = first_of(first_touch, part[FIRST_TOUCH])
        qualified = qualified or part[QUALIFIED]
        converted = converted or bool(part[ACCEPTED_OR_CONVERTED] or part[OPPORTUNITIES])
    return LeadView(
        subject=subject,
        exists=exists,
        alive=known.alive,
        created=row.get("created_at"),
        first_owner=first_owner(row),
        owner=owner_now(row),
        origin=row.get("origin") or "",
        generated_by=row.get("generated_by") or "",
        outcome=outcome,
        outcome_at=outcome_at,
        outcome_owner=owner_at(row, outcome_at),
        qualified=qualified,
        converted=converted,
        first_touch=first_touch,
        reached=_reached(row, first_touch),
        contact=row.get("contact_id"),
        referrer=row.get("referrer_account_id"),
        winner=winner_of(row, subject),
        own=own,
        folded=known,
    )


def _reached(row: Row, first_touch: list[Any] | None) -> int | None:
    """The instant of its first touch, or of its contact's if that was before."""
    known = first_touch[0] if first_touch else None
    told = row.links.get(FIRST, {}).get(row.get("contact_id") or "")
    if told is None or told[1] is None or (known is not None and known < told[1]):
        return known
    return int(told[1])


def _own_time(row: Row, field: str) -> int:
    """When a lead's own outcome or status was reached: `closed_at`, else the time of the deciding fact."""
    closed = row.get("closed_at")
    return decided(row.lines[field]) if closed is None else int(closed)


def _outcome(row: Row, parts: list[Payload]) -> tuple[str, int]:
    """The first that holds: won, disqualified, lost, all opportunities lost, open; with its time."""
    opportunities = [item for part in parts for item in part[OPPORTUNITIES]]
    wins = [time for part in parts for time in part[WINS]]
    wins += [time for outcome, time in opportunities if outcome == WON]
    if wins:
        return WON, min(wins)
    if row.last("status") == DISQUALIFIED:
        return DISQUALIFIED, _own_time(row, "status")
    if row.last("outcome") == LOST:
        return LOST, _own_time(row, "outcome")
    if opportunities and not [outcome for outcome, _ in opportunities if outcome != LOST]:
        return LOST, max([time for _, time in opportunities])
    return OPEN, 0


def links(lead: LeadView) -> Links:
    """Its contact learns whether it ever qualified, its referrer that it came; a merged lead tells its winner
    everything instead.
    """
    out: Links = {}
    if lead.winner:
        out[Address("lead", lead.winner, MERGE)] = forward(lead.winner, lead.subject, lead.own, lead.folded.items)
    if lead.alive:
        if lead.contact:
            out[Address("contact", lead.contact, LEAD)] = [lead.qualified, lead.first_touch]
        if lead.referrer and lead.created is not None:
            out[Address("account", lead.referrer, REFERRED)] = [lead.created, lead.first_owner]
    return out
