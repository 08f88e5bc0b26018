"""A stream of its own on a shared broker: topics, workers as processes, records sent, committed state read back."""

import asyncio
import contextlib
import itertools
import os
import random
import re
import signal
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions

from kpi_state.apply import State
from kpi_state.events import ContractError, decode
from kpi_state.published import (
    INPUTS,
    LINKS,
    QUARANTINE,
    TABLES,
    SourceCounts,
    TopicCounts,
    decode_quarantined,
    decode_source,
    decode_topic,
    is_tally,
    name_of,
    named_of,
    quarantined_key,
    topic_key,
)
from streams import topics
from streams.routing import homes
from streams.settings import StreamSettings
from streams.takeover import committed
from streams.work import Work
from tests.brokers import ROOT
from tests.streams.load import Load, Sent, sums

MORE_LOOKS = 5
"""While links flow, rows are newer than the ends of the logs read before them; too much that stays is wrong."""
GIVE_UP_SECONDS = 120


class Worker:
    """A worker process; what it says goes to a file."""

    def __init__(self, log: Path, environment: dict[str, str], *options: str) -> None:
        self.log = log
        command = [sys.executable, "-m", "floorpulse", "worker", *options]
        with log.open("ab") as out:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)

    def said(self) -> list[str]:
        """The lines so far."""
        return self.log.read_text().splitlines()

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def owns(self) -> set[int]:
        """The partitions it says it owns."""
        lines = [line for line in self.said() if "event=owns" in line]
        return (
            {int(number) for number in re.findall(r"\d+", lines[-1].partition("partitions=")[2].partition("]")[0])}
            if lines
            else set()
        )

    async def ended(self) -> int:
        """Its exit code, once it has ended."""
        await until(lambda: self.process.poll() is not None, self.said)
        return self.process.returncode


async def until(true: Callable[[], bool], shown: Callable[[], object]) -> None:
    """Wait for something to come true."""
    for _ in range(GIVE_UP_SECONDS * 10):
        if true():
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"waited in vain: {shown()}")


