"""Trees of shelves: a target holds links flat, then hands them to 16 shelves by a digit of the source's hash.

A shelf is a ledger row of its own on the target's partition, splits in turn, and its parent keeps one summary of it.
A touch so costs one leaf and a few summaries, whatever stands beside it, and rare targets pay nothing. (A shelf a
period, as first planned, makes every target pay a row and still crowds a busy month.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from zlib import crc32

from kpi_state.definitions import Definitions
from kpi_state.links import supersedes
from kpi_state.rows import Row, Shelf, decode_shelf, encode_shelf
from kpi_state.shelves import Shelving, Summary, standing, summary

SHELF_LINKS: Final = 32
FAN_OUT: Final = 16
MAX_DEPTH: Final = 7
"""Digits of a source's hash that tell shelves apart: below, a leaf just grows."""

UNCHANGED: Final = object()
"""What `Trees.keep` returns when the link that stands is the same as before."""


def digit(source: str, depth: int) -> int:
    """Which of the shelves at a depth holds a source."""
    return (crc32(source.encode()) >> (4 * depth)) & (FAN_OUT - 1)


def shelf_key(kind: str, subject: str, relation: str, path: str) -> bytes:
    """The ledger key of a shelf; no entity's key begins with "~"."""
    return f"~{relation}{path}/{kind}/{subject}".encode()


class Tree:
    """The shelves of one relation of one target; `context` is what their summaries were made in."""

    __slots__ = ("context", "kind", "relation", "root", "row", "shelving", "subject")

    def __init__(
        self, kind: str, subject: str, relation: str, shelving: Shelving, row: Row, definitions: Definitions
    ) -> None:
        self.kind, self.subject, self.relation, self.shelving, self.row = kind, subject, relation, shelving, row
        self.root = row.shelves.setdefault(relation, Shelf())
        self.context = shelving.context(row, definitions) if shelving.context else None

    def key(self, path: str) -> bytes:
        """The ledger key of a shelf below the root."""
        return shelf_key(self.kind, self.subject, self.relation, path)


class Trees:
    """The shelves that one commit works on; `ledger` is where they are read from."""

    def __init__(self, ledger: Mapping[bytes, bytes]) -> None:
        self._ledger = ledger
        self._shelves: dict[bytes, Shelf] = {}
        self._written: set[bytes] = set()

    def changes(self) -> dict[bytes, bytes]:
        """The ledger rows of the shelves that changed; the roots are part of their targets' rows."""
        return {key: encode_shelf(self._shelves[key]) for key in self._written}

    def keep(self, tree: Tree, source: str, rev: int, value: Any) -> Any:
        """Keep a link if it is newer. What stood before (None: nothing), or UNCHANGED."""
        shelf, path = tree.root, ""
        above: list[tuple[list[Summary], int, bytes]] = []
        while shelf.summaries is not None:
            place = digit(source, len(path))
            path += f"{place:x}"
            key = tree.key(path)
            above.append((shelf.summaries, place, key))
            shelf = self._shelf(key)
        old = shelf.links.get(source)
        if not supersedes(old, rev):
            return UNCHANGED
        shelf.links[source] = (rev, value)
        if above:
            self._written.add(above[-1][2])
        before = None if old is None else old[1]
        if before == value:
            return UNCHANGED
        if len(shelf.links) > SHELF_LINKS and len(path) < MAX_DEPTH:
            self._split(tree, shelf, path)
        for summaries, place, key in reversed(above):
            summaries[place] = summary(tree.shelving, self._shelves[key], tree.context)
            self._written.add(key)
        return before

    def standing(self, tree: Tree) -> Iterator[tuple[str, Any]]:
        """(source, value) of all links that stand."""
        return self._below(tree, tree.root, "")

    def refresh(self, tree: Tree, definitions: Definitions) -> None:
        """Sum the shelves up again if the target now decides otherwise what counts."""
        shelving = tree.shelving
        if shelving.context is not None:
            context = shelving.context(tree.row, definitions)
            if context != tree.context:
                tree.context = context
                self._summarise(tree, tree.root, "")

    def _shelf(self, key: bytes) -> Shelf:
        shelf = self._shelves.get(key)
        if shelf is None:
            shelf = self._shelves[key] = decode_shelf(self._ledger[key])
        return shelf

    def _split(self, tree: Tree, shelf: Shelf, path: str) -> None:
        """Hand the links of a full shelf to 16 shelves below it."""
        below = [Shelf() for _ in range(FAN_OUT)]
        for source, link in shelf.links.items():
            below[digit(source, len(path))].links[source] = link
        for place, one in enumerate(below):
            key = tree.key(f"{path}{place:x}")
            self._shelves[key] = one
            self._written.add(key)
        shelf.links = {}
        shelf.summaries = [summary(tree.shelving, one, tree.context) for one in below]

    def _below(self, tree: Tree, shelf: Shelf, path: str) -> Iterator[tuple[str, Any]]:
        if shelf.summaries is None:
            yield from standing(shelf)
            return
        for place in range(FAN_OUT):
            below = f"{path}{place:x}"
            yield from self._below(tree, self._shelf(tree.key(below)), below)

    def _summarise(self, tree: Tree, shelf: Shelf, path: str) -> Summary:
        if shelf.summaries is not None:
            for place in range(FAN_OUT):
                below = f"{path}{place:x}"
                key = tree.key(below)
                shelf.summaries[place] = self._summarise(tree, self._shelf(key), below)
                self._written.add(key)
        return summary(tree.shelving, shelf, tree.context)
