"""All fourteen KPIs, exactly once, against a count per rep by stock Faust and a row and a count by Kafka Streams.

python -m bench.against [--events 100000] [--rounds 2] [--leave-out faust] [--leave-out compiled]

One Apache Kafka broker (scripts/kafka.py); the events of the demo floor are produced once, keyed by subject, into the
input topics of eight partitions. Then, in turn and a few times over, one worker of each reads them all: from the moment
it says that it consumes until the last result it committed has been read by a consumer of committed records. What each
of them published is compared with what it must be, to the last count; a wrong one ends the measurement.

    floorpulse      the fourteen KPIs and all that supports them, transactions: its tallies equal those of `replay`;
                    interpreted, with the core compiled (setup.py) where there is gcc, and then without the different
                    numbers a day (`[definitions] distinct_numbers`), which are none of the fourteen
    stock Faust     `counts[rep] += 1` for a faust.Record, at least once, as its docs show (bench/stock_faust.py);
                    and once more with a row of the subject, which is what Kafka Streams does
    Kafka Streams   a row of the subject and a count of the rep, exactly_once_v2 (bench/streams/RowAndCount.java)
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from bench import java
from bench.floor_topics import PARTITIONS, create_topics, environment, events_a_rep, produce
from bench.programs import ROOT, Program, kafka, running
from bench.stages import lines
from kpi_state.buckets import Amounts, Cell
from kpi_state.definitions import Definitions, ReadSettings
from kpi_state.published import INPUTS
from kpi_state.replay import replay
from scripts.compile import compiled
from streams.snapshot import added_up

OURS: Final = "floorpulse"
NUMBERS: Final = "FLOORPULSE_DEFINITIONS_DISTINCT_NUMBERS"
GIVE_UP_SECONDS: Final = 600.0
QUIET_SECONDS: Final = 45.0
"""Who has published nothing for so long and is wrong stays wrong."""
ATTEMPTS: Final = 3
"""Stock Faust may lose or repeat events while it starts: such a run is told and made again. Ours must be right."""
END_OF_TIME: Final = 1 << 62

Rows = list[dict[bytes, bytes]]
"""Partition → the newest value of each key of a changelog."""


class Contender(NamedTuple):
    """Somebody who reads the events.

    start: (bootstrap, app_id) → a worker that runs.  sign: what it prints when it consumes.  changelog: the table with
    what it counted.  right: whether these rows of that table are all of it, and as they must be.
    """

    name: str
    what: str
    start: Callable[[str, str], AbstractContextManager[Program]]
    sign: str
    changelog: str
    right: Callable[[Rows], bool]


class Run(NamedTuple):
    """One worker reading all events."""

    seconds: float
    cpu_seconds: float
    resident_bytes: int


def floorpulse(expected: dict[Cell, Amounts], folder: Path = ROOT, *, numbers: bool = True) -> Contender:
    """Ours; `expected` is what `replay` counts, `folder` where its modules are, `numbers` whether it counts the
    different numbers a day, which are none of the fourteen KPIs and cost more than any of them.
    """

    def start(bootstrap: str, app_id: str) -> AbstractContextManager[Program]:
        found = {**environment(bootstrap, app_id), "PYTHONPATH": str(folder), NUMBERS: str(numbers).lower()}
        return running(sys.executable, "-P", "-m", "floorpulse", "worker", environment=found)

    name = f"{OURS}{'' if folder == ROOT else ', compiled'}{'' if numbers else ', no numbers'}"
    what = "14 KPIs and more, exactly once" if numbers else "14 KPIs, exactly once"
    return Contender(name, what, start, "event=owns", "tally", lambda rows: added_up(rows) == expected)


def stock_faust(expected: Counter[str], rows: str) -> Contender:
    """Stock Faust; `rows` is "1" when it keeps a row of each subject besides."""

    def start(bootstrap: str, app_id: str) -> AbstractContextManager[Program]:
        worker = ("-m", "faust", "-A", "bench.stock_faust", "--datadir", tempfile.gettempdir(), "worker")
        told = {"BENCH_BOOTSTRAP": bootstrap, "BENCH_APP_ID": app_id, "BENCH_ROWS": rows}
        return running(sys.executable, *worker, "--without-web", "-l", "warn", environment=told)

    def right(found: Rows) -> bool:
        counted: Counter[str] = Counter()
        for partition in found:  # one table of one worker; a row is written to the partition of the event
            for key, value in partition.items():
                rep = json.loads(key)
                counted[rep] = max(counted[rep], json.loads(value))
        return counted == expected

    name, what = ("stock Faust with rows", "1 row + 1 count") if rows else ("stock Faust", "1 count")
    return Contender(name, f"{what}, at least once", start, "consuming", "counts", right)


def kafka_streams(expected: Counter[str], class_path: str, folder: Path) -> Contender:
    """Kafka Streams."""

    def start(bootstrap: str, app_id: str) -> AbstractContextManager[Program]:
        program = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", class_path, "RowAndCount")
        return running("java", *program, bootstrap, app_id, ",".join(INPUTS), str(folder))

    def right(rows: Rows) -> bool:
        counted: Counter[str] = Counter()
        for partition in rows:
            counted.update({key.decode(): int.from_bytes(value, "big") for key, value in partition.items()})
        return counted == expected

    return Contender("Kafka Streams", "1 row + 1 count, exactly once", start, "consuming", "counts", right)


class MiscountError(RuntimeError):
    """What somebody published is not what the events come to."""


async def results(bootstrap: str, topic: str, right: Callable[[Rows], bool], check: Callable[[], None]) -> float:
    """Read a changelog until its rows are right: when its last record came. Raises MiscountError if they stay wrong."""
    rows: Rows = [{} for _ in range(PARTITIONS)]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        isolation_level="read_committed",
        enable_auto_commit=False,
        fetch_max_wait_ms=50,
        max_poll_records=20_000,
    )
    async with consumer:
        assigned = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]
        consumer.assign(assigned)
        await consumer.seek_to_beginning(*assigned)
        began = last = time.monotonic()
        while time.monotonic() < min(began + GIVE_UP_SECONDS, last + QUIET_SECONDS):
            check()
            found = await consumer.getmany(timeout_ms=200)
            for tp, records in found.items():
                for record in records:
                    if record.value is None:
                        rows[tp.partition].pop(record.key, None)
                    else:
                        rows[tp.partition][record.key] = record.value
                last = time.monotonic()
            if not found and right(rows):
                return last
    raise MiscountError(f"{topic} is still wrong after {time.monotonic() - began:.0f} s: this measurement is void")


async def run_right(bootstrap: str, contender: Contender, app_id: str) -> Run:
    """Have one worker read everything, another one if it miscounts, unless it is ours. Raises MiscountError."""
    attempts = 1 if contender.name.startswith(OURS) else ATTEMPTS
    for attempt in range(1, attempts):
        try:
            return await run(bootstrap, contender, f"{app_id}-{attempt}")
        except MiscountError as error:
            print(f"{contender.name} miscounted, run {attempt} of {attempts}: {error}", file=sys.stderr, flush=True)
    return await run(bootstrap, contender, f"{app_id}-{attempts}")


async def run(bootstrap: str, contender: Contender, app_id: str) -> Run:
    """Have one worker read everything. Raises MiscountError."""
    if contender.name.startswith(OURS):
        await create_topics(bootstrap, app_id)
    with contender.start(bootstrap, app_id) as program:
        await asyncio.to_thread(program.until, contender.sign)
        began, cpu = time.monotonic(), program.cpu_seconds()
        ended = await results(bootstrap, f"{app_id}-{contender.changelog}-changelog", contender.right, program.check)
        return Run(ended - began, program.cpu_seconds() - cpu, program.resident_bytes())


async def measure(bootstrap: str, events: Sequence[bytes], contenders: Sequence[Contender], rounds: int) -> None:
    """All of them, round after round, and a table."""
    await create_topics(bootstrap, "bench")
    await produce(bootstrap, events)
    runs: dict[str, list[Run]] = {contender.name: [] for contender in contenders}
    for turn in range(rounds):
        for contender in contenders:
            app_id = f"bench-{contender.name.lower().replace(',', '').replace(' ', '-')}-{turn}"
            one = await run_right(bootstrap, contender, app_id)
            runs[contender.name].append(one)
            print(f"round {turn + 1}, {contender.name}: right after {one.seconds:.1f} s", file=sys.stderr, flush=True)
    for line in table(len(events), contenders, runs):
        print(line)


def table(events: int, contenders: Sequence[Contender], runs: dict[str, list[Run]]) -> list[str]:
    """What is printed: medians over the rounds, and how many times faster each of ours is."""
    ours = [contender.name for contender in contenders if contender.name.startswith(OURS)]
    found = [
        f"| {events:,} events, one worker | events/s | all rounds | CPU µs an event | resident MB | "
        + "".join(f"{name} is | " for name in ours),
        "| --- | ---: | --- | ---: | ---: |" + " ---: |" * len(ours),
    ]
    speeds = {name: statistics.median(events / each.seconds for each in of) for name, of in runs.items()}
    for contender in contenders:
        of = runs[contender.name]
        every = ", ".join(f"{events / each.seconds:,.0f}" for each in of)
        cpu = statistics.median(each.cpu_seconds for each in of) / events * 1e6
        resident = max(each.resident_bytes for each in of) / 1e6
        ratios = "".join(f"{speeds[name] / speeds[contender.name]:.2f} × | " for name in ours)
        found.append(
            f"| {contender.name}: {contender.what} | {speeds[contender.name]:,.0f} | {every} | {cpu:.0f} | "
            f"{resident:.0f} | {ratios}"
        )
    return [line.rstrip() for line in found]


def compare(events: int, rounds: int, leave_out: Sequence[str]) -> None:
    """Start a broker, measure and print."""
    raw = lines(events)
    counts = events_a_rep(raw)
    with tempfile.TemporaryDirectory(prefix="floorpulse-bench-") as scratch, kafka() as bootstrap:
        expected, fewer = (
            added_up([replay(raw, END_OF_TIME, ReadSettings(Definitions(distinct_numbers=each))).state.tally])
            for each in (True, False)
        )
        contenders = [floorpulse(expected)]
        if not shutil.which("gcc"):
            print("floorpulse compiled is left out: no gcc")
        elif "compiled" not in leave_out:
            native = compiled(Path(scratch) / "compiled")
            contenders += [floorpulse(expected, native), floorpulse(fewer, native, numbers=False)]
        if "faust" not in leave_out:
            contenders += [stock_faust(counts, ""), stock_faust(counts, "1")]
        if lacking := java.missing():
            print(f"Kafka Streams is left out: no {lacking}")
        elif "streams" not in leave_out:
            classes, state = Path(scratch) / "classes", Path(scratch) / "state"
            classes.mkdir()
            contenders.append(kafka_streams(counts, java.compiled(classes), state))
        asyncio.run(measure(bootstrap, raw, contenders, rounds))


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--leave-out", choices=["compiled", "faust", "streams"], action="append", default=[])
    options = parser.parse_args(arguments)
    compare(options.events, options.rounds, options.leave_out)


if __name__ == "__main__":
    main()
