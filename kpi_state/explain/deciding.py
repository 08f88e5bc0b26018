"""What decided a contribution: the statements that alone would give it, of the entity and of those whose word counts.

Nothing here knows a KPI or a kind of entity. A row is cut down as far as it still gives the same contribution; what is
left decided it. For each link that is left, the row of whoever speaks in it is cut down as far as the contribution
stands with what it then says, and so on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from kpi_state.explain.ledger import Ledger
from kpi_state.explain.minimal import TIME, Piece, minimal, only, pieces, told
from kpi_state.explain.said import Said, Via
from kpi_state.explain.speakers import speaker
from kpi_state.explain.witnesses import Who, Witnesses
from kpi_state.links import Address
from kpi_state.rows import Row

Suffices = Callable[[Row], bool]
Edge = tuple[Who, str, Any]
"""A link: who hears it, in which relation, from whom."""
ALWAYS = ("deleted", "merged_into")
"""Fields of which one wants to know when they were taken back, though nothing rests on that."""


class Decision(NamedTuple):
    """What decided: own statements, other entities, and the row that is left."""

    said: list[Said]
    via: list[Via]
    row: Row


NOTHING: Final = Decision([], [], Row())


def decide(
    ledger: Ledger, witnesses: Witnesses, who: Who, suffices: Suffices, used: frozenset[Edge] = frozenset()
) -> Decision:
    """The least of an entity's row, and of those it heard, that suffices; the whole must.

    used: links that this is the reason for. What was merged in a circle would else be its own reason.
    """
    whole = ledger.row(*who)
    kept = minimal(
        [piece for piece in pieces(who.kind, whole) if (who, piece.name, piece.of) not in used],
        lambda some: suffices(only(whole, some)),
    )
    row = only(whole, kept)
    via: list[Via] = []
    for piece in kept:
        if piece.what in {"link", "shelf"}:
            kind, says = speaker(*who, piece.name)
            source, address = Who(kind, piece.of), Address(*who, piece.name)
            if not ledger.knows(source):  # it lives on another partition, and its word is all that is known
                via.append(Via(says, *source, [], []))
                continue

            def said(other: Row, source: Who = source, address: Address = address) -> Any:
                return ledger.spoken(*source, other).get(address)

            def still(other: Row, row: Row = row, piece: Piece = piece, said: Callable[[Row], Any] = said) -> bool:
                return suffices(told(row, piece, said(other)))

            why = decide(ledger, witnesses, source, still, used | {(who, piece.name, piece.of)})
            row = told(row, piece, said(why.row))
            via.append(Via(says, *source, why.said, why.via))
    return Decision(testimony(witnesses, who, whole, kept), via, row)


def testimony(witnesses: Witnesses, who: Who, row: Row, kept: Sequence[Piece]) -> list[Said]:
    """The statements among the pieces of a row, by the time of the event."""
    found: list[tuple[tuple[object, ...], Said]] = []
    for piece in kept:
        if piece == TIME and row.earliest is not None:
            found.append(((row.earliest,), witnesses.began(who, row.earliest)))
        elif piece.what == "fact":
            stamp, value = row.facts[piece.name]
            found.append(((*stamp, piece.name), witnesses.said(who, piece.name, stamp, value)))
        elif piece.what == "line":
            value = next(value for stamp, value in row.lines[piece.name] if stamp == piece.of)
            found.append(((*piece.of, piece.name), witnesses.said(who, piece.name, piece.of, value)))
    for field in ALWAYS:
        if field in row.facts:
            witnesses.said(who, field, *row.facts[field])
    return [said for _, said in sorted(found, key=lambda each: each[0])]
