"""A slot: one rep, party, channel and UTC hour, in which at most one touch counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from kpi_state.definitions import Definitions
from kpi_state.links import TOUCH, Address, Links, parse_slot
from kpi_state.rows import Row
from kpi_state.shelves import Shelving, minima, summed


class SlotView(msgspec.Struct, gc=False):
    """A slot with at least one effective touch."""

    rep: str
    channel: str
    at: int
    """Instant of its earliest touch."""
    party: str
    earliest: dict[str, list[Any]]
    """Target ("c…" contact, "l…" lead, "n" the number of the slot) -> [at, touch] of the earliest touch aimed there."""


def _earliest(links: Iterable[tuple[str, Any]], context: None) -> dict[str, list[Any]]:  # noqa: ARG001 - signature of Shelving
    """{"": earliest touch of all, target: earliest touch aimed at it}, each as [at, touch]."""
    out: dict[str, list[Any]] = {}
    for touch, (at, contact, lead) in links:
        item = [at, touch]
        for key in ("", *_aims(contact, lead)):
            if key not in out or item < out[key]:
                out[key] = item
    return out


def _aims(contact: str | None, lead: str | None) -> list[str]:
    aims = ["c" + contact] if contact else []
    if lead:
        aims.append("l" + lead)
    return aims or ["n"]


TOUCHES = Shelving(summarise=_earliest, combine=minima)


def view(subject: str, row: Row, definitions: Definitions) -> SlotView | None:
    """The slot, or None when all its touches are gone."""
    earliest = summed(TOUCHES, row, TOUCH, definitions)
    if not earliest:
        return None
    slot = parse_slot(subject)
    return SlotView(slot.rep, slot.channel, earliest[""][0], slot.party, earliest)


def links(slot: SlotView) -> Links:
    """Contacts and leads, else the number, learn of their first touch here: [at, touch, rep]."""
    out: Links = {}
    for key, (at, touch) in slot.earliest.items():
        if key == "n":
            if slot.party[0] == "n":
                out[Address("number", slot.party[1:], TOUCH)] = [at, touch, slot.rep]
        elif key:
            out[Address("contact" if key[0] == "c" else "lead", key[1:], TOUCH)] = [at, touch, slot.rep]
    return out
