"""The least that suffices: rows cut down to the statements and links that a claim about them needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from kpi_state.events import FIELDS, Stamp
from kpi_state.rows import Row, Shelf

Item = TypeVar("Item")


class Piece(NamedTuple):
    """One thing a row is made of. name: a field or relation.  of: the source of a link, the stamp of a statement."""

    what: str
    name: str
    of: Any = None


MANY: Final = 64
TIME: Final = Piece("time", "time")
"""That something was said about the entity at all, at its earliest."""


def minimal(items: Sequence[Item], suffices: Callable[[list[Item]], bool]) -> list[Item]:
    """The items none of which can be left out, those in front left out first; all of them must suffice.

    Of many, large runs are tried first, so that the few that matter among thousands are found in few looks.
    """
    kept = list(items)
    size = len(kept) if len(kept) > MANY else 1
    while size:
        at, before = 0, len(kept)
        while at < len(kept):
            rest = kept[:at] + kept[at + size :]
            if suffices(rest):
                kept = rest
            else:
                at += size
        if size > 1 or len(kept) == before:  # leaving one out may free another: until nothing goes any more
            size //= 2
    return kept


def pieces(kind: str, row: Row) -> list[Piece]:
    """Everything a row is made of, what is best left out first: links, later statements, then facts.

    Of facts that say the same twice those in front go: a call's hours before its talk time, a contract's dates before
    its term. That a rep is known at all is best shown by a name.
    """
    found = [TIME]
    for relation in sorted(row.shelves):
        found += [Piece("shelf", relation, source) for source in sorted(row.shelves[relation].links, reverse=True)]
    for relation in sorted(row.links):
        found += [Piece("link", relation, source) for source in sorted(row.links[relation], reverse=True)]
    fields = FIELDS.get(kind, ())[:: -1 if kind == "rep" else 1]
    for field in fields:
        found += [Piece("line", field, stamp) for stamp, _ in reversed(row.lines.get(field, []))]
    found += [Piece("fact", field) for field in fields if field in row.facts]
    return found


def only(row: Row, kept: Sequence[Piece]) -> Row:
    """A row of some pieces of another."""
    out = Row()
    stamps: dict[str, set[Stamp]] = {}
    for what, name, of in kept:
        if what == "time":
            out.earliest = row.earliest
        elif what == "fact":
            out.facts[name] = row.facts[name]
        elif what == "line":
            stamps.setdefault(name, set()).add(of)
        elif what == "link":
            out.links.setdefault(name, {})[of] = row.links[name][of]
        else:
            out.shelves.setdefault(name, Shelf()).links[of] = row.shelves[name].links[of]
    for field, wanted in stamps.items():
        out.lines[field] = [statement for statement in row.lines[field] if statement[0] in wanted]
    return out


def told(row: Row, link: Piece, value: Any) -> Row:
    """The row as it would be if a link said this; None: nothing."""
    out = Row()
    out.earliest, out.facts, out.lines = row.earliest, row.facts, row.lines
    out.links, out.shelves = dict(row.links), dict(row.shelves)
    if link.what == "shelf":
        inbox = dict(row.shelves[link.name].links) if link.name in row.shelves else {}
        out.shelves[link.name] = Shelf(inbox)
    else:
        inbox = out.links[link.name] = dict(row.links.get(link.name, {}))
    inbox.pop(link.of, None)
    if value is not None:
        inbox[link.of] = (0, value)
    return out
