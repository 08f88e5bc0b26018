"""`replay` of a file of events against DuckDB, which computes three of the fourteen KPIs of the same file.

python -m bench.replay [--events 1000000]

The events of the demo floor are written to a file. Each contender reads it in a process of its own: `replay`, one
process and one thread, which computes everything it ever does; DuckDB with one thread and with as many as there are
cores, which computes leads created, lead to conversion and effective touchpoints (bench/replay.sql). What both found
per rep and day of UTC must be equal, or nothing is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import duckdb

from bench.programs import ROOT
from bench.stages import lines
from kpi_state.buckets import Amounts, Cell
from kpi_state.definitions import ReadSettings
from kpi_state.replay import Replay
from streams.snapshot import added_up

QUARTERS_A_DAY: Final = 96
QUARTER_US: Final = 900_000_000
END_OF_TIME: Final = 1 << 62
SQL: Final = Path(__file__).with_suffix(".sql")

Figures = dict[str, list[int]]
"""JSON of [measure, rep, day of UTC since 1970] → [touchpoints, 0], or [leads created, converted]."""

PLACES: Final = {"leads_created": ("leads_created", 0, 0), "lead_conversion": ("leads_created", 1, 1)} | {
    "touchpoints": ("touchpoints", 0, 0)
}
"""Measure → (name of the figure, place in it, which of its amounts)."""


class Outcome(NamedTuple):
    """What a process found, and what it took."""

    figures: Figures
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    note: str


def figures_of(tallies: Mapping[Cell, Amounts]) -> Figures:
    """The figures of three KPIs in the tallies of floorpulse."""
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for (measure, rep, (_, quarter, _), _), amounts in tallies.items():
        if measure in PLACES:
            name, place, amount = PLACES[measure]
            found[json.dumps([name, rep, quarter // QUARTERS_A_DAY])][place] += amounts[amount]
    return {key: sums for key, sums in found.items() if any(sums)}


def by_replay(file: Path) -> tuple[Figures, str]:
    """What `floorpulse replay` does with a file, its document included."""
    result = Replay(END_OF_TIME, ReadSettings())
    with file.open("rb") as text:
        result.feed(text)
    tallies = added_up([result.state.tally])
    result.as_of = max((quarter * QUARTER_US for _, _, (tag, quarter, _), _ in tallies if tag == "Q"), default=0)
    began = time.perf_counter()
    document = result.document()
    note = f"{time.perf_counter() - began:.1f} s of it for the document of {len(document) / 1e6:.1f} MB"
    return figures_of(tallies), note


def by_duckdb(file: Path, threads: int) -> tuple[Figures, str]:
    """The same figures by SQL."""
    with duckdb.connect() as connection:
        connection.execute(f"SET threads = {threads}; SET TimeZone = 'UTC'")
        *making, asking = duckdb.extract_statements(SQL.read_text())
        for statement in making:
            connection.execute(statement, {"file": str(file)} if "file" in statement.named_parameters else None)
        rows: list[Any] = connection.execute(asking).fetchall()
    return {json.dumps([measure, rep, day]): sums for measure, rep, day, sums in rows}, f"{threads} thread(s)"


CONTENDERS: Final[Mapping[str, Callable[[Path], tuple[Figures, str]]]] = {
    "replay: all fourteen KPIs": by_replay,
    "DuckDB: three of them, one thread": lambda file: by_duckdb(file, 1),
    "DuckDB: three of them, all cores": lambda file: by_duckdb(file, os.cpu_count() or 1),
}


def peak_bytes() -> int:
    """The most memory this process ever had; `ru_maxrss` would be that of its parent where that had more."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) << 10


def child(name: str, file: Path) -> None:
    """Measure one contender in this process, and print it for the parent."""
    began, cpu = time.perf_counter(), time.process_time()
    figures, note = CONTENDERS[name](file)
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
    json.dump(Outcome(figures, seconds, cpu_seconds, peak_bytes(), note), sys.stdout)


def outcome(name: str, file: Path) -> Outcome:
    """One contender in a process of its own."""
    command = [sys.executable, "-m", "bench.replay", "--contender", name, "--file", str(file)]
    return Outcome(*json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout))


def compare(events: int) -> list[str]:
    """Measure all of them; lines of a table. Raises RuntimeError when they differ."""
    with tempfile.TemporaryDirectory(prefix="floorpulse-bench-") as folder:
        file = Path(folder) / "events.jsonl"
        with file.open("wb") as out:
            out.writelines(line + b"\n" for line in lines(events))
        found = {name: outcome(name, file) for name in CONTENDERS}
        megabytes = file.stat().st_size / 1e6
    first, *others = found.values()
    for name, other in zip(list(CONTENDERS)[1:], others, strict=True):
        differing = [key for key in first.figures | other.figures if first.figures.get(key) != other.figures.get(key)]
        if differing or not first.figures:
            shown = [(key, first.figures.get(key), other.figures.get(key)) for key in differing[:5]]
            raise RuntimeError(f"{name} differs from replay in {len(differing)} figures, such as {shown}: void")
    title = f"{events:,} events, {megabytes:,.0f} MB, {len(first.figures):,} equal figures"
    table = [f"| {title} | seconds | CPU seconds | peak MB | |", "| --- | ---: | ---: | ---: | --- |"]
    for name, one in found.items():
        table.append(
            f"| {name} | {one.seconds:.1f} | {one.cpu_seconds:.1f} | {one.peak_bytes / 1e6:,.0f} | {one.note} |"
        )
    return table


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--contender", choices=list(CONTENDERS), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.contender:
        child(options.contender, options.file)
        return
    for line in compare(options.events):
        print(line)


if __name__ == "__main__":
    main()
