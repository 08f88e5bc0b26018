"""Event to published number through Apache Kafka: latency of attempts (one commit) and touchpoints (two); throughput.

python -m bench.live [--rate 500] [--seconds 20] [--events 100000]

Starts one broker (scripts/kafka.py), the topics, and one worker; this process produces, and follows the published state
as an exporter does. Every call has a rep of its own, so that the row in which it shows is known: an attempt in the
partition of the call, a touchpoint in that of its slot. Latency is from handing the call to the producer to reading the
row.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import secrets
import statistics
import sys
import time
from datetime import UTC, datetime

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from bench.floor_topics import PARTITIONS, create_topics, environment
from bench.programs import kafka, running
from bench.stages import lines
from kpi_state.events import TOPIC_OF, decode
from kpi_state.published import INPUTS, decode_position, decode_tally, is_tally, position_key
from streams.routing import homes

FETCH_WAIT_MS = 50


class Follower:
    """Reads the published tallies; knows when each row was first seen, and how far inputs are applied."""

    def __init__(self, bootstrap: str, topic: str) -> None:
        self._bootstrap, self._topic = bootstrap, topic
        self.seen: dict[tuple[str, str], float] = {}
        self.applied: dict[tuple[int, str], int] = {}

    async def run(self) -> None:
        """Until cancelled."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            isolation_level="read_committed",
            enable_auto_commit=False,
            fetch_max_wait_ms=FETCH_WAIT_MS,
            max_poll_records=20_000,
        )
        async with consumer:
            assigned = [TopicPartition(self._topic, partition) for partition in range(PARTITIONS)]
            consumer.assign(assigned)
            await consumer.seek_to_beginning(*assigned)
            positions = {position_key(topic): topic for topic in INPUTS}
            while True:
                for tp, records in (await consumer.getmany(timeout_ms=200)).items():
                    now = time.monotonic()
                    for record in records:
                        if record.key in positions:
                            self.applied[tp.partition, positions[record.key]] = decode_position(record.value)
                        elif record.value is not None and is_tally(record.key):
                            self._tally(record.key, record.value, now)

    def _tally(self, key: bytes, value: bytes, now: float) -> None:
        for (measure, rep, _, _), amounts in decode_tally(key, value):
            if measure == "touchpoints":
                for what, amount in zip(("touchpoints", "attempts"), amounts, strict=False):
                    if amount:
                        self.seen.setdefault((what, rep), now)


def call(number: int) -> tuple[bytes, bytes]:
    """An effective call with a rep and a number of its own."""
    now = datetime.now(UTC).isoformat()
    data: dict[str, object] = {
        "rep_id": f"rep-{number}",
        "phone": f"+31{number:09}",
        "direction": "outbound",
        "started_at": now,
    }
    data |= {"disposition": "answered", "talk_seconds": 60}
    event: dict[str, object] = {
        "id": secrets.token_hex(16),
        "source": "/pbx",
        "type": "telephony.call.v1",
        "subject": f"call-{number}",
    }
    return f"call-{number}".encode(), msgspec.json.encode({**event, "time": now, "data": data})


async def latency(producer: AIOKafkaProducer, follower: Follower, rate: float, seconds: float) -> None:
    """Produce at a steady rate and print quantiles."""
    home = homes(PARTITIONS)
    began, sent = time.monotonic(), {}
    for number in itertools.count():
        due = began + number / rate
        if due > began + seconds:
            break
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        key, value = call(number)
        sent[f"rep-{number}"] = time.monotonic()
        await producer.send("telephony.events", value, key, partition=home(key.decode()))
    await producer.flush()
    await asyncio.sleep(5)
    for what in ("attempts", "touchpoints"):
        waits = [1000 * (follower.seen[what, rep] - at) for rep, at in sent.items() if (what, rep) in follower.seen]
        cuts = statistics.quantiles(waits, n=100)
        print(
            f"{what:12} at {rate:.0f}/s: {len(waits)} of {len(sent)}, p50 {cuts[49]:.0f} ms, p99 {cuts[98]:.0f} ms, "
            f"max {max(waits):.0f} ms"
        )


async def throughput(producer: AIOKafkaProducer, follower: Follower, events: int) -> None:
    """Produce events of the demo floor and print how fast the worker applied them, once it was busy."""
    home, ends = homes(PARTITIONS), dict(follower.applied)
    for line in lines(events):
        event = decode(line)
        topic, partition = TOPIC_OF[event.kind], home(event.subject)
        await producer.send(topic, line, event.subject.encode(), partition=partition)
        ends[partition, topic] = ends.get((partition, topic), 0) + 1
    began = time.monotonic()
    await producer.flush()
    total, start = sum(ends.values()), sum(follower.applied.values())
    points = [(began, start)]
    while any(follower.applied.get(each, 0) < end for each, end in ends.items()):
        await asyncio.sleep(0.05)
        points.append((time.monotonic(), sum(follower.applied.values())))
    first = next(point for point in points if point[1] >= start + 0.2 * (total - start))
    last = next(point for point in points if point[1] >= start + 0.9 * (total - start))
    print(
        f"throughput: {(last[1] - first[1]) / max(last[0] - first[0], 1e-9):,.0f} events/s, the last part of {events:,}"
    )


async def measure(bootstrap: str, options: argparse.Namespace) -> None:
    """Both figures, with one worker."""
    await create_topics(bootstrap, "floorpulse")
    follower = Follower(bootstrap, "floorpulse-tally-changelog")
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=2, max_batch_size=1 << 18)
    worker = (sys.executable, "-m", "floorpulse", "worker")
    with running(*worker, environment=environment(bootstrap, "floorpulse")):
        task = asyncio.create_task(follower.run())
        await producer.start()
        try:
            key, value = call(10**8)
            await producer.send_and_wait("telephony.events", value, key, partition=homes(PARTITIONS)(key.decode()))
            while ("touchpoints", f"rep-{10**8}") not in follower.seen:  # noqa: ASYNC110 - rows are polled
                await asyncio.sleep(0.1)
            await latency(producer, follower, options.rate, options.seconds)
            if options.events:
                await throughput(producer, follower, options.events)
        finally:
            task.cancel()
            await producer.stop()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=500)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--events", type=int, default=0)
    options = parser.parse_args()
    with kafka() as bootstrap:
        asyncio.run(measure(bootstrap, options))


if __name__ == "__main__":
    main()
