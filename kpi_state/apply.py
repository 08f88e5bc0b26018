"""The write path: events and links in, changed rows and links out; one `Applier` a commit.

An entity is evaluated when it is first touched and again when everything that waits for it was merged; the tallies
get the difference. Links to entities of the same partition are applied at once, the others are handed to the caller
to be sent in the same transaction. Nothing here depends on how events are cut into commits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from kpi_state.buckets import Amounts, Cell, Contributions
from kpi_state.definitions import Definitions
from kpi_state.entities.registry import ENTITIES, RANKS, ROSTER, SHELVED
from kpi_state.evaluate import NOTHING, Evaluation, difference, evaluate
from kpi_state.events import Event
from kpi_state.facts import merge
from kpi_state.links import Address, LinkRecord, decode_link, encode_link, receive, routing_key
from kpi_state.rows import Row, decode_row, encode_row, key_of
from kpi_state.shelves import Shelving
from kpi_state.tallies import count
from kpi_state.trees import UNCHANGED, Tree, Trees

CORE_VERSION: Final = 2
"""Raised whenever contributions, links or the row codec of any entity change: a delta with new code against rows
counted by old code would be silently wrong."""


def fingerprint(definitions: Definitions) -> str:
    """What stored state was counted with; a worker that finds another one refuses to start."""
    text = msgspec.json.encode([CORE_VERSION, definitions], order="deterministic")
    return f"{CORE_VERSION}-{hashlib.sha256(text).hexdigest()[:16]}"


@dataclass(slots=True)
class State:
    """The rows of one partition, as they stand in its tables."""

    ledger: dict[bytes, bytes] = field(default_factory=dict)
    tally: dict[bytes, bytes] = field(default_factory=dict)
    roster: dict[bytes, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class Changes:
    """What a commit writes beside positions and counters; a tally row of None is a tombstone."""

    ledger: dict[bytes, bytes] = field(default_factory=dict)
    tally: dict[bytes, bytes | None] = field(default_factory=dict)
    roster: dict[bytes, bytes] = field(default_factory=dict)
    links: list[tuple[int, bytes, bytes]] = field(default_factory=list)
    """(partition, key, value) of records of `kpi.links`."""


class _Touched:
    """An entity of the ledger while a commit works on it."""

    __slots__ = ("evaluation", "key", "kind", "row", "subject", "trees")

    def __init__(self, kind: str, subject: str, key: bytes, row: Row, evaluation: Evaluation) -> None:
        self.kind, self.subject, self.key, self.row, self.evaluation = kind, subject, key, row, evaluation
        self.trees: dict[str, Tree] = {}
        """Relation -> its shelves."""


class Applier:
    """Applies what one commit brings to the rows of one partition.

    `home` gives the partition of a routing key. The caller routes: it brings only events whose subject, and links
    whose key, live here. `finish` updates `state` in place and returns what changed.
    """

    def __init__(self, state: State, definitions: Definitions, home: Callable[[str], int], partition: int) -> None:
        self._state, self._definitions, self._home, self._partition = state, definitions, home, partition
        self._touched: dict[bytes, _Touched] = {}
        self._people: dict[tuple[str, str], Row] = {}
        self._written: dict[bytes, _Touched] = {}
        self._trees = Trees(state.ledger)
        self._written_people: set[tuple[str, str]] = set()
        self._waiting: list[dict[bytes, _Touched]] = [{} for _ in range(RANKS)]
        self._deltas: dict[Cell, Amounts] = {}
        self._outgoing: dict[tuple[Address, str], tuple[int, str, LinkRecord]] = {}
        """(target, source) -> (its partition, its routing key, what it is told)."""

    def event(self, event: Event) -> bool:
        """Merge the facts of an event. True if it changed anything."""
        if event.kind in ROSTER:
            return self._person(event)
        touched = self._touch(event.kind, event.subject)
        if not merge(touched.row, event):
            return False
        self._wait(touched)
        return True

    def link(self, value: bytes) -> None:
        """Receive one record of `kpi.links`."""
        self.receive(decode_link(value))

    def finish(self) -> Changes:
        """Settle everything that was touched."""
        rank = 0
        while rank < RANKS:
            waiting = self._waiting[rank]
            if not waiting:
                rank += 1
                continue
            self._waiting[rank] = {}
            lowest = rank
            for touched in waiting.values():
                lowest = min(lowest, self._settle(touched))
            rank = lowest
        return self._changes()

    # -- entities --------------------------------------------------------------------------------------------------

    def _person(self, event: Event) -> bool:
        who = (event.kind, event.subject)
        row = self._people.get(who)
        if row is None:
            data = self._state.roster.get(key_of(*who))
            row = self._people[who] = Row() if data is None else decode_row(event.kind, data)
        changed = merge(row, event)
        if changed:
            self._written_people.add(who)
        return changed

    def _touch(self, kind: str, subject: str) -> _Touched:
        key = key_of(kind, subject)
        touched = self._touched.get(key)
        if touched is None:
            data = self._state.ledger.get(key)
            if data is None:
                touched = _Touched(kind, subject, key, Row(), NOTHING)
            else:
                row = decode_row(kind, data)
                touched = _Touched(kind, subject, key, row, evaluate(kind, subject, row, self._definitions))
                for relation in row.shelves:
                    touched.trees[relation] = Tree(
                        kind, subject, relation, SHELVED[kind, relation], row, self._definitions
                    )
            self._touched[key] = touched
        return touched

    def _wait(self, touched: _Touched) -> None:
        self._written[touched.key] = touched
        self._waiting[ENTITIES[touched.kind].rank][touched.key] = touched

    def _settle(self, touched: _Touched) -> int:
        """Evaluate an entity again, count the difference, send the changed links. The lowest rank that waits for it."""
        kind, row, old = touched.kind, touched.row, touched.evaluation
        for tree in touched.trees.values():
            self._trees.refresh(tree, self._definitions)
        new = evaluate(kind, touched.subject, row, self._definitions)
        touched.evaluation = new
        difference(new.contributions, old.contributions, self._deltas)
        if new.credit != old.credit:
            self._credit(touched, old.credit, new.credit)
        lowest = RANKS
        if new.links != old.links:
            row.rev += 1
            for address, value in new.links.items():
                if address not in old.links or old.links[address] != value:
                    lowest = min(lowest, self._send(touched, address, value))
            for address in old.links:
                if address not in new.links:
                    lowest = min(lowest, self._send(touched, address, None))
        return lowest

    # -- links -----------------------------------------------------------------------------------------------------

    def _send(self, source: _Touched, address: Address, value: Any) -> int:
        record = LinkRecord(address.kind, address.subject, address.relation, source.subject, source.row.rev, value)
        routing = routing_key(address.kind, address.subject)
        home = self._home(routing)
        if home != self._partition:
            # a later one of this commit replaces it: only the last counts
            self._outgoing[address, source.subject] = home, routing, record
            return RANKS
        self.receive(record)
        return ENTITIES[address.kind].rank

    def receive(self, record: LinkRecord) -> None:
        """Receive what another entity says."""
        relation = record.relation
        touched = self._touch(record.kind, record.subject)
        shelving = SHELVED.get((record.kind, relation))
        if shelving is not None:
            changed = self._keep(touched, record, shelving)
        else:
            changed = receive(touched.row.links.setdefault(relation, {}), record.source, record.rev, record.value)
        if changed:
            self._wait(touched)
        else:
            self._written[touched.key] = touched  # its rev may be higher than the one that is kept

    def _keep(self, touched: _Touched, record: LinkRecord, shelving: Shelving) -> bool:
        """Keep a link on its shelf. True when what stands changed."""
        relation, value = record.relation, record.value
        tree = touched.trees.get(relation)
        if tree is None:
            tree = touched.trees[relation] = Tree(
                touched.kind, touched.subject, relation, shelving, touched.row, self._definitions
            )
        before = self._trees.keep(tree, record.source, record.rev, value)
        if before is UNCHANGED:
            return False
        credit = touched.evaluation.credit
        self._contribute(shelving, before, credit, value, credit)
        return True

    def _credit(self, touched: _Touched, old: str | None, new: str | None) -> None:
        """Move what the shelved links contribute from one owner to another."""
        for tree in touched.trees.values():
            for _, value in self._trees.standing(tree):
                self._contribute(tree.shelving, value, old, value, new)

    def _contribute(
        self, shelving: Shelving, old: Any, old_credit: str | None, new: Any, new_credit: str | None
    ) -> None:
        contribute = shelving.contribute
        if contribute is None:
            return
        before: Contributions = {}
        after: Contributions = {}
        if old is not None:
            contribute(before, old, old_credit)
        if new is not None:
            contribute(after, new, new_credit)
        difference(after, before, self._deltas)

    # -- what changed ----------------------------------------------------------------------------------------------

    def _changes(self) -> Changes:
        state, changes = self._state, Changes()
        for key, touched in self._written.items():
            changes.ledger[key] = encode_row(touched.kind, touched.row)
        changes.ledger.update(self._trees.changes())
        state.ledger.update(changes.ledger)
        for kind, subject in self._written_people:
            changes.roster[key_of(kind, subject)] = encode_row(kind, self._people[kind, subject])
        state.roster.update(changes.roster)
        changes.tally = count(state.tally, self._deltas)
        for home, routing, record in self._outgoing.values():
            changes.links.append((home, routing.encode(), encode_link(record)))
        return changes
