"""Bytes of memory a row takes: growth of the resident set while a partition takes in a floor, divided by its new rows.

python -m bench.memory [--contacts 10000]

The mix, for each contact of the floor: a number, a quarter of an account, a lead (four events), six calls (three events
each; two of five answered, so 2.4 slots), three e-mails or messages (two events each, one slot each), and in parts an
appointment, an opportunity, a contract and a purchase; beside them the tallies of 40 reps over a year and their roster.
Subjects have 12 characters, ids of events are UUIDs. Run it in a process of its own: what Python keeps for itself after
a first small floor is not counted.
"""

from __future__ import annotations

import argparse
import gc
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from resource import getpagesize
from typing import Any
from uuid import UUID

from kpi_state.apply import Applier, State
from kpi_state.definitions import Definitions
from kpi_state.events import TYPE_OF, decode
from kpi_state.rows import entity_of

REPS = 40
CONTACTS_A_DAY = 60
WORKING_SECONDS = 8 * 3600
START = datetime(2025, 1, 1, 8, tzinfo=UTC)
COMMIT_EVENTS = 2_000
WARM_UP_CONTACTS = 200


class Floor:
    """Everything that is said of a floor, contact by contact, as JSON lines; the same every time."""

    def __init__(self, reps: int = REPS, contacts_a_day: int = CONTACTS_A_DAY) -> None:
        self._reps, self._contacts_a_day = reps, contacts_a_day
        self._events = 0

    def _said(self, kind: str, subject: str, at: datetime, /, **data: Any) -> bytes:
        self._events += 1
        event = {
            "specversion": "1.0",
            "source": "/telephony" if kind == "call" else "/crm",
            "id": str(UUID(int=self._events * 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835 % 2**128)),
            "type": TYPE_OF[kind],
            "subject": subject,
            "time": at.isoformat(),
            "data": data,
        }
        return json.dumps(event).encode()

    def people(self) -> Iterator[bytes]:
        """The roster."""
        for n in range(self._reps):
            said = {"name": f"Rep Number {n}", "team": f"Team {n % 4}", "timezone": "Europe/Amsterdam"}
            yield self._said("rep", f"rep-{n:08}", START, **said, first_day="2024-01-01", extensions=[f"{200 + n}"])

    def contact(self, n: int) -> Iterator[bytes]:
        """Everything about the nth contact."""
        day, of_day = divmod(n, self._contacts_a_day)
        at = START + timedelta(days=day, seconds=WORKING_SECONDS * of_day // self._contacts_a_day + n % 59)
        rep, other = f"rep-{n % self._reps:08}", f"rep-{(n + 7) % self._reps:08}"
        contact, lead, account = f"con-{n:08}", f"lea-{n:08}", f"acc-{n // 4:08}"
        phone = f"+3120{n:07}"
        if n % 4 == 0:
            yield self._said("account", account, at, owner_id=rep, name=f"Company {n} Ltd", size="11-50", region="NL")
        yield self._said(
            "contact", contact, at, owner_id=rep, account_id=account, phones=[phone], emails=[f"p{n}@x.nl"]
        )
        yield self._said(
            "lead", lead, at, owner_id=rep, status="new", generated_by="marketing", origin="webinar",
            created_at=at.isoformat(), contact_id=contact, account_id=account,
        )  # fmt: skip
        yield self._said("lead", lead, at + timedelta(hours=1), status="working")
        for call in range(6):
            yield from self._call(
                f"cal-{n * 6 + call:08}", rep, phone, at + timedelta(days=call, minutes=5 * call), n + call
            )
        for mail in range(3):
            yield from self._mail(f"act-{n * 3 + mail:08}", rep, contact, at + timedelta(days=2 * mail, hours=2), mail)
        yield self._said("lead", lead, at + timedelta(days=7), owner_id=other)
        yield self._said("lead", lead, at + timedelta(days=8), status="qualified" if n % 3 else "disqualified")
        yield from self._deal(n, rep, other, lead, account, at + timedelta(days=9))

    def _call(self, call: str, rep: str, phone: str, at: datetime, n: int) -> Iterator[bytes]:
        ended = at + timedelta(seconds=150)
        yield self._said("call", call, at, rep_id=rep, direction="outbound", phone=phone, started_at=at.isoformat())
        if n % 5 < 2:
            answered = at + timedelta(seconds=12)
            yield self._said("call", call, answered, answered_at=answered.isoformat())
            yield self._said("call", call, ended, ended_at=ended.isoformat(), talk_seconds=138, disposition="answered")
        else:
            yield self._said("call", call, at + timedelta(seconds=30), disposition="no_answer")
            yield self._said("call", call, ended, ended_at=ended.isoformat())

    def _mail(self, mail: str, rep: str, contact: str, at: datetime, n: int) -> Iterator[bytes]:
        channel = "message" if n == 2 else "email"
        yield self._said(
            "activity",
            mail,
            at,
            rep_id=rep,
            channel=channel,
            direction="outbound",
            at=at.isoformat(),
            contact_id=contact,
        )
        replied = at + timedelta(hours=20)
        yield self._said("activity", mail, replied, replied_at=replied.isoformat())

    def _deal(self, n: int, rep: str, other: str, lead: str, account: str, at: datetime) -> Iterator[bytes]:
        if n % 3 == 0:
            appointment = f"app-{n:08}"
            yield self._said(
                "appointment", appointment, at, lead_id=lead, set_by=rep, handed_to=other, set_at=at.isoformat()
            )
            yield self._said("appointment", appointment, at + timedelta(days=2), verdict="accepted")
        if n % 4 == 1:
            deal = f"opp-{n:08}"
            yield self._said(
                "opportunity", deal, at, owner_id=other, lead_id=lead, account_id=account, stage="demo", currency="EUR",
                amount_minor=120_000 + n, created_at=at.isoformat(), product="seats", region="NL",
            )  # fmt: skip
            yield self._said("opportunity", deal, at + timedelta(days=5), stage="offer", term_months=24)
            yield self._said(
                "opportunity", deal, at + timedelta(days=30), stage="closed", outcome="won" if n % 8 == 1 else "lost"
            )
        if n % 16 == 1:
            start = (at + timedelta(days=40)).date()
            yield self._said(
                "contract", f"ctr-{n:08}", at + timedelta(days=31), account_id=account, owner_id=other,
                opportunity_id=f"opp-{n:08}", value_minor=240_000 + n, currency="EUR", starts_on=start.isoformat(),
                term_months=24,
            )  # fmt: skip
        if n % 8 == 2:
            yield self._said(
                "purchase", f"pur-{n:08}", at, account_id=account, owner_id=rep, amount_minor=9_900, currency="EUR",
                at=at.isoformat(), kind="new",
            )  # fmt: skip


def _home(_key: str) -> int:
    return 0


def apply(state: State, lines: Iterator[bytes]) -> int:
    """Apply all lines in commits; how many there were."""
    applier, count = Applier(state, Definitions(), _home, 0), 0
    for count, line in enumerate(lines, 1):
        applier.event(decode(line))
        if count % COMMIT_EVENTS == 0:
            applier.finish()
            applier = Applier(state, Definitions(), _home, 0)
    applier.finish()
    return count


def grown(contacts: int) -> tuple[State, int]:
    """A partition that has a floor of so many contacts, and how many events made it."""
    state, floor = State(), Floor()
    events = apply(state, floor.people())
    return state, events + apply(state, (line for n in range(contacts) for line in floor.contact(n)))


def rows(state: State) -> Counter[str]:
    """Rows by kind; those of the tally table are `tally`, shelves `shelf`."""
    found: Counter[str] = Counter(tally=len(state.tally))
    for table in (state.ledger, state.roster):
        found.update("shelf" if key.startswith(b"~") else entity_of(key)[0] for key in table)
    return found


def encoded_bytes(state: State) -> int:
    """Bytes of all keys and values, without what Python puts around them."""
    tables = (state.ledger, state.tally, state.roster)
    return sum(len(key) + len(value) for table in tables for key, value in table.items())


def resident_bytes() -> int:
    """Memory of this process."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=10_000)
    contacts = parser.parse_args().contacts

    grown(WARM_UP_CONTACTS)
    before = resident_bytes()
    state, events = grown(contacts)
    taken = resident_bytes() - before

    kinds = rows(state)
    count = sum(kinds.values())
    print(f"{events:,} events, {count:,} rows: " + ", ".join(f"{kind} {n:,}" for kind, n in kinds.most_common()))
    print(f"{encoded_bytes(state) / count:.0f} bytes a row encoded, keys included")
    print(f"{taken / count:.0f} bytes a row resident, keys included ({taken / 1e6:.0f} MB)")


if __name__ == "__main__":
    main()
