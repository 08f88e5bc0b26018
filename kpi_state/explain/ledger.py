"""The final rows of a replay, read one by one: links that stand, shelves flat."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from kpi_state.apply import State
from kpi_state.definitions import Definitions
from kpi_state.entities.registry import ENTITIES, SHELVED
from kpi_state.explain.witnesses import Who
from kpi_state.links import Address
from kpi_state.rows import Inbox, Row, Shelf, decode_row, entity_of, key_of
from kpi_state.trees import Tree, Trees

_REMEMBERED: Final = 4_096
"""Rows kept decoded: explaining one entity asks for the same few again."""


class Ledger:
    """The entities of a settled state. Rows it gives are shared: whoever edits one copies it first."""

    def __init__(self, state: State, definitions: Definitions) -> None:
        self._rows, self.definitions = state.ledger, definitions
        self.row = lru_cache(_REMEMBERED)(self._row)

    def __len__(self) -> int:
        """How many rows there are, those of shelves among them."""
        return len(self._rows)

    def entities(self) -> Iterator[Who]:
        """Every entity."""
        return (Who(*entity_of(key)) for key in self._rows if not key.startswith(b"~"))

    def knows(self, who: Who) -> bool:
        """Whether there is a row of an entity: in the ledger of one partition there need not be."""
        return key_of(*who) in self._rows

    def _row(self, kind: str, subject: str) -> Row:
        """The row of an entity; an empty one when nothing is known of it."""
        data = self._rows.get(key_of(kind, subject))
        row = Row() if data is None else decode_row(kind, data)
        row.links = {relation: standing for relation, inbox in row.links.items() if (standing := _standing(inbox))}
        trees = Trees(self._rows)
        for relation in row.shelves:
            tree = Tree(kind, subject, relation, SHELVED[kind, relation], row, self.definitions)
            row.shelves[relation] = Shelf({source: (0, value) for source, value in trees.standing(tree)})
        return row

    def view(self, kind: str, subject: str, row: Row) -> Any:
        """What a row of an entity means; None while it means nothing."""
        return ENTITIES[kind].view(subject, row, self.definitions)

    def spoken(self, kind: str, subject: str, row: Row) -> dict[Address, Any]:
        """What an entity with this row says to others."""
        view = self.view(kind, subject, row)
        return {} if view is None else ENTITIES[kind].links(view)


def _standing(inbox: Inbox) -> Inbox:
    return {source: (0, value) for source, (_, value) in inbox.items() if value is not None}
