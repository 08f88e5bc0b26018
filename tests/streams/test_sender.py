import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka.errors import MessageSizeTooLargeError, NotEnoughReplicasError

from streams import sender
from streams.errors import StreamError
from streams.outbox import Outgoing
from streams.sender import Sender, sending
from tests.streams.floor import Floor, floor
from tests.streams.records import settings


class Producer:
    """Hands out futures and remembers what it was given."""

    def __init__(self) -> None:
        self.sent: list[tuple[Any, ...]] = []
        self.futures: list[asyncio.Future[None]] = []

    async def send(self, topic: str, value: bytes, key: bytes | None, **options: Any) -> asyncio.Future[None]:
        self.sent.append((topic, value, key, options["partition"], options["headers"]))
        self.futures.append(asyncio.get_running_loop().create_future())
        return self.futures[-1]


async def test_a_record_counts_when_it_is_acknowledged() -> None:
    producer = Producer()
    made = Sender(producer, settings(topic_prefix="x."))

    await made.send("crm.events", Outgoing(b"k", b"v", (("h", b"1"),)))
    await made.send("hr.events", Outgoing(None, b"w"), 3)
    assert made.acknowledged.total() == 0
    for future in producer.futures:
        future.set_result(None)
    await made.finish()

    assert made.acknowledged == {"crm.events": 1, "hr.events": 1}
    assert producer.sent == [("x.crm.events", b"v", b"k", None, [("h", b"1")]), ("x.hr.events", b"w", None, 3, [])]


async def test_only_so_many_wait_for_acknowledgement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "UNACKNOWLEDGED", 2)
    producer = Producer()
    made = Sender(producer, settings())
    for _ in range(2):
        await made.send("crm.events", Outgoing(b"k", b"v"))

    third = asyncio.create_task(made.send("crm.events", Outgoing(b"k", b"v")))
    await asyncio.sleep(0)
    assert len(producer.sent) == 2
    producer.futures[0].set_result(None)
    await third

    assert len(producer.sent) == 3
    assert made.acknowledged.total() == 1


REFUSED = (
    "Kafka at nowhere:1 did not take an event for crm.events ({}): mend that and send everything again, "
    "an event that comes twice counts once"
)


async def test_what_brokers_do_not_take_is_one_line_with_the_remedy() -> None:
    producer = Producer()
    made = Sender(producer, settings())
    await made.send("crm.events", Outgoing(b"k", b"v"))
    producer.futures[0].set_exception(NotEnoughReplicasError())

    with pytest.raises(StreamError) as error:
        await made.finish()

    assert str(error.value) == REFUSED.format("NotEnoughReplicasError")
    assert made.acknowledged.total() == 0


async def test_what_the_client_does_not_even_send_is_said_the_same_way() -> None:
    class Refusing(Producer):
        async def send(self, *args: Any, **options: Any) -> Any:
            raise MessageSizeTooLargeError

    with pytest.raises(StreamError) as error:
        await Sender(Refusing(), settings()).send("crm.events", Outgoing(b"k", b"v"))

    assert str(error.value) == REFUSED.format("MessageSizeTooLargeError")


async def test_without_a_broker_it_says_so() -> None:
    with pytest.raises(StreamError, match=r"^no Kafka broker answers at 127\.0\.0\.1:1: start it"):
        async with sending(settings(bootstrap_servers="127.0.0.1:1")):
            raise AssertionError


@pytest.fixture
async def on_kafka(kafka: str, tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(kafka, tmp_path) as made:
        yield made


@pytest.fixture
async def on_embedded(embedded: str, tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(embedded, tmp_path, transactions=False) as made:
        yield made


async def each_key_is_sent_to_its_home(stream: Floor) -> bool:
    """And whether the producer was idempotent."""
    keys = [f"subject-{n}".encode() for n in range(50)]
    async with sending(stream.settings) as made:
        for key in keys:
            await made.send("crm.events", Outgoing(key, key, (("a", b"b"),)))
        await made.finish()
        idempotent = made._producer._txn_manager is not None
    topic = stream.settings.topic("crm.events")
    found = (await stream.records(topic))[topic]
    assert {record.key: partition for partition, records in found.items() for record in records} == {
        key: stream.home(key.decode()) for key in keys
    }
    assert all(list(record.headers) == [("a", b"b")] for records in found.values() for record in records)
    return idempotent


@pytest.mark.kafka
async def test_each_key_goes_to_its_home_idempotently_where_the_broker_can(on_kafka: Floor) -> None:
    assert await each_key_is_sent_to_its_home(on_kafka)


@pytest.mark.embedded
async def test_each_key_goes_to_its_home_on_the_embedded_broker_too(on_embedded: Floor) -> None:
    assert not await each_key_is_sent_to_its_home(on_embedded)
