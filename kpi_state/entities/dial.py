"""A dial: one rep, number and day of UTC, in which a number counts once however often it is called."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from kpi_state.definitions import Definitions
from kpi_state.links import DIALLED, Links, dial_rep
from kpi_state.rows import Row
from kpi_state.shelves import Shelving, summed


class DialView(msgspec.Struct, gc=False):
    """A number that was called on a day."""

    rep: str
    at: int
    """Instant of the first call."""


def _first(links: Iterable[tuple[str, int]], context: None) -> int | None:  # noqa: ARG001 - signature of Shelving
    return min([at for _, at in links], default=None)


def _earliest(summaries: Iterable[int | None], context: None) -> int | None:  # noqa: ARG001 - signature of Shelving
    return min((at for at in summaries if at is not None), default=None)


CALLS = Shelving(summarise=_first, combine=_earliest)


def view(subject: str, row: Row, definitions: Definitions) -> DialView | None:
    """The dial, or None when all its calls are gone."""
    at = summed(CALLS, row, DIALLED, definitions)
    return None if at is None else DialView(dial_rep(subject), at)


def links(dial: DialView) -> Links:  # noqa: ARG001 - one signature for all entities
    """It tells nobody."""
    return {}
