"""CPU seconds that the reader takes to count a floor, and to follow it: what an exporter and `replay` wait for.

python -m bench.reader [--reps 300] [--days 60] [--profile]

A floor of so many reps in teams of ten and two time zones, each with calls, e-mails and dials in 34 quarter hours of
every day, and leads on every third: some 60,000 rows of the tally table at 300 reps and 60 days. The exporter's looks
are at the windows current then; `all samples` is what `replay` and `/api/kpis?all=1` ask for, from a reader that has
just begun. The garbage collector is on, set as those programs set it.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import gc
import pstats
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from exporters.clock import fixed
from exporters.follower import Follower
from exporters.mirror import Mirror
from exporters.privacy import Disguise
from exporters.view import View
from kpi_state.buckets import Amounts, Bucket
from kpi_state.definitions import Privacy, ReadSettings
from kpi_state.evaluate import WIDTHS
from kpi_state.events import TYPE_OF, decode
from kpi_state.facts import merge
from kpi_state.published import QUARTERS_A_DAY, encode_group, encode_sums
from kpi_state.read.samples import Reader
from kpi_state.rows import Row, encode_row, key_of
from streams.garbage import set_aside

QUARTER: Final = 900_000_000
DAY: Final = QUARTERS_A_DAY * QUARTER
NOON: Final = round(datetime(2026, 6, 5, 12, 0, tzinfo=UTC).timestamp() * 1_000_000)
TEAM: Final = 10
SHIFT: Final = range(30, 64)
"""Quarter hours of a UTC day in which people work; at NOON this day's are half over."""
ZONES: Final = ("Europe/Amsterdam", "Europe/Lisbon")
LEADS_EVERY: Final = 3
PROFILED_LINES: Final = 35
TICK_SECONDS: Final = 0.01


class Published(NamedTuple):
    """What workers published: rows by their keys."""

    roster: dict[bytes, bytes]
    tally: dict[bytes, bytes]


