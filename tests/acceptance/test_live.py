"""The real events, shuffled and each one twice, through Kafka: what is served is what `replay` prints."""

import asyncio
import json
import random
import signal
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from kpi_state.catalogue import TOPIC_OF, TYPE_OF
from kpi_state.published import INPUTS
from tests.acceptance.bpi2012 import END, SETTINGS, replayed, write_events
from tests.exporters.process import Exporter, exporter
from tests.streams.floor import Floor, floor
from tests.streams.load import Sent

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(1_800)]

TOPICS = {name: TOPIC_OF[kind] for kind, name in TYPE_OF.items()}
EVENTS = 2 * 97_737
STAYS_SECONDS = 5


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[bytes], bytes]:
    """The events in any order, each one twice, and what `replay` prints of them."""
    folder = tmp_path_factory.mktemp("bpi2012")
    write_events(folder / "events.jsonl")
    lines = 2 * (folder / "events.jsonl").read_bytes().splitlines()
    random.Random(2012).shuffle(lines)
    assert len(lines) == EVENTS
    (folder / "twice.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    return lines, replayed(folder / "twice.jsonl")


def records(lines: Iterable[bytes]) -> Iterable[Sent]:
    """The events as a producer sends them: to the topic of their type, keyed by their subject."""
    for line in lines:
        event = json.loads(line)
        yield Sent(TOPICS[event["type"]], event["subject"].encode(), line)


async def read(served: Exporter) -> int:
    """How many records the workers have read."""
    status, body = await served.get("/api/freshness")
    assert status == 200, f"{body!r} {served.log.read_text()}"
    topics = json.loads(body)["topics"]
    return sum(counts["read"] for topic, counts in topics.items() if topic in INPUTS)


async def becomes(served: Exporter, wanted: bytes) -> None:
    """Wait until the exporter serves these bytes, and see that they stay; say what differs if it never does."""
    while await read(served) < EVENTS:
        await asyncio.sleep(0.5)
    document = b""
    for _ in range(60):  # what is read may have links under way
        _, document = await served.get("/api/kpis?all=1")
        if document == wanted:
            break
        await asyncio.sleep(1)
    assert not different(document, wanted)
    await asyncio.sleep(STAYS_SECONDS)
    assert (await served.get("/api/kpis?all=1"))[1] == wanted


def different(found: bytes, wanted: bytes) -> list[tuple[str, str]]:
    """The first lines that differ."""
    if found == wanted:
        return []
    ours, theirs = found.decode().splitlines(), wanted.decode().splitlines()
    length = max(len(ours), len(theirs))
    pairs = zip(ours + [""] * (length - len(ours)), theirs + [""] * (length - len(theirs)), strict=True)
    return [pair for pair in pairs if pair[0] != pair[1]][:5]


@pytest.fixture
async def apache(kafka: str, tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(kafka, tmp_path, partitions=8) as made:
        yield made


@pytest.fixture
async def mesh(embedded: str, tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(embedded, tmp_path, partitions=8, transactions=False) as made:
        yield made


@pytest.mark.kafka
async def test_on_apache_kafka_with_two_workers_one_killed_half_way(
    apache: Floor, twice: tuple[list[bytes], bytes], tmp_path: Path
) -> None:
    lines, wanted = twice
    with exporter(tmp_path, apache.environment(**SETTINGS), "--as-of", END) as served:
        await served.ready()
        victim, _ = apache.worker(**SETTINGS), apache.worker(**SETTINGS)
        await apache.owned(2)
        sending = asyncio.create_task(apache.send(records(lines), stray=0))
        while await read(served) < EVENTS // 2:
            await asyncio.sleep(0.1)
        victim.signal(signal.SIGKILL)
        assert await victim.ended() == -signal.SIGKILL
        apache.worker(**SETTINGS)
        await sending
        await becomes(served, wanted)


@pytest.mark.embedded
async def test_on_the_embedded_broker_with_one_worker(
    mesh: Floor, twice: tuple[list[bytes], bytes], tmp_path: Path
) -> None:
    lines, wanted = twice
    with exporter(tmp_path, mesh.environment(**SETTINGS), "--as-of", END) as served:
        await served.ready()
        mesh.worker(**SETTINGS)
        await mesh.send(records(lines), stray=0)
        await becomes(served, wanted)
