"""What the numbers cost that alerts compare: presence, goals, attainment and baselines of a floor, at one look.

python -m bench.alerting [--reps 200] [--weeks 6]
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from kpi_state.buckets import Cell
from kpi_state.definitions import ReadSettings
from kpi_state.events import TYPE_OF, decode
from kpi_state.facts import merge
from kpi_state.read.attainment import attainments
from kpi_state.read.samples import Reader
from kpi_state.rows import Row, encode_row, key_of
from kpi_state.tallies import count

QUARTER_US: Final = 900_000_000
DAY_US: Final = 96 * QUARTER_US
NOON: Final = round(datetime(2026, 6, 5, 12, 0, tzinfo=UTC).timestamp() * 1_000_000)
"""A Friday."""
TEAM_SIZE: Final = 10
SHIFT: Final = range(36, 70)
"""Quarter hours of a day in which somebody works."""


def reader_of(reps: int, weeks: int) -> Reader:
    """A reader of so many reps, each with some 40 touchpoints a working day in two channels."""
    reader = Reader(ReadSettings(targets={"touchpoints.day": 60, "contact_to_lead": 0.1}))
    chance = random.Random(7)
    for number in range(reps):
        rep = f"r{number}"
        reader.roster(key_of("rep", rep), _rep(rep, f"t{number // TEAM_SIZE}"))
        cells: dict[Cell, tuple[int, ...]] = {}
        for day in range(weeks * 7 + 1):
            begins = NOON // DAY_US - day
            if begins % 7 in {2, 3}:  # a weekend: day 0 was a Thursday
                continue
            for quarter in SHIFT:
                for channel, most in (("call", 2), ("email", 1)):
                    touchpoints = chance.randint(0, most)
                    bucket = "Q", begins * 96 + quarter, 0
                    cells["touchpoints", rep, bucket, (channel,)] = (touchpoints, touchpoints + 1, 60_000_000)
        rows: dict[bytes, bytes] = {}
        count(rows, cells)
        for key, value in rows.items():
            reader.tally(0, key, value)
    return reader


def _rep(rep: str, team: str) -> bytes:
    event = (
        f'{{"specversion": "1.0", "source": "/hr", "id": "{rep}", "type": "{TYPE_OF["rep"]}", "subject": "{rep}", '
        f'"time": "2020-01-01T00:00:00Z", "data": {{"team": "{team}", "first_day": "2020-01-01"}}}}'
    )
    row = Row()
    merge(row, decode(event.encode()))
    return encode_row("rep", row)


def milliseconds(work: Callable[[], Any]) -> float:
    """How much processor time something takes, the collection of garbage aside."""
    gc.collect()
    gc.disable()
    start = time.process_time()
    work()
    took = time.process_time() - start
    gc.enable()
    return 1000 * took


def figures(reps: int, weeks: int) -> dict[str, float]:
    """What is measured → milliseconds of processor time."""
    reader = reader_of(reps, weeks)
    look = milliseconds(lambda: reader.samples(NOON, current=True))
    samples = reader.samples(NOON, current=True)
    second = 1_000_000

    def baselines(now: int) -> float:
        reader.quality(now)  # the clock of all readings goes on, which is not measured
        return milliseconds(lambda: reader.baselines(now))

    return {
        "first look at all samples": look,
        "presence": milliseconds(lambda: reader.presence(NOON)),
        "baselines, the first time": baselines(NOON),
        "baselines, a second later": baselines(NOON + second),
        "baselines, in the next quarter hour": baselines(NOON + QUARTER_US),
        "goals": milliseconds(lambda: reader.goals(NOON + QUARTER_US)),
        "attainments": milliseconds(lambda: attainments(reader.goals(NOON + QUARTER_US), samples)),
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reps", type=int, default=200)
    parser.add_argument("--weeks", type=int, default=6)
    asked = parser.parse_args()
    print(f"{asked.reps} reps, {asked.weeks} weeks")
    for name, took in figures(asked.reps, asked.weeks).items():
        print(f"{took:9.1f} ms  {name}")


if __name__ == "__main__":
    main()
