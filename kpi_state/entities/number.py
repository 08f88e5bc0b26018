"""A number: the telephone number of an outside party, and who held it when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from kpi_state.definitions import Definitions
from kpi_state.links import CLAIM, REACHED, TOUCH, Address, Links
from kpi_state.rows import Row
from kpi_state.shelves import Shelving, minima, summed

Claims = list[tuple[int, int | None, str]]
"""(from, until or None, contact)."""


class NumberView(msgspec.Struct, gc=False):
    """A number that somebody held or will hold."""

    first: dict[str, list[Any]]
    """Contact -> [at, touch, rep] of the first touch in its claims."""


def claims(row: Row, definitions: Definitions) -> Claims:  # noqa: ARG001 - signature of Shelving
    """When which contact held the number."""
    return sorted(
        ((start, until, contact) for contact, spans in row.live(CLAIM) for start, until in spans),
        key=lambda claim: (claim[0], claim[2]),
    )


def holder(known: Claims, time: int) -> str | None:
    """Among the holders at an instant the one who got it last (tie: smallest id); if nobody held it, the next who gets
    it.
    """
    held = [(-start, contact) for start, until, contact in known if start <= time and (until is None or time < until)]
    if held:
        return min(held)[1]
    later = [(start, contact) for start, _, contact in known if start > time]
    return min(later)[1] if later else None


def _first(links: Iterable[tuple[str, Any]], known: Claims) -> dict[str, list[Any]]:
    out: dict[str, list[Any]] = {}
    if known:
        for _, touch in links:
            contact = holder(known, touch[0])
            if contact is not None and (contact not in out or touch < out[contact]):
                out[contact] = touch
    return out


TOUCHES = Shelving(summarise=_first, combine=minima, context=claims)


def view(subject: str, row: Row, definitions: Definitions) -> NumberView:  # noqa: ARG001 - one signature for all entities
    """The number."""
    return NumberView(summed(TOUCHES, row, TOUCH, definitions))


def links(number: NumberView) -> Links:
    """Every contact learns of the first touch while it held the number."""
    return {Address("contact", contact, REACHED): touch for contact, touch in number.first.items()}
