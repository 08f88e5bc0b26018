"""µs of CPU per event of each stage of the core, on the events of the demo floor.

python -m bench.stages [--events 200000] [--commit 2000] [--partitions 8] [--profile]
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import itertools
import time
from collections import Counter
from datetime import date
from zlib import crc32

from floorpulse.demo.floor import floor
from kpi_state.apply import Applier, State
from kpi_state.definitions import Definitions, ReadSettings
from kpi_state.events import Event, decode
from kpi_state.read.samples import Reader


def lines(events: int) -> list[bytes]:
    """Events of the demo floor, in the order in which its broker hears them."""
    heard = floor(7, date(2026, 6, 1), date(2026, 9, 1))
    return [each.value for each in itertools.islice((each for each in heard if not each.flaw), events)]


class Core:
    """Partitions of the core and the links between them, in memory."""

    def __init__(self, partitions: int, commit: int) -> None:
        self.states = [State() for _ in range(partitions)]
        self.waiting: list[list[Event | bytes]] = [[] for _ in range(partitions)]
        self.commit, self.links, self.rows_written = commit, 0, 0

    def home(self, key: str) -> int:
        """Partition of a key."""
        return crc32(key.encode()) % len(self.states)

    def apply(self, partition: int) -> None:
        """One commit of one partition."""
        applier = Applier(self.states[partition], Definitions(), self.home, partition)
        waiting, self.waiting[partition] = self.waiting[partition], []
        for item in waiting:
            if isinstance(item, bytes):
                applier.link(item)
            else:
                applier.event(item)
        changes = applier.finish()
        self.links += len(changes.links)
        self.rows_written += len(changes.ledger) + len(changes.tally) + len(changes.roster)
        for home, _, value in changes.links:
            self.waiting[home].append(value)

    def run(self, events: list[Event]) -> None:
        """Apply all events, a commit whenever enough wait for a partition, then all links."""
        for event in events:
            home = self.home(event.subject)
            self.waiting[home].append(event)
            if len(self.waiting[home]) >= self.commit:
                self.apply(home)
        while any(self.waiting):
            for partition, waiting in enumerate(self.waiting):
                if waiting:
                    self.apply(partition)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--commit", type=int, default=2_000)
    parser.add_argument("--partitions", type=int, default=8)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()

    raw = lines(options.events)
    began = time.process_time()
    events = [decode(line) for line in raw]
    decoded = time.process_time()
    core = Core(options.partitions, options.commit)
    gc.collect()
    gc.freeze()
    profile = cProfile.Profile()
    if options.profile:
        profile.enable()
    started = time.process_time()
    core.run(events)
    applied = time.process_time()
    profile.disable()
    reader = Reader(ReadSettings())
    for partition, state in enumerate(core.states):
        for key, value in state.roster.items():
            reader.roster(key, value)
        for key, value in state.tally.items():
            reader.tally(partition, key, value)
    fed = time.process_time()
    now = max(event.stamp[0] for event in events)
    samples = reader.samples(now)
    read = time.process_time()

    n = len(events)
    kinds = Counter(event.kind for event in events).most_common(6)
    rows = sum(len(state.ledger) for state in core.states)
    stored = sum(len(key) + len(value) for state in core.states for key, value in state.ledger.items())
    tallies = sum(len(state.tally) for state in core.states)
    apply_us = (applied - started) / n * 1e6
    print(f"events            {n}: " + ", ".join(f"{kind} {100 * count / n:.0f} %" for kind, count in kinds))
    print(f"decode            {(decoded - began) / n * 1e6:6.1f} µs an event")
    print(f"apply             {apply_us:6.1f} µs an event, links included ({core.links / n:.2f} sent an event)")
    print(f"rows              {rows / n:6.2f} in the ledger an event, {stored / rows:.0f} bytes each")
    print(f"rows written      {core.rows_written / n:6.2f} an event")
    print(f"feed the reader   {(fed - applied) / tallies * 1e6:6.1f} µs a tally row ({tallies} rows)")
    print(f"first samples     {(read - fed) * 1e3:6.0f} ms for {len(samples)} samples")
    if options.profile:
        profile.print_stats("tottime")


if __name__ == "__main__":
    main()
