"""Workers that answer, on Apache Kafka: who they say they are, what they measure, and whose contributions they tell."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from kpi_state.apply import fingerprint
from kpi_state.buckets import Amounts, Cell, add
from kpi_state.definitions import Definitions
from kpi_state.explain.asking import Ask, Told, decode_told, differences, encode_ask, question
from kpi_state.published import INPUTS, decode_tally, decode_worker, is_tally, worker_key
from tests.streams.floor import Floor, Worker, floor, until
from tests.streams.load import Load

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]

TOKEN = "0123456789abcdef0123456789abcdef"  # of a test
SHOWN = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


@pytest.fixture
async def stream(kafka: str, tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(kafka, tmp_path) as made:
        yield made


def worker(stream: Floor) -> Worker:
    return stream.worker(FLOORPULSE_API_TOKEN=TOKEN)


async def owners(stream: Floor) -> dict[int, str]:
    """Partition → URL of its owner, as published."""
    rows = (await stream.state()).rows["tally"]
    return {n: decode_worker(row).url for n, each in rows.items() if (row := each.get(worker_key())) is not None}


async def published(stream: Floor, measure: str) -> dict[Cell, Amounts]:
    found: dict[Cell, Amounts] = {}
    for rows in (await stream.state()).rows["tally"].values():
        for key, value in rows.items():
            if is_tally(key) and key.startswith(f'["{measure}"'.encode()):
                for cell, amounts in decode_tally(key, value):
                    add(found, cell, amounts)
    return {cell: amounts for cell, amounts in found.items() if any(amounts)}


async def asked(stream: Floor, client: ClientSession, measure: str, cells: dict[Cell, Amounts]) -> list[Told]:
    """What the owners of all partitions tell."""
    where: dict[str, list[int]] = {}
    for partition, url in (await owners(stream)).items():
        where.setdefault(url, []).append(partition)
    told = []
    for url, partitions in where.items():
        ask = Ask(fingerprint(Definitions()), measure, question(cells), partitions)
        async with client.post(f"{url}/explain", data=encode_ask(ask), headers=SHOWN) as answer:
            assert answer.status == 200, await answer.text()
            told.append(decode_told(await answer.read()))
    return told


async def page(client: ClientSession, url: str) -> dict[tuple[str, str], float]:
    """(sample, its labels but partition) → sum over partitions."""
    found: dict[tuple[str, str], float] = {}
    async with client.get(f"{url}/metrics", headers=SHOWN) as answer:
        for family in text_string_to_metric_families(await answer.text()):
            for sample in family.samples:
                key = sample.name, sample.labels.get("topic", "")
                found[key] = found.get(key, 0) + sample.value
    return found


async def test_the_owners_of_all_partitions_tell_together_what_is_published(stream: Floor) -> None:
    load = Load(3_000)
    worker(stream), worker(stream)
    await stream.owned(2)
    await stream.send(load.records)
    await stream.exact(load)

    async with ClientSession() as client:
        for measure in ("touchpoints", "leads_created", "lead_source"):
            cells = await published(stream, measure)
            told = await asked(stream, client, measure, cells)
            assert (len(told), differences(cells, told)) == (2, {})
            assert cells, measure
            entities = [entity for one in told for share in one.partitions for entity in share.entities]
            assert entities
            assert all(entity.decided_by or entity.via for entity in entities)


async def test_what_workers_measure_is_what_was_sent(stream: Floor) -> None:
    load = Load(2_000)
    worker(stream)
    await stream.owned(1)
    await stream.send(load.records)
    await stream.exact(load)

    async with ClientSession() as client:
        (url,) = set((await owners(stream)).values())
        metrics = await page(client, url)
        assert sum(metrics["sales_worker_records_total", topic] for topic in INPUTS) >= len(load.records)
        assert metrics["sales_worker_commit_records_count", ""] == metrics["sales_worker_apply_seconds_count", ""] > 0
        assert metrics["sales_worker_partition_owned", ""] == 4
        assert metrics["sales_worker_takeovers_total", ""] >= 1
        assert metrics["process_resident_memory_bytes", ""] > 0
        for _ in range(60):
            if ("sales_worker_lag_records", "crm.events") in (metrics := await page(client, url)):
                break
            await asyncio.sleep(0.5)
        assert sum(metrics["sales_worker_lag_records", topic] for topic in INPUTS) == 0

        refused = await client.get(f"{url}/metrics")
        ready: Any = await (await client.get(f"{url}/readyz")).json()
        assert (refused.status, ready) == (401, {"ready": True, "partitions": [0, 1, 2, 3]})


async def test_a_partition_of_a_killed_worker_is_answered_for_by_the_next_owner(stream: Floor) -> None:
    load = Load(1_000)
    one, two = worker(stream), worker(stream)
    await stream.owned(2)
    await stream.send(load.records)
    assert len(set((await owners(stream)).values())) == 2

    one.signal(signal.SIGKILL)
    await until(lambda: two.owns() == {0, 1, 2, 3}, two.said)
    await stream.exact(load)

    assert len(set((await owners(stream)).values())) == 1
    async with ClientSession() as client:
        cells = await published(stream, "touchpoints")
        (told,) = await asked(stream, client, "touchpoints", cells)
        assert differences(cells, [told]) == {}
        assert len(told.partitions) == 4


async def test_a_worker_that_does_not_listen_takes_the_row_of_the_former_owner_away(stream: Floor) -> None:
    worker(stream)
    await stream.owned(1)
    stream.workers[0].signal(signal.SIGTERM)
    await stream.workers[0].ended()
    assert len(await owners(stream)) == 4

    stream.worker("--listen", "off")
    await stream.owned(1)

    assert await owners(stream) == {}
