"""One commit: everything that a batch causes is in one transaction, so all of it is there, or none."""

from __future__ import annotations

from aiokafka import AIOKafkaProducer

from kpi_state.published import LINKS, TABLES
from streams.settings import StreamSettings
from streams.tables import Writer
from streams.work import Work


async def commit(producer: AIOKafkaProducer, settings: StreamSettings, work: Work) -> dict[str, int]:
    """Write links, forwarded and quarantined records and the changed rows; table → offset after its last row written.

    Whoever was fenced fails here, with nothing written. On a broker without transactions begin and commit do nothing.
    """
    reach = settings.failpoints.reach
    work.finish()
    reach("before_begin")
    if settings.transactions:
        await producer.begin_transaction()
    reach("after_begin")
    writer = Writer(producer)
    for topic, partition, records in work.outbox.steps():
        await writer.write(topic, partition, records)
    links = settings.topic(LINKS)
    for partition, told in work.links.items():
        await writer.write_rows(links, partition, told)
    reach("mid_write")
    for name, rows in zip(TABLES, work.rows, strict=True):
        await writer.write_rows(settings.changelog(name), work.partition, rows.items())
    after = await writer.delivered()
    reach("after_write")
    if settings.transactions:
        await producer.commit_transaction()
    reach("after_commit")
    return {name: after[topic] for name in TABLES if (topic := settings.changelog(name)) in after}
