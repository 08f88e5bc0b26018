"""Seconds it takes to bring the read model in Redis from one picture to the next, and the memory it takes there.

python -m bench.read_model [--reps 2500]

Every rep has 56 numbers of two parts, on as many leaderboards; every look changes one in twenty. The server is Debian's
`redis-server`, on a socket, and keeps nothing on disk.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from exporters.kept import Kept, place_of
from exporters.read_model import Model
from exporters.redis_feed import client
from exporters.redis_writer import Version, Writer
from floorpulse.demo.tether import tethered
from kpi_state.read.sample import Sample

NUMBERS = 56
CHANGED = 0.05


def numbers(reps: int) -> list[Sample]:
    """What the floor has at first."""
    return [number(rep, place, 3) for rep in range(reps) for place in range(NUMBERS)]


def number(rep: int, place: int, won: int) -> Sample:
    """One number of one rep."""
    parts: dict[str, int | float] = {"leads": 1_000, "won": won}
    labels = {"basis": f"b{place}"}
    return Sample("lead_win", "rep", f"rep-{rep:06}", "month", "2024-06", labels, parts, won / 1_000)


async def measure(redis: Any, reps: int) -> None:
    """Print a line for each way of writing."""
    writer, model, kept = Writer(redis, "floor:", "bench"), Model(), Kept()
    draw = random.Random(1)
    samples = numbers(reps)
    for each in samples:
        kept.samples.put(place_of(each), each, 1)
    for position, what in enumerate(("into an empty server", "5 % changed", "nothing changed", "all read again"), 1):
        if what == "5 % changed":
            for index in draw.sample(range(len(samples)), int(CHANGED * len(samples))):
                changed = number(*divmod(index, NUMBERS), 4)
                kept.samples.put(place_of(changed), changed, position)
        elif what == "all read again":
            writer.forget()
        began = time.perf_counter()
        made = model.follow(kept, position)
        pictured = time.perf_counter()
        outcome = await writer.write(made, Version({"log-0": position}, 0), {})
        written = time.perf_counter()
        assert outcome == "written"
        print(f"{what}: picture {pictured - began:.2f} s, Redis {written - pictured:.2f} s")
    print(f"{len(samples):,} numbers, {(await redis.info('memory'))['used_memory'] / 1e6:.0f} MB in Redis")


async def run(reps: int, socket: Path) -> None:
    """Measure on the server of a socket."""
    async with client(f"unix://{socket}") as redis:
        await measure(redis, reps)


def main() -> None:
    """Start a server, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reps", type=int, default=2_500)
    reps = parser.parse_args().reps
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "socket"
        command = ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", ""]
        with subprocess.Popen(tethered(command), stdout=subprocess.DEVNULL) as server:
            try:
                while not socket.exists():
                    time.sleep(0.02)
                asyncio.run(run(reps, socket))
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