def published(reps: int, days: int) -> Published:
    """The rows of so many reps and days."""
    chance = random.Random(7)
    found = Published({}, {})
    for number in range(reps):
        rep = f"rep-{number:05}"
        found.roster[key_of("rep", rep)] = _member(rep, f"Team {number // TEAM:03}", ZONES[number % len(ZONES)])
        for day in range(NOON // DAY, NOON // DAY - days, -1):
            for measure, labels, most in (
                ("touchpoints", ("call",), 2),
                ("touchpoints", ("email",), 1),
                ("outbound_calls", (), 3),
                *((("leads_created", ("fair",), 1),) if (day + number) % LEADS_EVERY == 0 else ()),
            ):
                quarters = [n for n in SHIFT if (day * QUARTERS_A_DAY + n) * QUARTER < NOON]
                sums = {n: _amounts(measure, chance.randint(0, most)) for n in quarters}
                if (value := encode_sums(WIDTHS[measure], sums)) is not None:
                    found.tally[encode_group((measure, rep, "Q", day, labels))] = value
    return found


def _amounts(measure: str, count: int) -> Amounts:
    return tuple(count * part for part in range(1, WIDTHS[measure] + 1))


def _member(rep: str, team: str, zone: str) -> bytes:
    event = (
        f'{{"specversion": "1.0", "source": "/hr", "id": "{rep}", "type": "{TYPE_OF["rep"]}", "subject": "{rep}", '
        f'"time": "2020-01-01T00:00:00Z", "data": {{"team": "{team}", "timezone": "{zone}", '
        f'"first_day": "2020-01-01"}}}}'
    )
    row = Row()
    merge(row, decode(event.encode()))
    return encode_row("rep", row)


def follow(rows: Published) -> Reader:
    """A reader that took all rows over."""
    reader = Reader(ReadSettings())
    for key, value in rows.roster.items():
        reader.roster(key, value)
    for key, value in rows.tally.items():
        reader.tally(0, key, value)
    return reader


def touch(reader: Reader, rep: str, at: int) -> None:
    """The row of a rep's calls of the running day is another."""
    bucket: Bucket = "Q", at // QUARTER, 0
    key = encode_group(("touchpoints", rep, "Q", bucket[1] // QUARTERS_A_DAY, ("call",)))
    reader.tally(0, key, encode_sums(WIDTHS["touchpoints"], {bucket[1] % QUARTERS_A_DAY: (1, 2, 3)}))


def figures(reps: int, days: int, *, profile: bool = False) -> Iterator[tuple[str, float, int]]:
    """What is measured, the seconds of processor time it took, and of how many things."""
    rows = published(reps, days)
    gc.collect()
    readers: list[Reader] = []
    yield "take rows over", _seconds(lambda: readers.append(follow(rows)), profile=profile), len(rows.tally)
    reader = readers[0]
    yield "first look", _seconds(lambda: reader.changes(NOON), profile=profile), len(rows.tally)
    touch(reader, "rep-00000", NOON)
    yield "look after one row changed", _seconds(lambda: reader.changes(NOON)), 1
    yield "look a second later", _seconds(lambda: reader.changes(NOON + 1_000_000)), 1
    yield "look after the next midnight", _seconds(lambda: reader.changes(NOON + DAY), profile=profile), 1
    zone, now = ZONES[0], NOON + DAY
    reader.roster(key_of("rep", "rep-00000"), _member("rep-00000", "Team 001", zone))
    yield "look after somebody moved to another team", _seconds(lambda: reader.changes(now), profile=profile), 1
    for number in range(0, reps, 10):
        rep = f"rep-{number:05}"
        reader.roster(key_of("rep", rep), _member(rep, "Team 002", ZONES[number % len(ZONES)]))
    yield "look after one in ten moved", _seconds(lambda: reader.changes(now), profile=profile), -(-reps // 10)
    reader = follow(rows)
    samples = []
    took = _seconds(lambda: samples.extend(reader.samples(NOON)), profile=profile)
    yield "all samples, from a reader that has just begun", took, len(samples)


async def prepared(rows: Published) -> tuple[float, float]:
    """Seconds by the clock from the last row taken over to the first picture, as an exporter makes it before it says
    that it is ready, and the longest that its event loop waited meanwhile.
    """
    settings = ReadSettings()
    follower = Follower("nowhere:1", "tally", "roster", lambda: Mirror(Reader(settings), ""))
    view = View(follower, fixed(NOON), Disguise(Privacy(), b""), settings)
    for key, value in rows.roster.items():
        follower.state.roster(0, key, value)
    for key, value in rows.tally.items():
        follower.state.tally(0, key, value)
    preparing = asyncio.ensure_future(_prepare(view))
    began = last = time.monotonic()
    longest = 0.0
    while not preparing.done():
        await asyncio.sleep(TICK_SECONDS)
        longest, last = max(longest, time.monotonic() - last - TICK_SECONDS), time.monotonic()
    await preparing
    return last - began, longest


async def _prepare(view: View) -> None:
    while await asyncio.to_thread(view.prepare, view.follower.state):
        pass


def _seconds(work: Callable[[], Any], *, profile: bool = False) -> float:
    profiler = cProfile.Profile() if profile else None
    start = time.process_time()
    if profiler is None:
        work()
    else:
        profiler.runcall(work)
    took = time.process_time() - start
    if profiler is not None:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(PROFILED_LINES)
    return took


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reps", type=int, default=300)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--profile", action="store_true", help="print where the time goes; what profiles is slower")
    asked = parser.parse_args()
    set_aside()
    print(f"{asked.reps} reps, {asked.days} days")
    took, longest = asyncio.run(prepared(published(asked.reps, asked.days)))
    print(f"{took:8.3f} s  by the clock until an exporter that took all rows over is ready")
    print(f"{longest:8.3f} s  by the clock that its event loop waited meanwhile, at most", flush=True)
    gc.collect()
    for what, seconds, number in figures(asked.reps, asked.days, profile=asked.profile):
        print(f"{seconds:8.3f} s  {what} ({number:,})", flush=True)


if __name__ == "__main__":
    main()
