import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from streams.group import members
from tests.streams.floor import Floor, floor


@pytest.fixture
async def stream(kafka: str, tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(kafka, tmp_path) as made:
        yield made


@pytest.mark.kafka
async def test_each_worker_is_a_member_with_what_it_owns(stream: Floor) -> None:
    assert await members(stream.settings) == []
    first = stream.worker()
    stream.worker()
    await stream.owned(2)

    found = await members(stream.settings)

    assert sorted(partition for member in found for partition in member.partitions) == [0, 1, 2, 3]
    assert [len(member.partitions) for member in found] == [2, 2]
    assert {member.host for member in found} == {"127.0.0.1"}
    assert len({member.name for member in found}) == 2

    first.signal(signal.SIGTERM)
    await first.ended()
    assert len(await members(stream.settings)) == 1


@pytest.mark.embedded
async def test_the_embedded_broker_tells_its_members_too(embedded: str, tmp_path: Path) -> None:
    async with floor(embedded, tmp_path, transactions=False) as stream:
        assert await members(stream.settings) == []
        stream.worker()
        await stream.owned(1)
        assert len(await members(stream.settings)) == 1
