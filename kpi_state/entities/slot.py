"""A slot: one rep, party, channel and UTC hour, in which at most one touch counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from kpi_state.definitions import Definitions
from kpi_state.links import TOUCH, Address, Links, slot_actor
from kpi_state.rows import Row
from kpi_state.shelves import Shelving, minima, summed


class SlotView(msgspec.Struct, gc=False):
    """A slot with at least one effective touch."""

    rep: str
    channel: str
    at: int
    """Instant of its earliest touch."""
    earliest: dict[str, list[Any]]
    """Target ("c…" contact, "l…" lead) -> [at, touch] of the earliest touch aimed there."""


def _earliest(links: Iterable[tuple[str, Any]], context: None) -> dict[str, list[Any]]:  # noqa: ARG001 - signature of Shelving
    """{"": earliest touch of all, target: earliest touch aimed at it}, each as [at, touch]."""
    out: dict[str, list[Any]] = {}
    for touch, (at, contact, lead) in links:
        item = [at, touch]
        keys = [""]
        if contact:
            keys.append("c" + contact)
        if lead:
            keys.append("l" + lead)
        for key in keys:
            if key not in out or item < out[key]:
                out[key] = item
    return out


TOUCHES = Shelving(summarise=_earliest, combine=minima)


def view(subject: str, row: Row, definitions: Definitions) -> SlotView | None:
    """The slot, or None when all its touches are gone."""
    earliest = summed(TOUCHES, row, TOUCH, definitions)
    if not earliest:
        return None
    rep, channel = slot_actor(subject)
    return SlotView(rep, channel, earliest[""][0], earliest)


def links(slot: SlotView) -> Links:
    """Contacts and leads learn of a first touch here: [at, touch, rep]."""
    return {
        Address("contact" if target[0] == "c" else "lead", target[1:], TOUCH): [at, touch, slot.rep]
        for target, (at, touch) in slot.earliest.items()
        if target
    }
