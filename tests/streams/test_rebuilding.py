import signal
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from faust.types import TP

from streams.errors import StreamError
from streams.rebuilding import HOPS, app_ids, chased, check_free, check_whole, next_app_id
from tests.streams.floor import Floor, floor


@pytest.fixture
async def stream(kafka: str, tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(kafka, tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("name", "taken", "following"),
    [
        ("desk", {"desk"}, "desk-2"),
        ("desk-2", {"desk", "desk-2"}, "desk-3"),
        ("desk", {"desk", "desk-2", "desk-3"}, "desk-4"),
        ("desk-west", set(), "desk-west-2"),
        ("-7", set(), "-7-2"),
    ],
)
def test_the_next_name_is_the_next_number_that_is_free(name: str, taken: set[str], following: str) -> None:
    assert next_app_id(name, taken) == following


async def chase(*ends: int) -> list[int]:
    """The ends that are reached of a log that ends at each of these in turn, and at the last from then on."""
    reached, waiting, tp = [], list(ends), TP("links", 0)

    async def log_ends() -> dict[TP, int]:
        return {tp: waiting.pop(0) if len(waiting) > 1 else waiting[0]}

    async def reach(wanted: Mapping[TP, int]) -> None:
        reached.append(wanted[tp])

    await chased(log_ends, reach)
    return reached


async def test_links_that_links_cause_are_waited_for_until_there_are_none_but_not_for_ever() -> None:
    assert await chase(5, 7, 8) == [5, 7, 8]
    assert await chase(5) == [5]
    assert await chase(*range(1_000)) == list(range(HOPS))


@pytest.mark.kafka
async def test_names_with_a_state_are_known(stream: Floor) -> None:
    assert stream.settings.app_id in await app_ids(stream.settings)


@pytest.mark.kafka
async def test_a_name_is_free_when_no_worker_has_it(stream: Floor) -> None:
    await check_free(stream.settings)
    worker = stream.worker()
    await stream.owned(1)

    with pytest.raises(StreamError) as error:
        await check_free(stream.settings)

    assert str(error.value) == (
        f"1 workers run as {stream.settings.app_id} (127.0.0.1): stop them first; "
        "one that crashed counts as running for 6 s"
    )
    worker.signal(signal.SIGTERM)
    await worker.ended()
    await check_free(stream.settings)


@pytest.mark.kafka
async def test_inputs_that_lost_records_are_not_whole(stream: Floor) -> None:
    topic = stream.settings.topic("hr.events")
    for _ in range(3):
        await stream.producer.send_and_wait(topic, b"x", partition=2)
    await check_whole(stream.settings)
    client = AIOKafkaAdminClient(bootstrap_servers=stream.settings.servers)
    await client.start()
    await client.delete_records({TopicPartition(topic, 2): RecordsToDelete(2)})
    await client.close()

    with pytest.raises(StreamError, match=rf"^{topic} partition 2 begins at 2: .* or accept that with --incomplete$"):
        await check_whole(stream.settings)
