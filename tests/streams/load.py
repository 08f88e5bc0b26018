"""A load with a known answer: events of many kinds, in any order, some twice, some broken, some without key."""

import contextlib
import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from kpi_state.apply import Applier, State
from kpi_state.buckets import Amounts, Cell
from kpi_state.definitions import Definitions
from kpi_state.events import ContractError, decode
from kpi_state.published import INPUTS, decode_tally, is_tally
from streams.counters import reason_of
from streams.quarantine import source_of
from tests.streams.records import Record

REPS, CONTACTS = 12, 40


class Sent(NamedTuple):
    """A record for an input: topic without prefix, key, value, and its Kafka timestamp, None for that of sending."""

    topic: str
    key: bytes | None
    value: bytes
    timestamp_ms: int | None = None


class Load:
    """`count` records drawn from `seed`; what they come to is counted by the core alone, on one partition."""

    def __init__(self, count: int, seed: int = 7) -> None:
        self._rng = random.Random(seed)
        self._number = 0
        self.records: list[Sent] = []
        while len(self.records) < count:
            self.records += self._something()
        self._rng.shuffle(self.records)
        self.records += [self._rng.choice(self.records) for _ in range(count // 50)]

    def _sent(self, topic: str, kind: str, subject: str, **data: Any) -> Sent:
        self._number += 1
        seconds = self._rng.randrange(400 * 86_400)
        day = f"2024-{1 + seconds % 12:02}-{1 + seconds // 12 % 28:02}"
        time = f"{day}T{seconds // 400 % 24:02}:{seconds // 10_000 % 60:02}:00Z"
        value = {
            "specversion": "1.0",
            "id": f"e{self._number}",
            "source": f"/{topic}",
            "type": kind,
            "subject": subject,
        }
        key = None if self._rng.random() < 0.02 else subject.encode()
        if self._rng.random() < 0.1:
            data["colour"] = "red"  # which the contract does not know
        record = json.dumps({**value, "time": time, "data": {"owner_id": self._rep(), **data}}).encode()
        return Sent(topic, key, record, at_once(time) if self._rng.random() < 0.5 else None)

    def _rep(self) -> str:
        return f"r{self._rng.randrange(REPS)}"

    def _time(self) -> str:
        return f"2024-03-{1 + self._rng.randrange(28):02}T{self._rng.randrange(24):02}:15:00Z"

    def _something(self) -> Iterator[Sent]:
        """The events of one thing."""
        rng, crm = self._rng, "crm.events"
        name, contact = f"{self._number}", f"c{rng.randrange(CONTACTS)}"
        draw = rng.random()
        if draw < 0.5:
            at, phone = self._time(), f"+3120{rng.randrange(CONTACTS):07}"
            call = {
                "rep_id": self._rep(),
                "direction": "outbound",
                "phone": phone,
                "started_at": at,
                "talk_seconds": rng.randrange(90),
            }
            yield self._sent("telephony.events", "telephony.call.v1", f"call-{name}", **call)
            yield self._sent(
                "telephony.events", "telephony.call.v1", f"call-{name}", disposition="answered", answered_at=at
            )
        elif draw < 0.6:
            touch = {
                "rep_id": self._rep(),
                "channel": "email",
                "direction": "outbound",
                "at": self._time(),
                "contact_id": contact,
            }
            yield self._sent(crm, "crm.activity.v1", f"act-{name}", **touch)
        elif draw < 0.75:
            lead = f"lead-{name}"
            yield self._sent(crm, "crm.lead.v1", lead, status="working", created_at=self._time(), contact_id=contact)
            yield self._sent(
                crm, "crm.lead.v1", lead, status=rng.choice(["qualified", "disqualified"]), generated_by="sales"
            )
            yield self._sent(
                crm,
                "crm.opportunity.v1",
                f"opp-{name}",
                lead_id=lead,
                account_id=f"a{rng.randrange(9)}",
                outcome="won",
                splits=rng.choice([None, {"r1": 0.5, "r2": 0.5}, {"r1": 1, "r2": 2}]),
            )
        elif draw < 0.85:
            yield self._sent(
                crm, "crm.contact.v1", contact, phones=[f"+3120{int(contact[1:]):07}"], created_at=self._time()
            )
        elif draw < 0.95:
            yield self._sent("hr.events", "hr.rep.v1", self._rep(), team=rng.choice(["North", "South"]))
            yield self._sent("hr.events", "hr.absence.v1", f"abs-{name}", rep_id=self._rep(), until="2024-05-01")
        else:
            yield Sent(
                rng.choice(INPUTS), rng.choice([None, b"k"]), rng.choice([b"junk", b"{}", b"\xff", b'{"a":1,"a":2}'])
            )

    @cached_property
    def counts(self) -> dict[str, tuple[int, int]]:
        """Input → (read, quarantined)."""
        read, bad = Counter[str](), Counter[str]()
        for record in self.records:
            read[record.topic] += 1
            try:
                decode(record.value)
            except ContractError:
                bad[record.topic] += 1
        return {topic: (read[topic], bad[topic]) for topic in INPUTS}

    @cached_property
    def sources(self) -> Counter[str]:
        """Source → events of it, repeats included."""
        found = Counter[str]()
        for record in self.records:
            with contextlib.suppress(ContractError):
                found[decode(record.value).stamp[2]] += 1
        return found

    @cached_property
    def reasons(self) -> Counter[tuple[str, str]]:
        """(source, reason) → records that break the contract."""
        found = Counter[tuple[str, str]]()
        for record in self.records:
            try:
                decode(record.value)
            except ContractError as error:
                found[source_of(Record(record.value)), reason_of(error.field)] += 1
        return found

    @cached_property
    def personal(self) -> set[str]:
        """Subjects and everything else that events say of persons, word by word."""
        found = set[str]()
        for record in self.records:
            with contextlib.suppress(ContractError):
                event = decode(record.value)
                values = [value for value in event.fields.values() if isinstance(value, str)]
                lists = [value for value in event.fields.values() if isinstance(value, list)]
                found.update([event.subject, event.stamp[3], *values], *lists)
        return found - {""}

    @cached_property
    def quarantined(self) -> Counter[bytes]:
        """Values that break the contract, with how often each was sent."""
        found = Counter[bytes]()
        for record in self.records:
            try:
                decode(record.value)
            except ContractError:
                found[record.value] += 1
        return found

    @cached_property
    def truth(self) -> tuple[dict[Cell, Amounts], dict[bytes, bytes]]:
        """Tallies that are not zero, and rows of the roster."""
        state = State()
        applier = Applier(state, Definitions(), lambda _subject: 0, 0)
        for record in self.records:
            try:
                applier.event(decode(record.value))
            except ContractError:
                continue
        applier.finish()
        return sums([state.tally]), state.roster


def at_once(time: str) -> int:
    """The timestamp of a record that was sent when what it says happened, so that it is not late."""
    return int(datetime.fromisoformat(time).timestamp() * 1000)


def sums(tallies: list[dict[bytes, bytes]]) -> dict[Cell, Amounts]:
    """The shares of all partitions added up; what is zero together is left out."""
    total: dict[Cell, Amounts] = {}
    for rows in tallies:
        for key, value in rows.items():
            if is_tally(key):
                for cell, amounts in decode_tally(key, value):
                    old = total.get(cell, (0,) * len(amounts))
                    total[cell] = tuple(map(sum, zip(old, amounts, strict=True)))
    return {cell: amounts for cell, amounts in total.items() if any(amounts)}
