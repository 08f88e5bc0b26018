"""Rows a second that are followed: by a worker that takes partitions over, and by an exporter that starts.

python -m bench.follow [--events 100000]

One worker applies the events of the demo floor and ends. Then another takes all eight partitions over, which means to
read every row of the three tables, and an exporter reads the two that are published. Both say themselves how many
records that were, commit after commit of the same rows included, and when they began and ended.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bench.against import END_OF_TIME, floorpulse, results
from bench.floor_topics import create_topics, environment, produce
from bench.programs import Program, kafka, running
from bench.stages import lines
from kpi_state.definitions import ReadSettings
from kpi_state.replay import replay
from streams.snapshot import added_up

APP_ID = "bench-follow"


class Followed(NamedTuple):
    """Rows that somebody followed, and the seconds it took."""

    rows: int
    seconds: float

    def __str__(self) -> str:
        """As it is printed."""
        return f"{self.rows:,} rows in {self.seconds:.2f} s: {self.rows / max(self.seconds, 0.01):,.0f} rows/s"


def said(line: str, name: str) -> str:
    """A value of a line of the log; raises ValueError."""
    found = re.search(rf'\b{name}="?([^" ]+)', line)
    if found is None:
        raise ValueError(f"no {name} in {line!r}")
    return found[1]


def by_worker(worker: Program) -> Followed:
    """What a worker followed when it took its partitions over."""
    line = worker.until("event=owns")
    return Followed(int(said(line, "rows_followed")), float(said(line, "followed_in_seconds")))


def by_exporter(exporter: Program) -> Followed:
    """What an exporter followed until it had caught up."""
    ended = exporter.until("event=exporter_caught_up")
    began = exporter.until("reading the published state")
    ats = [datetime.fromisoformat(said(line, "at")) for line in (began, ended)]
    return Followed(int(said(ended, "rows")), (ats[1] - ats[0]).total_seconds())


async def fill(bootstrap: str, events: Sequence[bytes]) -> None:
    """Have a worker apply all events."""
    await create_topics(bootstrap, APP_ID)
    await produce(bootstrap, events)
    ours = floorpulse(added_up([replay(events, END_OF_TIME, ReadSettings()).state.tally]))
    with ours.start(bootstrap, APP_ID) as worker:
        await results(bootstrap, f"{APP_ID}-tally-changelog", ours.right, worker.check)


def measure(events: int) -> dict[str, Followed]:
    """Both figures."""
    with kafka() as bootstrap:
        asyncio.run(fill(bootstrap, lines(events)))
        program, told = (sys.executable, "-m", "floorpulse"), environment(bootstrap, APP_ID)
        with running(*program, "worker", environment=told) as worker:
            taken_over = by_worker(worker)
        with running(*program, "exporter", "--port", "0", environment=told) as exporter:
            return {"a worker takes over": taken_over, "an exporter starts": by_exporter(exporter)}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    for who, followed in measure(parser.parse_args(arguments).events).items():
        print(f"{who}: {followed}")


if __name__ == "__main__":
    main()
