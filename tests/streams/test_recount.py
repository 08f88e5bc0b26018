import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kpi_state.published import (
    SourceCounts,
    decode_source,
    encode_row,
    is_tally,
    named_key,
    named_of,
    source_key,
    topic_key,
)
from streams.failpoints import EXIT_CODE
from streams.recount import recount
from tests.streams.floor import Floor, floor
from tests.streams.load import Load

pytestmark = pytest.mark.kafka


@pytest.fixture
async def stream(kafka: str, tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(kafka, tmp_path) as made:
        yield made


async def test_what_a_worker_published_is_what_a_recount_gives_wherever_it_stopped(stream: Floor) -> None:
    """Killed after some commits, with links and forwarded records on their way."""
    load = Load(2_000)
    for n in range(0, len(load.records), 250):
        await stream.send(load.records[n : n + 250], stray=0.2, seed=n)
    assert await stream.worker(FLOORPULSE_FAILPOINTS="after_commit=0.4").ended() == EXIT_CODE

    some = await recount(stream.settings)
    worker = stream.worker()
    await stream.exact(load)
    worker.signal(signal.SIGTERM)
    await worker.ended()
    whole = await recount(stream.settings)

    assert (some.differences, whole.differences) == ([], [])
    assert 0 < some.records < whole.records
    tallies, roster = load.truth
    assert (whole.tallies, whole.people) == (len(tallies), len(roster))


async def test_what_is_published_wrongly_is_found_and_names_nobody(stream: Floor) -> None:
    load = Load(300)
    await stream.send(load.records)
    worker = stream.worker()
    await stream.exact(load)
    worker.signal(signal.SIGTERM)
    await worker.ended()
    rows = (await stream.state()).rows
    partition, key = next((n, key) for n, rows in rows["tally"].items() for key in rows if is_tally(key))
    person = next((n, key) for n, rows in rows["roster"].items() for key in rows)
    send = stream.producer.send_and_wait

    await send(stream.settings.changelog("tally"), None, key, partition=partition)
    await send(stream.settings.changelog("roster"), None, person[1], partition=person[0])
    await send(stream.settings.changelog("tally"), encode_row(1), named_key("/crm.events", "nobody"), partition=0)
    doubled = encode_row(SourceCounts(applied=1, newest=1))
    await send(stream.settings.changelog("tally"), doubled, source_key("/nobody"), partition=3)
    source, raw = next(naming for key in rows["tally"][0] if (naming := named_of(key)) is not None)
    counts = decode_source(rows["tally"][0][source_key(source)])
    counts.unlisted = 1  # then ids may be missing
    await send(stream.settings.changelog("tally"), encode_row(counts), source_key(source), partition=0)
    for partition, tally in rows["tally"].items():
        if named_key(source, raw) in tally:
            await send(stream.settings.changelog("tally"), None, named_key(source, raw), partition=partition)
    await send(stream.settings.changelog("tally"), encode_row([7]), topic_key("hr.events"), partition=0)  # type: ignore[arg-type]
    found = (await recount(stream.settings)).differences

    assert len(found) >= 3
    assert any(" instead of " in line and line.split()[0] in key.decode() for line in found)
    assert any(line.startswith("hr.events: ") for line in found)
    assert any(line.startswith("ids named by sources: 0 are missing and 1 too many") for line in found)
    assert "events of /nobody: 1 instead of 0" in found
    assert "newest event, µs of /nobody: 1 instead of 0" in found
    assert not any(line.startswith("forwarded") for line in found)
    assert any(line.startswith("a row of the roster about a ") for line in found)
    assert not any(f"r{n}" in line.replace("roster", "") for line in found for n in range(10))
