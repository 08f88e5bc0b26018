"""The same stream on the embedded broker, which has no transactions: only when told so, and then with a warning."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.streams.floor import Floor, floor
from tests.streams.load import Load

pytestmark = pytest.mark.embedded


@pytest.fixture
async def stream(embedded: str, tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(embedded, tmp_path, transactions=False) as made:
        yield made


async def test_a_worker_refuses_a_broker_without_transactions_and_names_the_setting(stream: Floor) -> None:
    refused = stream.run("worker", FLOORPULSE_KAFKA_ALLOW_NO_TRANSACTIONS="false")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert len(refused.stderr.splitlines()) == 1
    assert "has no transactions, without which a crash may lose or double events" in refused.stderr
    assert "set [kafka] allow_no_transactions = true" in refused.stderr


async def test_told_so_it_warns_and_publishes_what_the_core_says(stream: Floor) -> None:
    load = Load(3_000)
    worker = stream.worker()

    await stream.send(load.records, stray=0.2)
    await stream.exact(load)

    warning = next(line for line in worker.said() if "level=warning" in line)
    assert "event=no_transactions" in warning
    assert "a crash of this worker may lose or double events" in warning


async def test_stopped_and_started_again_it_goes_on_where_it_was(stream: Floor) -> None:
    load = Load(2_000)
    half = len(load.records) // 2
    first = stream.worker()
    await stream.send(load.records[:half])
    await stream.owned(1)

    first.signal(signal.SIGTERM)
    assert await first.ended() == 0
    stream.worker()
    await stream.send(load.records[half:], seed=2)

    await stream.exact(load)
