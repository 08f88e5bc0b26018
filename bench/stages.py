"""µs of CPU per event of each stage: of the core in memory, and of a worker on Kafka, on the events of the demo floor.

python -m bench.stages [--events 200000] [--commit 2000] [--partitions 8] [--worker] [--profile]

Stages are told apart by sampling (bench/sampled.py). `--worker` measures a whole worker on a broker of its own as well,
from its first record to its last; `--profile` prints what cProfile says of the core, function by function.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import itertools
import json
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from zlib import crc32

from bench.floor_topics import create_topics, environment, produce
from bench.programs import Program, kafka, running
from bench.sampled import Sampler, table
from floorpulse.demo.floor import floor
from kpi_state.apply import Applier, State
from kpi_state.definitions import Definitions, ReadSettings
from kpi_state.events import Event, decode
from kpi_state.read.samples import Reader
from kpi_state.replay import replay
from streams.garbage import set_aside
from streams.snapshot import added_up


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


def worker_stages(raw: Sequence[bytes]) -> list[str]:
    """What a worker on Kafka spends on these events, from the moment it owns its partitions."""
    from bench.against import END_OF_TIME, floorpulse, results  # noqa: PLC0415  # which asks this module for events

    app_id = "bench-stages"
    right = floorpulse(added_up([replay(raw, END_OF_TIME, ReadSettings()).state.tally])).right

    async def run(bootstrap: str, worker: Program) -> float:
        await asyncio.to_thread(worker.until, "event=owns")
        worker.tell(signal.SIGUSR1)
        before = worker.cpu_seconds()
        await produce(bootstrap, raw)
        await results(bootstrap, f"{app_id}-tally-changelog", right, worker.check)
        return worker.cpu_seconds() - before

    with tempfile.TemporaryDirectory(prefix="floorpulse-bench-") as folder, kafka() as bootstrap:
        asyncio.run(create_topics(bootstrap, app_id))
        file = Path(folder) / "samples"
        sampled = (sys.executable, "-m", "bench.sampled", str(file), "worker")
        with running(*sampled, environment=environment(bootstrap, app_id)) as worker:
            cpu_us = asyncio.run(run(bootstrap, worker)) / len(raw) * 1e6
        found = [f"worker            {cpu_us:6.1f} µs an event, all its threads and stages"]
        return found + [f"  {line}" for line in table(json.loads(file.read_text()), cpu_us)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--commit", type=int, default=2_000)
    parser.add_argument("--partitions", type=int, default=8)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--worker", action="store_true")
    options = parser.parse_args(arguments)

    raw = lines(options.events)
    began = time.process_time()
    events = [decode(line) for line in raw]
    decoded = time.process_time()
    core = Core(options.partitions, options.commit)
    set_aside()
    profile = cProfile.Profile()
    if options.profile:
        profile.enable()
    sampler = Sampler()
    started = time.process_time()
    with sampler.sampling() if not options.profile else nullcontext():
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
    for line in table(sampler.samples, apply_us) if sampler.samples else ():
        print(f"  {line}")
    if options.profile:
        profile.print_stats("tottime")
    if options.worker:
        for line in worker_stages(raw):
            print(line)


if __name__ == "__main__":
    main()
