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
    named = row.live(LEAD)
    leads = [value for _, value in named]
    own: Payload = [
        min(
            [*touches.values(), *[touch for _, touch in row.live(REACHED)], *[touch for _, touch in leads if touch]],
            default=None,
        ),
        any(qualified for qualified, _ in leads),
    ]
    known = folded(row, subject)
    parts = [own, *known.payloads()]
    first = min([touch for touch, _ in parts if touch], default=None)
    return ContactView(
        subject,
        known.alive,
        first,
        any(qualified for _, qualified in parts),
        (first[0] if first else None) if known.alive else min([at for _, at in row.live(FIRST)], default=None),
        [lead for lead, _ in named],
        winner_of(row, subject),
        own,
        known,
        claimed(row.lines.get("phones", [])),
    )


def claimed(line: Line) -> dict[str, list[list[int | None]]]:
    """When each number was held, from the timeline of `phones`; got and lost at one instant, it never was."""
    spans: dict[str, list[list[int | None]]] = {}
    held: set[str] = set()
    for (time, *_), value in line:
        now = set(value) if isinstance(value, list) else set()
        for number in sorted(held - now):
            spans[number][-1][1] = time
        for number in sorted(now - held):
            spans.setdefault(number, []).append([time, None])
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
