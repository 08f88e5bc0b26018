"""What one commit of one partition does, without Kafka: records in, rows and outgoing records out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from kpi_state.apply import Applier, State, fingerprint
from kpi_state.entities.registry import ENTITIES
from kpi_state.events import TOPIC_OF, ContractError, Event, decode, decode_binary
from kpi_state.links import decode_link, routing_key
from kpi_state.published import (
    LINKS,
    QUARANTINE,
    WorkerRow,
    decode_fingerprint,
    decode_position,
    encode_row,
    fingerprint_key,
    position_key,
    worker_key,
)
from streams.counters import Counters
from streams.errors import StreamError
from streams.outbox import Outbox, Outgoing
from streams.quarantine import oversized, quarantined, source_of
from streams.routing import Home, forwarded, timestamp_of
from streams.settings import StreamSettings

AHEAD: Final = "hr.events"
"""Statements about people may be dated ahead; they count from their time."""


def position_of(rows: State, topic: str) -> int:
    """The next log position of an input as its row says, 0 without one."""
    row = rows.tally.get(position_key(topic))
    return 0 if row is None else decode_position(row)


def check_fingerprint(rows: State, settings: StreamSettings) -> None:
    """Raise StreamError when the rows of a partition were counted with other definitions or another core."""
    row = rows.tally.get(fingerprint_key())
    own = fingerprint(settings.definitions)
    if row is not None and (found := decode_fingerprint(row)) != own:
        raise StreamError(
            f"the state of {settings.app_id} was counted with fingerprint {found}, [definitions] and this version give "
            f"{own}: start with the floor.toml and the version it was counted with, or run `floorpulse rebuild`"
        )


def owner_row(settings: StreamSettings) -> bytes | None:
    """What the row of a partition's owner says while it is ours; None for no row."""
    return encode_row(WorkerRow(settings.url)) if settings.url else None


class Work:
    """A commit in the making for the rows of one partition.

    `take` applies records, as many at a time as may block the event loop; `settle` finishes what was taken; `finish`
    returns nothing but fills `ledger`, `tally`, `roster` (changed rows, None = tombstone) and `outbox`.
    """

    def __init__(self, partition: int, rows: State, settings: StreamSettings, home: Home) -> None:
        self.partition, self._rows, self._settings, self._home = partition, rows, settings, home
        self._future_us, self._late_us = settings.future_seconds * 1_000_000, settings.late_seconds * 1_000_000
        self._applier: Applier | None = None
        self._positions: dict[str, int] = {}
        self.counters = Counters(rows.tally)
        self.outbox = Outbox()
        self.ledger: dict[bytes, bytes] = {}
        self.tally: dict[bytes, bytes | None] = {}
        self.roster: dict[bytes, bytes] = {}
        self.records = 0
        self.unsettled = 0

    def take(self, topic: str, records: Sequence[Any]) -> None:
        """Apply consumed records of an input or of the links; `topic` without prefix."""
        applier = self._applier
        if applier is None:
            applier = self._applier = Applier(self._rows, self._settings.definitions, self._home, self.partition)
        one = self._link if topic == LINKS else self._event
        counts = self.counters.topic(topic)
        self.records += len(records)
        self.unsettled += len(records)
        for record in records:
            try:
                routed = one(applier, record)
            except ContractError as error:
                counts.read += 1
                counts.quarantined += 1
                if topic != LINKS:
                    self.counters.quarantined(source_of(record), error.field)
                self.outbox.put(self._settings.topic(QUARANTINE), self.partition, quarantined(record, error))
            else:
                if routed:
                    counts.read += 1
                else:
                    counts.forwarded += 1

    def _event(self, applier: Applier, record: Any) -> bool:
        """Apply one record of an input, or forward it: False. Raises ContractError."""
        event = read_event(record)
        time, timestamp = event.stamp[0], timestamp_of(record)
        delay_us = None if timestamp is None else timestamp * 1000 - time
        if delay_us is not None and -delay_us > self._future_us and TOPIC_OF[event.kind] != AHEAD:
            limit = self._settings.future_seconds
            raise ContractError("time", f"at most {limit} s after its arrival", f"{-delay_us // 1_000_000} s after it")
        if not self._is_home(event.subject, record):
            self.counters.forwarded(event)
            return False
        changed = applier.event(event)
        self.counters.applied(event, changed=changed, delay_us=delay_us, late_us=self._late_us)
        return True

    def _link(self, applier: Applier, record: Any) -> bool:
        """Apply one link, or forward it: False. Raises ContractError."""
        try:
            link = decode_link(record.value or b"")
            key = routing_key(link.kind, link.subject)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise ContractError("event", "a link of this version", type(error).__name__) from None
        if link.kind not in ENTITIES:
            raise ContractError("event", "a link of this version", "another kind")
        if not self._is_home(key, record):
            return False
        applier.receive(link)
        return True

    def _is_home(self, key: str, record: Any) -> bool:
        home = self._home(key)
        if home == self.partition:
            return True
        self.outbox.put(record.topic, home, forwarded(record, key))
        return False

    @property
    def rows(self) -> tuple[Mapping[bytes, bytes | None], ...]:
        """The changed rows of each table, in the order of TABLES."""
        return self.ledger, self.tally, self.roster

    def move(self, topic: str, position: int) -> None:
        """State that everything before this log position of an input is dealt with."""
        self._positions[topic] = position

    def settle(self) -> None:
        """Finish what was taken so far."""
        if self._applier is None:
            return
        changes, self._applier, self.unsettled = self._applier.finish(), None, 0
        self.ledger.update(changes.ledger)
        self.tally.update(changes.tally)
        self.roster.update(changes.roster)
        links = self._settings.topic(LINKS)
        for partition, key, value in changes.links:
            self.outbox.put(links, partition, Outgoing(key, value))

    def finish(self) -> None:
        """Settle, and add positions, counters and, in the first commit of a partition, the fingerprint."""
        self.settle()
        rows = self.counters.rows()
        rows.update({position_key(topic): encode_row(position) for topic, position in self._positions.items()})
        if fingerprint_key() not in self._rows.tally:
            rows[fingerprint_key()] = encode_row(fingerprint(self._settings.definitions))
        self._rows.tally.update(rows)
        self.tally.update(rows)
        self._sign()

    def _sign(self) -> None:
        """Say who owns the partition, where the former owner still stands."""
        key, row = worker_key(), owner_row(self._settings)
        if self._rows.tally.get(key) != row:
            self.tally[key] = row
            if row is None:
                del self._rows.tally[key]
            else:
                self._rows.tally[key] = row


def read_event(record: Any) -> Event:
    """The event of a consumed record, in structured or binary mode; raises ContractError."""
    if (error := oversized(record)) is not None:
        raise error
    if record.headers and any(name.startswith("ce_") for name, _ in record.headers):
        return decode_binary(attributes(record.headers), record.value or b"")
    return decode(record.value or b"")


def attributes(headers: Sequence[tuple[str, bytes]]) -> dict[str, str]:
    """The attributes of binary mode; raises ContractError."""
    found = {}
    for name, value in headers:
        if name.startswith("ce_"):
            try:
                found[name] = (value or b"").decode()
            except UnicodeDecodeError:
                raise ContractError(name.removeprefix("ce_"), "text in UTF-8", "another encoding") from None
    return found
