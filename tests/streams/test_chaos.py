"""Faults at random on three brokers: kills, pauses, stops, lost brokers, crashes inside commits; then the truth."""

import asyncio
import json
import os
import random
import signal
from collections import Counter
from pathlib import Path

import pytest

from streams.failpoints import EXIT_CODE, POINTS
from tests.brokers import Cluster
from tests.streams.floor import Floor, Worker, floor
from tests.streams.load import Load

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]

SEEDS = [int(seed) for seed in os.environ.get("FLOORPULSE_CHAOS_SEEDS", "1").split(",")]
"""More of them, such as 2,3,4, for a longer look."""
SECONDS = 50
RECORDS = 20_000
SLICES = 300
CHANCE = 0.004
"""Of a crash at each failpoint that is reached: about one in forty commits."""


async def send_steadily(stream: Floor, load: Load) -> None:
    size = len(load.records) // SLICES + 1
    for number in range(SLICES):
        await stream.send(load.records[number * size : (number + 1) * size], seed=number)
        await asyncio.sleep(SECONDS / SLICES)


async def break_things(stream: Floor, cluster: Cluster, rng: random.Random, faults: Counter[str]) -> None:
    while True:
        await asyncio.sleep(rng.uniform(3, 6))
        running = [worker for worker in stream.workers if worker.process.poll() is None]
        fault = rng.choice(["kill", "kill", "pause", "pause", "term", "broker"])
        faults[fault] += 1
        if fault == "broker":
            cluster.kill(rng.randint(1, 3))
        elif running:
            await hurt(rng.choice(running), fault, rng)


async def hurt(worker: Worker, fault: str, rng: random.Random) -> None:
    if fault == "pause":
        worker.signal(signal.SIGSTOP)
        await asyncio.sleep(rng.uniform(5, 11))  # shorter and longer than a session
        worker.signal(signal.SIGCONT)
    else:
        worker.signal(signal.SIGKILL if fault == "kill" else signal.SIGTERM)


async def supervise(stream: Floor, faults: Counter[str]) -> None:
    """Keep two workers running, whatever they end of."""
    chances = ",".join(f"{point}={CHANCE}" for point in POINTS)
    counted: set[int] = set()
    while True:
        for number, worker in enumerate(stream.workers):
            if worker.process.poll() is not None and number not in counted:
                counted.add(number)
                faults[
                    "failpoint" if worker.process.returncode == EXIT_CODE else f"exit {worker.process.returncode}"
                ] += 1
        for _ in range(2 - sum(worker.process.poll() is None for worker in stream.workers)):
            stream.worker(FLOORPULSE_FAILPOINTS=chances)
        await asyncio.sleep(0.5)


@pytest.mark.parametrize("seed", SEEDS)
async def test_no_fault_loses_or_doubles_an_event(cluster: Cluster, tmp_path: Path, seed: int) -> None:
    load, faults = Load(RECORDS, seed), Counter[str]()
    async with floor(cluster.bootstrap, tmp_path, replication=3) as stream:
        supervisor = asyncio.create_task(supervise(stream, faults))
        breaker = asyncio.create_task(break_things(stream, cluster, random.Random(seed), faults))
        try:
            await send_steadily(stream, load)
            breaker.cancel()
            for worker in stream.workers:
                if worker.process.poll() is None:
                    worker.signal(signal.SIGCONT)
            await stream.exact(load)
        finally:
            supervisor.cancel()
            breaker.cancel()
    (tmp_path / "faults.json").write_text(json.dumps(faults))
    assert sum(faults[fault] for fault in ("kill", "pause", "term", "broker")) >= 5