class Floor:
    """Topics and workers of one app_id."""

    def __init__(
        self, bootstrap: str, logs: Path, *, partitions: int = 4, replication: int = 1, transactions: bool = True
    ) -> None:
        name = f"t{uuid.uuid4().hex[:12]}"
        self.settings = StreamSettings(
            bootstrap,
            app_id=name,
            topic_prefix=f"{name}.",
            partitions=partitions,
            replication=replication,
            transactions=transactions,
        )
        self.home, self._logs, self._numbers = homes(partitions), logs, itertools.count()
        self.workers: list[Worker] = []
        self.astray = Counter[str]()
        """Input → events that were sent to another partition than their home."""
        self.producer: Any = None

    def environment(self, **changes: str) -> dict[str, str]:
        """What makes `floorpulse` one of this stream."""
        settings = {
            "FLOORPULSE_KAFKA_BOOTSTRAP_SERVERS": self.settings.bootstrap_servers,
            "FLOORPULSE_KAFKA_APP_ID": self.settings.app_id,
            "FLOORPULSE_KAFKA_TOPIC_PREFIX": self.settings.topic_prefix,
            "FLOORPULSE_KAFKA_PARTITIONS": str(self.settings.partitions),
            "FLOORPULSE_KAFKA_REPLICATION": str(self.settings.replication),
            "FLOORPULSE_KAFKA_ALLOW_NO_TRANSACTIONS": "false" if self.settings.transactions else "true",
        }
        return {**os.environ, **settings, **changes}

    def worker(self, *options: str, **changes: str) -> Worker:
        """Start one more worker; `changes` are variables of its environment."""
        worker = Worker(self._logs / f"worker-{next(self._numbers)}.log", self.environment(**changes), *options)
        self.workers.append(worker)
        return worker

    async def owned(self, workers: int) -> None:
        """Wait until so many workers run and share all partitions, each at least one."""
        await until(lambda: self._shared() == workers, lambda: [worker.said() for worker in self.workers])

    def _shared(self) -> int:
        shares = [worker.owns() for worker in self.workers if worker.process.poll() is None]
        whole = sorted(partition for share in shares for partition in share) == list(range(self.settings.partitions))
        return len(shares) if whole and all(shares) else 0

    def run(self, *command: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run a command of `floorpulse` to its end."""
        return subprocess.run(
            [sys.executable, "-m", "floorpulse", *command],
            cwd=ROOT,
            env=self.environment(**changes),
            capture_output=True,
            text=True,
            check=False,
            timeout=GIVE_UP_SECONDS,
        )

    # -- sending -----------------------------------------------------------------------------------------------------

    async def send(self, records: Iterable[Sent], *, stray: float = 0.02, seed: int = 1) -> None:
        """Send records to the partition of their key; some to any, as those without key and of foreign partitioners."""
        rng, sent = random.Random(seed), []
        for record in records:
            home = rng.randrange(self.settings.partitions)
            if record.key is not None and rng.random() >= stray:
                home = self.home(record.key.decode())
            with contextlib.suppress(ContractError):
                self.astray[record.topic] += self.home(decode(record.value).subject) != home
            topic = self.settings.topic(record.topic)
            sent.append(
                await self.producer.send(
                    topic, record.value, record.key, partition=home, timestamp_ms=record.timestamp_ms
                )
            )
        await asyncio.gather(*sent)

    # -- reading -----------------------------------------------------------------------------------------------------

    async def records(self, *names: str) -> dict[str, dict[int, list[Any]]]:
        """Committed records of topics, by full name and partition, from the beginning."""
        partitions = [TopicPartition(name, n) for name in names for n in range(self.settings.partitions)]
        found: dict[str, dict[int, list[Any]]] = {
            name: {n: [] for n in range(self.settings.partitions)} for name in names
        }
        async with AIOKafkaConsumer(
            bootstrap_servers=self.settings.servers,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        ) as consumer:
            consumer.assign(partitions)
            firsts = await consumer.beginning_offsets(partitions)
            async for tp, records, _ in committed(consumer, firsts):
                found[tp.topic][tp.partition] += records
        return found

    async def state(self) -> "Published":
        """What is published now."""
        s = self.settings
        names = [s.changelog(name) for name in TABLES]
        found = await self.records(*names, s.topic(LINKS), s.topic(QUARANTINE))
        rows: dict[str, dict[int, dict[bytes, bytes]]] = {}
        for table, name in zip(TABLES, names, strict=True):
            rows[table] = {}
            for partition, records in found[name].items():
                kept = rows[table][partition] = dict[bytes, bytes]()
                for record in records:
                    if record.value is None:
                        kept.pop(record.key, None)
                    else:
                        kept[record.key] = record.value
        links = sum(len(records) for records in found[s.topic(LINKS)].values())
        quarantine = [record for records in found[s.topic(QUARANTINE)].values() for record in records]
        return Published(rows, links, quarantine)

    async def exact(self, load: Load, *, idempotent_only: bool = False) -> None:
        """Wait until everything sent is applied; it is what the core says, no more and no less, and stays so."""
        wanted, wrong, right, more = load.counts, ["nothing was read yet"], 0, 0
        for _ in range(GIVE_UP_SECONDS):
            state = await self.state()
            wrong = state.differences(load, wanted, self.astray, idempotent_only=idempotent_only)
            right = 0 if wrong else right + 1
            if right == 2:
                wrong = [] if idempotent_only else await self._by_source(state)
                break
            more = more + 1 if any("more" in each for each in wrong) else 0
            if more == MORE_LOOKS and not idempotent_only:
                break  # nothing can take it back
            await asyncio.sleep(1)
        said = [line for worker in self.workers for line in worker.said()[-5:]]
        assert not wrong, "\n".join([*wrong[:10], *said])

    async def _by_source(self, state: "Published") -> list[str]:
        """What was counted of sources otherwise than of the same logs in one go, without a worker: late, superseded and
        scaled ones too, which no order of sending tells.
        """
        names = {self.settings.topic(name): name for name in INPUTS}
        alone = [State() for _ in range(self.settings.partitions)]
        for topic, partitions in (await self.records(*names)).items():
            for partition, records in partitions.items():
                work = Work(partition, alone[partition], self.settings, self.home)
                work.take(names[topic], records)
                work.finish()
        found, right = arrived(state.rows["tally"].values()), arrived(each.tally for each in alone)
        return [
            f"{key!r}: {found.get(key)} instead of {right.get(key)}"
            for key in sorted(found.keys() | right.keys())
            if found.get(key) != right.get(key)
        ]

    async def add_partitions(self, name: str, total: int) -> None:
        """Give a topic more partitions, as somebody might."""
        client = AIOKafkaAdminClient(bootstrap_servers=self.settings.servers)
        await client.start()
        try:
            await client.create_partitions({self.settings.topic(name): NewPartitions(total)})
        finally:
            await client.close()

    async def members(self) -> int:
        """How many members the group has, as the broker says."""
        client = AIOKafkaAdminClient(bootstrap_servers=self.settings.servers)
        await client.start()
        try:
            (answer,) = await client.describe_consumer_groups([self.settings.app_id])
            return len(answer.groups[0][5])
        finally:
            await client.close()


class Published:
    """Committed rows by table and partition, the number of link records, and the quarantined records."""

    def __init__(self, rows: dict[str, dict[int, dict[bytes, bytes]]], links: int, quarantine: list[Any]) -> None:
        self.rows, self.links, self.quarantine = rows, links, quarantine

    def counts(self, topic: str) -> TopicCounts:
        """The counts of an input, all partitions together."""
        total = TopicCounts()
        for rows in self.rows["tally"].values():
            if (row := rows.get(topic_key(topic))) is not None:
                one = decode_topic(row)
                total = TopicCounts(*(getattr(total, f) + getattr(one, f) for f in TopicCounts.__struct_fields__))
        return total

    def differences(
        self, load: Load, wanted: dict[str, tuple[int, int]], astray: Counter[str], *, idempotent_only: bool
    ) -> list[str]:
        """What is not as it must be; "more" says of a counter that it went too far."""
        wrong = []
        if not idempotent_only:
            for topic in INPUTS:
                counts = self.counts(topic)
                for what, found, right in zip(
                    ("read", "quarantined", "forwarded"),
                    (counts.read, counts.quarantined, counts.forwarded),
                    (*wanted[topic], astray[topic]),
                    strict=True,
                ):
                    if found != right:
                        wrong.append(
                            f"{topic} {what}: {found} instead of {right}, {'more' if found > right else 'less'}"
                        )
            counts = self.counts(LINKS)
            if counts.read != self.links:
                wrong.append(
                    f"links: {counts.read} applied of {self.links}, {'more' if counts.read > self.links else 'less'}"
                )
            wrong += [f"{what}: {found} instead of {right}, less" for what, found, right in self._arrivals(load)]
            values = Counter(record.value for record in self.quarantine)
            if values != load.quarantined:
                wrong.append(f"quarantine: {len(self.quarantine)} records instead of {load.quarantined.total()}")
        tallies, roster = load.truth
        found_tallies = sums(list(self.rows["tally"].values()))
        wrong.extend(
            f"{cell}: {found_tallies.get(cell)} instead of {tallies.get(cell)}"
            for cell in tallies.keys() | found_tallies.keys()
            if tallies.get(cell) != found_tallies.get(cell)
        )
        found_roster = {key for rows in self.rows["roster"].values() for key in rows}
        if found_roster != set(roster):
            wrong.append(f"roster: {len(found_roster)} rows instead of {len(roster)}")
        return wrong

    def _arrivals(self, load: Load) -> Iterator[tuple[str, object, object]]:
        """(source or reason, what was counted, what was sent) where they differ."""
        sources, reasons, forwarded = Counter[str](), Counter[tuple[str, str]](), 0
        for rows in self.rows["tally"].values():
            for key, row in rows.items():
                kind, name = ("", "") if is_tally(key) else name_of(key)
                if kind == "source":
                    counts = decode_source(row)
                    sources[name] += counts.applied + counts.unchanged + counts.heartbeats
                    forwarded += counts.forwarded
                elif kind == "quarantined":
                    found = decode_quarantined(row)
                    reasons.update({(source, why): n for source, whys in found.items() for why, n in whys.items()})
        if forwarded != (told := sum(self.counts(topic).forwarded for topic in INPUTS)):
            yield "forwarded of all sources", forwarded, told
        yield from ((name, sources[name], n) for name, n in load.sources.items() if sources[name] != n)
        yield from ((str(why), reasons[why], n) for why, n in load.reasons.items() if reasons[why] != n)


def arrived(tallies: Iterable[Mapping[bytes, bytes]]) -> dict[bytes, object]:
    """What was counted of each source, all partitions together: events, and what was set aside; and whom it named."""
    found: dict[bytes, Any] = {}
    for rows in tallies:
        for key, row in rows.items():
            if named_of(key) is not None:
                found[key] = True
            elif not is_tally(key) and name_of(key)[0] == "source":
                found[key] = found.get(key, SourceCounts()).with_others(decode_source(row))
            elif key == quarantined_key():
                found[key] = found.get(key, Counter[tuple[str, str]]()) + Counter(
                    {(source, why): n for source, whys in decode_quarantined(row).items() for why, n in whys.items()}
                )
    return found


@asynccontextmanager
async def floor(bootstrap: str, logs: Path, **options: Any) -> AsyncIterator[Floor]:
    """A stream with its topics and a producer; its workers are killed in the end."""
    made = Floor(bootstrap, logs, **options)
    await topics.create(made.settings)
    async with AsyncExitStack() as stack:
        idempotent = made.settings.transactions
        made.producer = AIOKafkaProducer(
            bootstrap_servers=made.settings.servers, acks="all", enable_idempotence=idempotent, linger_ms=2
        )
        await stack.enter_async_context(made.producer)
        try:
            yield made
        finally:
            for worker in made.workers:
                worker.process.kill()
                worker.process.wait()
