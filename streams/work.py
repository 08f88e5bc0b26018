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
from streams.outbox import Outbox
from streams.quarantine import MAX_EVENT_BYTES, oversized, quarantined, source_of
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
    returns nothing but fills `ledger`, `tally`, `roster` (changed rows, None = tombstone), `links` (partition → key and
    value of each) and `outbox` (what is forwarded or set aside).
    """

    def __init__(self, partition: int, rows: State, settings: StreamSettings, home: Home) -> None:
        self.partition, self._rows, self._settings, self._home = partition, rows, settings, home
        self._future_us, self._late_us = settings.future_seconds * 1_000_000, settings.late_seconds * 1_000_000
        self._applier: Applier | None = None
        self._positions: dict[str, int] = {}
        self.counters = Counters(rows.tally)
        self.outbox = Outbox()
        self.links: dict[int, list[tuple[bytes, bytes]]] = {}
        self.ledger: dict[bytes, bytes] = {}
        self.tally: dict[bytes, bytes | None] = {}
        self.roster: dict[bytes, bytes] = {}
        self.records = 0
        self.unsettled = 0

    def _new_applier(self) -> Applier:
        return Applier(self._rows, self._settings.definitions, self._home, self.partition)

    def take(self, topic: str, records: Sequence[Any]) -> None:
        """Apply consumed records of an input or of the links; `topic` without prefix."""
        applier = self._applier
        if applier is None:
            applier = self._applier = self._new_applier()
        one = self._link if topic == LINKS else self._event
        counts = self.counters.topic(topic)
        forwarded_before = counts.forwarded
        for record in records:
            try:
                one(topic, record, applier)
            except ContractError as error:
                self._set_aside(topic, record, error)
        self.records += len(records)
        self.unsettled += len(records)
        counts.read += len(records) - (counts.forwarded - forwarded_before)

    def _event(self, topic: str, record: Any, applier: Applier) -> None:
        """Apply one record of an input, or forward it. Raises ContractError."""
        event = read_event(record)
        time, timestamp = event.stamp[0], timestamp_of(record)
        delay_us = None if timestamp is None else timestamp * 1000 - time
        if delay_us is not None and -delay_us > self._future_us and TOPIC_OF[event.kind] != AHEAD:
            limit = self._settings.future_seconds
            raise ContractError("time", f"at most {limit} s after its arrival", f"{-delay_us // 1_000_000} s after it")
        home = self._home(event.subject)
        if home == self.partition:
            changed = applier.event(event)
            self.counters.applied(event, changed=changed, delay_us=delay_us, late_us=self._late_us)
        else:
            self._forward(topic, record, event.subject, home)
            self.counters.forwarded(event)

    def _link(self, topic: str, record: Any, applier: Applier) -> None:
        """Apply one link, or forward it. Raises ContractError."""
        try:
            link = decode_link(record.value or b"")
            key = routing_key(link.kind, link.subject)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise ContractError("event", "a link of this version", type(error).__name__) from None
        if link.kind not in ENTITIES:
            raise ContractError("event", "a link of this version", "another kind")
        home = self._home(key)
        if home == self.partition:
            applier.receive(link)
        else:
            self._forward(topic, record, key, home)

    def _forward(self, topic: str, record: Any, key: str, home: int) -> None:
        self.counters.topic(topic).forwarded += 1
        self.outbox.put(self._settings.topic(topic), home, forwarded(record, key))

    def _set_aside(self, topic: str, record: Any, error: ContractError) -> None:
        self.counters.topic(topic).quarantined += 1
        if topic != LINKS:
            self.counters.quarantined(source_of(record), error.field)
        kept = quarantined(record, self._settings.topic(topic), self.partition, error)
        self.outbox.put(self._settings.topic(QUARANTINE), self.partition, kept)

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
        for home, key, value in changes.links:
            self.links.setdefault(home, []).append((key, value))

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
    value, headers = record.value or b"", record.headers
    if not headers and len(value) + len(record.key or b"") <= MAX_EVENT_BYTES:
        return decode(value)
    if (error := oversized(record)) is not None:
        raise error
    if any(name.startswith("ce_") for name, _ in headers):
        return decode_binary(attributes(headers), value)
    return decode(value)


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
