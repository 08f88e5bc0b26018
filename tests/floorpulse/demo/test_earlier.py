import uuid

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from floorpulse.demo.earlier import Record, first_records
from kpi_state.published import INPUTS
from streams.settings import StreamSettings

pytestmark = pytest.mark.embedded


@pytest.fixture
async def settings(embedded: str) -> StreamSettings:
    made = StreamSettings(embedded, topic_prefix=f"e{uuid.uuid4().hex[:8]}.", partitions=2)
    admin = AIOKafkaAdminClient(bootstrap_servers=embedded)
    await admin.start()
    await admin.create_topics([NewTopic(made.topic(name), 2, 1) for name in INPUTS])
    await admin.close()
    return made


async def test_nothing_is_found_where_nothing_was_sent(settings: StreamSettings) -> None:
    assert await first_records(settings) == set()


async def test_the_oldest_record_of_each_partition_is_found(settings: StreamSettings) -> None:
    async with AIOKafkaProducer(bootstrap_servers=settings.servers) as producer:
        for number in range(3):
            for name, partition in (("crm.events", 0), ("crm.events", 1), ("hr.events", 1)):
                value, at = b"%s %d %d" % (name.encode(), partition, number), 1_000 + number
                await producer.send_and_wait(settings.topic(name), value, b"k", partition=partition, timestamp_ms=at)

    assert await first_records(settings) == {
        Record("crm.events", b"k", b"crm.events 0 0", 1_000),
        Record("crm.events", b"k", b"crm.events 1 0", 1_000),
        Record("hr.events", b"k", b"hr.events 1 0", 1_000),
    }
