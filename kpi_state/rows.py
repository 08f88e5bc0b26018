"""Rows: what is known of one entity, as bytes in the ledger and as a `Row` while it is touched.

A call takes about 145 bytes encoded and 1,030 as Python objects, so rows live encoded and are decoded one batch at a
time. Layout, a msgpack array whose empty tail is cut:

    [rev, earliest, sources, stamps, facts, lines, links, shelves]

`sources` and `stamps` are tables without repetition; facts and lines refer to stamps by index, and to fields by their
index in `kpi_state.events.FIELDS` (append-only). Times of stamps are relative to the first one, ids of events and
values have the short forms of `kpi_state.short`; `earliest` is nil when it equals the earliest stamp that is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from kpi_state.events import Stamp, Value
from kpi_state.short import FORMS, long_id, long_value, short_id, short_value

Link = tuple[int, Any]
"""(rev of the source row, value or None once retracted). Values are made of None, bool, int, str, list and dict only.
"""
Inbox = dict[str, Link]
"""Source subject -> link."""

_EARLIEST: Final = 1
"""The place of `earliest` in a row."""
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder().decode


class Shelf:
    """A node of a shelf tree: links as they are, or, when there were too many, one summary a child (see
    `kpi_state.shelves`).
    """

    __slots__ = ("links", "summaries")

    def __init__(self, links: Inbox | None = None, summaries: list[Any] | None = None) -> None:
        self.links: Inbox = {} if links is None else links
        self.summaries = summaries


class Row:
    """One entity: its facts, the links it received, and `rev`, which counts the times its own links changed."""

    __slots__ = ("earliest", "facts", "lines", "links", "rev", "shelves")

    def __init__(self) -> None:
        self.rev = 0
        self.earliest: int | None = None
        """Earliest `time` of any event about the entity, in microseconds."""
        self.facts: dict[str, tuple[Stamp, Value]] = {}
        self.lines: dict[str, list[tuple[Stamp, Value]]] = {}
        self.links: dict[str, Inbox] = {}
        self.shelves: dict[str, Shelf] = {}

    def get(self, field: str) -> Any:
        """The value of a latest-wins field; None when absent or cleared."""
        fact = self.facts.get(field)
        return None if fact is None else fact[1]

    def last(self, field: str) -> Any:
        """The value of the last statement of a timeline; None when absent or cleared."""
        line = self.lines.get(field)
        return None if line is None else line[-1][1]

    def live(self, relation: str) -> list[tuple[str, Any]]:
        """(source, value) of the links of a relation that stand."""
        inbox = self.links.get(relation)
        return [] if inbox is None else [(source, value) for source, (_, value) in inbox.items() if value is not None]


def key_of(kind: str, subject: str) -> bytes:
    """The key of an entity in the ledger or the roster."""
    return f"{kind}/{subject}".encode()


def entity_of(key: bytes) -> tuple[str, str]:
    """The inverse of `key_of`: (kind, subject)."""
    kind, _, subject = key.decode().partition("/")
    return kind, subject


_NUMBERED: Final[Mapping[str, Mapping[str, tuple[int, int]]]] = {
    kind: {name: (number, how) for number, (name, how) in enumerate(forms)} for kind, forms in FORMS.items()
}
"""kind -> field -> (its number, how its values are shortened)."""


def encode_row(kind: str, row: Row) -> bytes:
    """The bytes of a row; equal rows give equal bytes only if built in the same order."""
    parts = _stated(kind, row) if row.facts or row.lines else [row.rev, row.earliest, [], [], [], []]
    if row.links or row.shelves:
        parts.append({relation: _flat(inbox) for relation, inbox in row.links.items()})
        if row.shelves:
            parts.append({relation: _node(shelf) for relation, shelf in row.shelves.items()})
    else:
        while len(parts) > _EARLIEST + 1 and not parts[-1]:
            parts.pop()
        if parts[-1] is None:
            parts.pop()
    return _pack(parts)


def _stated(kind: str, row: Row) -> list[Any]:
    """The parts of a row up to its lines: all that events said."""
    fields = _NUMBERED[kind]
    sources: dict[str, int] = {}
    places: dict[Stamp, int] = {}
    stamps: list[Any] = []
    facts: list[Any] = []
    last, at = None, 0
    for field, (stamp, value) in row.facts.items():
        if stamp is not last:  # facts of one event share its stamp
            last, at = stamp, _place(stamp, places, sources, stamps)
        number, how = fields[field]
        facts.append(number)
        facts.append(at)
        facts.append(short_value(how, stamp[0], value) if how else value)
    lines: list[Any] = []
    for field, line in row.lines.items():
        number, how = fields[field]
        flat: list[Any] = []
        for stamp, value in line:
            flat.append(_place(stamp, places, sources, stamps))
            flat.append(short_value(how, stamp[0], value) if how else value)
        lines.append(number)
        lines.append(flat)
    earliest = row.earliest
    if earliest == (stamps[0] if len(places) == 1 else min(places)[0]):
        earliest = None
    return [row.rev, earliest, list(sources), stamps, facts, lines]


def _place(stamp: Stamp, places: dict[Stamp, int], sources: dict[str, int], stamps: list[Any]) -> int:
    """The index of a stamp in the table of stamps, which it enters if it is not there yet."""
    found = places.get(stamp)
    if found is None:
        time, sequence, source, event = stamp
        found = places[stamp] = len(places)
        if found:
            time -= stamps[0]
        stamps += (time, sequence, sources.setdefault(source, len(sources)), short_id(event))
    return found


def decode_row(kind: str, data: bytes) -> Row:
    """The inverse of `encode_row`."""
    parts = _unpack(data)
    row = Row()
    n = len(parts)
    row.rev = parts[0]
    if n > 3:
        sources, flat, forms = parts[2], parts[3], FORMS.get(kind, ())
        first = flat[0] if flat else 0
        stamps: list[Stamp] = [
            (flat[i] + (first if i else 0), flat[i + 1], sources[flat[i + 2]], long_id(flat[i + 3]))
            for i in range(0, len(flat), 4)
        ]
        flat, facts = parts[4], row.facts  # there are facts or lines: a stamp belongs to one
        for i in range(0, len(flat), 3):
            name, how = forms[flat[i]]
            stamp, value = stamps[flat[i + 1]], flat[i + 2]
            facts[name] = (stamp, long_value(how, stamp[0], value) if how else value)
        if n > 5:
            flat = parts[5]
            for i in range(0, len(flat), 2):
                (name, how), line = forms[flat[i]], flat[i + 1]
                row.lines[name] = [
                    (stamps[line[j]], long_value(how, stamps[line[j]][0], line[j + 1]) if how else line[j + 1])
                    for j in range(0, len(line), 2)
                ]
        if stamps:
            row.earliest = min(stamps)[0]
    if n > 1 and parts[1] is not None:
        row.earliest = parts[1]
    if n > 6:
        row.links = {relation: _inbox(flat) for relation, flat in parts[6].items()}
    if n > 7:
        row.shelves = {relation: _shelf(node) for relation, node in parts[7].items()}
    return row


def encode_shelf(shelf: Shelf) -> bytes:
    """The bytes of a shelf that has a ledger row of its own."""
    return _pack(_node(shelf))


def decode_shelf(data: bytes) -> Shelf:
    """The inverse of `encode_shelf`."""
    return _shelf(_unpack(data))


def _flat(inbox: Inbox) -> list[Any]:
    return [x for source, (rev, value) in inbox.items() for x in (source, rev, value)]


def _inbox(flat: list[Any]) -> Inbox:
    return {flat[i]: (flat[i + 1], flat[i + 2]) for i in range(0, len(flat), 3)}


def _node(shelf: Shelf) -> list[Any]:
    return [_flat(shelf.links)] if shelf.summaries is None else [[], shelf.summaries]


def _shelf(node: list[Any]) -> Shelf:
    return Shelf(_inbox(node[0]), node[1] if len(node) > 1 else None)
