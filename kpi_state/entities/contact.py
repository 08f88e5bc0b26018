"""A contact: a person reached or to be reached."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from kpi_state.definitions import Definitions
from kpi_state.facts import Line
from kpi_state.links import CLAIM, FIRST, LEAD, MERGE, REACHED, TOUCH, Address, Links
from kpi_state.merges import Folded, Payload, folded, forward, winner_of
from kpi_state.rows import Row
from kpi_state.shelves import Shelving, minima, summed

Touch = list[Any]
"""[at, touch, rep]."""


def _first(links: Iterable[tuple[str, Any]], context: None) -> dict[str, Touch]:  # noqa: ARG001 - signature of Shelving
    touches = [touch for _, touch in links]
    return {"": min(touches)} if touches else {}


TOUCHES = Shelving(summarise=_first, combine=minima)


class ContactView(msgspec.Struct, gc=False):
    """A contact that is not deleted, with what was merged into it."""

    subject: str
    alive: bool
    """Not merged away."""
    first_touch: Touch | None
    qualified: bool
    """Whether it ever became a qualified lead."""
    reached: int | None
    """Instant of the first touch, of the contact it was merged into if it was."""
    leads: list[str]
    """Whom it tells that."""
    winner: str | None
    own: Payload
    """[first touch or None, qualified] without what was merged into it."""
    folded: Folded
    numbers: dict[str, list[list[int | None]]]
    """Number -> [[from, until or None], …]."""


def view(subject: str, row: Row, definitions: Definitions) -> ContactView | None:
    """The contact, or None when deleted."""
    if row.get("deleted"):
        return None
    touches = summed(TOUCHES, row, TOUCH, definitions)
    leads, known, winner = row.live(LEAD), folded(row, subject), winner_of(row, subject)
    first, qualified = touches.get(""), False
    for _, touch in row.live(REACHED):
        first = first_of(first, touch)
    for _, (lead_qualified, touch) in leads:
        first, qualified = first_of(first, touch), qualified or lead_qualified
    own: Payload = [first, qualified]
    for touch, payload_qualified in known.payloads() if known.items else ():
        first, qualified = first_of(first, touch), qualified or payload_qualified
    reaching = ([first[0]] if first else []) if known.alive else [at for _, at in row.live(FIRST)]
    return ContactView(
        subject,
        known.alive,
        first,
        qualified,
        min(reaching, default=None),
        [lead for lead, _ in leads],
        winner,
        own,
        known,
        claimed(row.lines.get("phones", [])),
    )


def first_of(one: Touch | None, other: Touch | None) -> Touch | None:
    """The earlier of two touches, None for none."""
    return one if not other or (one and one <= other) else other


def claimed(line: Line) -> dict[str, list[list[int | None]]]:
    """When each number was held, from the timeline of `phones`; got and lost at one instant, it never was."""
    spans: dict[str, list[list[int | None]]] = {}
    held: set[str] = set()
    for stamp, value in line:
        now = set(value) if isinstance(value, list) else set()
        for number in sorted(held - now):
            spans[number][-1][1] = stamp[0]
        for number in sorted(now - held):
            spans.setdefault(number, []).append([stamp[0], None])
        held = now
    return {number: lasting for number, each in spans.items() if (lasting := [one for one in each if one[0] != one[1]])}


def links(contact: ContactView) -> Links:
    """The winner of a merge gets everything; each number learns when it was held, each lead, and each contact that was
    merged into it, when it was first touched.
    """
    out: Links = {Address("number", number, CLAIM): spans for number, spans in contact.numbers.items()}
    if contact.reached is not None:
        out |= {Address("lead", lead, FIRST): contact.reached for lead in contact.leads}
        if contact.alive:
            out |= {Address("contact", origin, FIRST): contact.reached for origin in contact.folded.items}
    if contact.winner:
        out[Address("contact", contact.winner, MERGE)] = forward(
            contact.winner, contact.subject, contact.own, contact.folded.items
        )
    return out
