"""What one more touch, call or purchase costs a target that already has 10 or 3,000 of them, side by side.

python -m bench.fanin [--many 3000] [--few 10] [--repeat 300]

Each line is one target and one spread of what it has: one a day, one an hour, or all on the same day. The cost of one
more is the median CPU time of a commit that brings just that event, links to entities of its partition included.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from kpi_state.apply import Applier, State
from kpi_state.definitions import Definitions
from kpi_state.events import Event, decode

START = datetime(2020, 1, 1, tzinfo=UTC)
SPREADS: dict[str, timedelta] = {
    "one a day": timedelta(days=1),
    "one an hour": timedelta(hours=1),
    "all the same day": timedelta(seconds=28),
}
"""Time from one to the next; 3,000 at 28 seconds fill a day."""


def _event(type_: str, subject: str, at: datetime, data: dict[str, Any]) -> Event:
    stated = {
        "source": "/bench",
        "id": subject,
        "type": type_,
        "subject": subject,
        "time": at.isoformat(),
        "data": data,
    }
    return decode(json.dumps(stated).encode())


def _mail(to: dict[str, str]) -> Callable[[str, datetime], Event]:
    def mail(subject: str, at: datetime) -> Event:
        said = {"rep_id": "r1", "channel": "email", "direction": "outbound", "at": at.isoformat(), **to}
        return _event("crm.activity.v1", subject, at, said)

    return mail


def _call(subject: str, at: datetime) -> Event:
    answered = {"direction": "outbound", "disposition": "answered", "talk_seconds": 60}
    said = {"rep_id": "r1", "phone": "+491", "started_at": at.isoformat(), **answered}
    return _event("telephony.call.v1", subject, at, said)


def _purchase(subject: str, at: datetime) -> Event:
    said = {"account_id": "A", "owner_id": "r1", "amount_minor": 100, "currency": "EUR", "at": at.isoformat()}
    return _event("crm.purchase.v1", subject, at, said)


TARGETS: dict[str, tuple[list[Event], Callable[[str, datetime], Event]]] = {
    "touches of a contact": ([], _mail({"contact_id": "C"})),
    "touches of a lead with a contact": (
        [_event("crm.lead.v1", "L", START, {"contact_id": "C", "status": "qualified"})],
        _mail({"lead_id": "L"}),
    ),
    "calls of a number that a contact holds": ([_event("crm.contact.v1", "C", START, {"phones": ["+491"]})], _call),
    "purchases of an account": ([_event("crm.account.v1", "A", START, {"owner_id": "r1"})], _purchase),
}
"""Target -> (what is said of it before, one more)."""


def _home(_key: str) -> int:
    return 0


def apply(state: State, events: list[Event]) -> None:
    """One commit."""
    applier = Applier(state, Definitions(), _home, 0)
    for event in events:
        applier.event(event)
    applier.finish()


def loaded(target: str, spread: str, count: int) -> State:
    """A partition whose target has so many."""
    before, more = TARGETS[target]
    state = State()
    apply(state, before)
    events = [more(f"{n:06d}", START + n * SPREADS[spread]) for n in range(count)]
    for n in range(0, count, 500):
        apply(state, events[n : n + 500])
    return state


def one_more(target: str, spread: str, count: int, repeat: int) -> Iterator[Event]:
    """So many events to try, each as the next one of a target that has `count`; anywhere in its time."""
    chance, more = random.Random(count), TARGETS[target][1]
    for n in range(repeat):
        yield more(f"more{n}", START + chance.random() * count * SPREADS[spread])


def cost_us(target: str, spread: str, count: int, repeat: int) -> float:
    """Median CPU time of one more, in microseconds."""
    state = loaded(target, spread, count)
    times = []
    for event in one_more(target, spread, count, repeat):
        copy = State(dict(state.ledger), dict(state.tally), dict(state.roster))
        began = time.process_time_ns()
        apply(copy, [event])
        times.append(time.process_time_ns() - began)
    return statistics.median(times) / 1_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--many", type=int, default=3_000)
    parser.add_argument("--few", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=300)
    options = parser.parse_args()

    gc.freeze()
    print(f"{'one more of the':40} {'spread':18} {options.few:>8} {options.many:>8}  ratio")
    for target in TARGETS:
        for spread in SPREADS:
            few = cost_us(target, spread, options.few, options.repeat)
            many = cost_us(target, spread, options.many, options.repeat)
            print(f"{target:40} {spread:18} {few:5.0f} µs {many:5.0f} µs  {many / few:5.2f}")


if __name__ == "__main__":
    main()
