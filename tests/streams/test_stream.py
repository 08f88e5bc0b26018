"""The stream on Apache Kafka, whole: what is published is what the core says, whatever happens to workers."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from kpi_state.published import LINKS, QUARANTINE, fingerprint_key, worker_key
from streams.failpoints import EXIT_CODE, POINTS
from streams.quarantine import read_address
from tests.streams.floor import GIVE_UP_SECONDS, Floor, floor, until
from tests.streams.load import Load, Sent
from tests.streams.records import event

pytestmark = pytest.mark.kafka


@pytest.fixture
async def stream(kafka: str, tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(kafka, tmp_path) as made:
        yield made


async def test_what_is_published_is_what_the_core_says_whatever_way_it_came(stream: Floor) -> None:
    load = Load(3_000)
    stream.worker()

    await stream.send(load.records, stray=0.2)
    await stream.exact(load)

    state = await stream.state()
    assert state.counts("crm.events").forwarded > 0
    assert state.counts("hr.events").forwarded > 0
    assert state.links > 100
    sent = {stream.settings.topic(name) for name in ("crm.events", "telephony.events", "hr.events")}
    for record in state.quarantine:
        address = read_address(record.headers)
        assert address.topic in sent
        assert (address.partition, record.timestamp_type) == (record.partition, 0)


async def test_two_workers_share_and_one_killed_half_way_and_started_again_loses_and_doubles_nothing(
    stream: Floor,
) -> None:
    load = Load(6_000)
    half = len(load.records) // 2
    victim = stream.worker()
    stream.worker()
    await stream.owned(2)

    await stream.send(load.records[:half])
    victim.signal(signal.SIGKILL)
    stream.worker()
    await stream.send(load.records[half:], seed=2)

    await stream.exact(load)
    await stream.owned(2)


async def test_told_to_stop_a_worker_leaves_the_group_at_once_and_loses_nothing(stream: Floor) -> None:
    load = Load(4_000)
    half = len(load.records) // 2
    leaver = stream.worker()
    stream.worker()
    await stream.owned(2)
    sending = asyncio.create_task(stream.send(load.records[:half]))

    leaver.signal(signal.SIGTERM)
    code = await leaver.ended()

    assert code == 0
    assert await stream.members() == 1  # one that is killed stays a member for its session
    assert leaver.said()[-1].endswith("event=stopped")
    await sending
    await stream.send(load.records[half:], seed=2)
    await stream.exact(load)


async def test_a_worker_that_slept_beyond_its_session_wakes_up_and_changes_nothing(stream: Floor) -> None:
    load = Load(6_000)
    third = len(load.records) // 3
    sleeper, other = stream.worker(), stream.worker()
    await stream.owned(2)

    sending = asyncio.create_task(stream.send(load.records[:third]))
    sleeper.signal(signal.SIGSTOP)
    await until(lambda: other.owns() == {0, 1, 2, 3}, other.said)
    await sending
    await stream.send(load.records[third : 2 * third], seed=2)
    sleeper.signal(signal.SIGCONT)
    await until(lambda: len(other.owns()) == 2 or sleeper.process.poll() is not None, other.said)
    await stream.send(load.records[2 * third :], seed=3)

    await stream.exact(load)


async def test_stale_memory_of_a_sleeper_is_not_used_when_it_becomes_the_only_one(stream: Floor) -> None:
    load = Load(6_000)
    third = len(load.records) // 3
    sleeper, other = stream.worker(), stream.worker()
    await stream.owned(2)
    await stream.send(load.records[:third])

    sleeper.signal(signal.SIGSTOP)
    await until(lambda: other.owns() == {0, 1, 2, 3}, other.said)
    await stream.send(load.records[third : 2 * third], seed=2)
    await asyncio.sleep(2)  # most of it is committed by the other by now; nothing depends on how much
    other.signal(signal.SIGKILL)
    sleeper.signal(signal.SIGCONT)
    await stream.send(load.records[2 * third :], seed=3)
    if sleeper.process.poll() is not None:
        stream.worker()

    for _ in range(30):  # a sleeper that finds itself fenced ends, and whoever supervises it starts it again
        if sleeper.process.poll() is not None:
            stream.worker()
            break
        await asyncio.sleep(0.5)
    await stream.exact(load)


async def test_a_crash_between_any_two_steps_of_a_commit_loses_and_doubles_nothing(kafka: str, tmp_path: Path) -> None:
    """Every failpoint on a stream of its own, all at once: each worker ends there, and the next one makes it good."""

    async def crash(point: str) -> None:
        logs = tmp_path / point
        logs.mkdir()
        load = Load(400, seed=len(point))
        async with floor(kafka, logs, partitions=2) as stream:
            await stream.send(load.records)
            assert await stream.worker(FLOORPULSE_FAILPOINTS=f"{point}=1").ended() == EXIT_CODE
            stream.worker()
            await stream.exact(load)

    for some in (POINTS[:5], POINTS[5:]):
        await asyncio.gather(*[crash(point) for point in some])


async def test_random_crashes_at_all_failpoints_lose_and_double_nothing(stream: Floor) -> None:
    load = Load(3_000)
    for n in range(0, len(load.records), 500):
        await stream.send(load.records[n : n + 500], seed=n)
    chances = ",".join(f"{point}=0.1" for point in POINTS)
    crashes = 0
    for _ in range(4):
        crashes += await stream.worker(FLOORPULSE_FAILPOINTS=chances).ended() == EXIT_CODE

    stream.worker()
    await stream.exact(load)
    assert crashes == 4


async def test_a_worker_that_was_fenced_ends_before_it_acknowledges(stream: Floor) -> None:
    worker = stream.worker()
    await stream.owned(1)
    load = Load(300)

    fences = [
        AIOKafkaProducer(
            bootstrap_servers=stream.settings.servers, transactional_id=stream.settings.transactional_id(partition)
        )
        for partition in range(4)
    ]
    for fence in fences:
        await fence.start()
    await stream.send(load.records)

    assert await worker.ended() == 3
    assert "event=commit_failed" in worker.said()[-1]
    for fence in fences:
        await fence.stop()
    stream.worker()
    await stream.exact(load)


async def test_nothing_of_an_uncommitted_batch_is_seen_by_readers(stream: Floor) -> None:
    """Quarantine and links are in the transaction of the tables: after a crash before the commit there are none."""
    load = Load(300)
    await stream.send(load.records)

    assert await stream.worker(FLOORPULSE_FAILPOINTS="after_write=1").ended() == EXIT_CODE

    state = await stream.state()
    assert (state.links, state.quarantine) == (0, [])
    of_nobody = {worker_key(), fingerprint_key()}  # who took the partition over says so before
    assert all(set(rows) <= of_nobody for table in state.rows.values() for rows in table.values())


async def test_what_retention_deleted_is_a_counted_loss(stream: Floor) -> None:
    gone = [Sent("crm.events", b"l", event(f"gone-{n}", number=n)) for n in range(10)]
    kept = Load(200)
    for record in gone:
        await stream.producer.send_and_wait(stream.settings.topic("crm.events"), record.value, record.key, partition=1)
    await deleted(stream, "crm.events", 1, 10)

    worker = stream.worker()
    await stream.send(kept.records)
    await stream.exact(kept)

    assert (await stream.state()).counts("crm.events").lost == 10
    assert any("event=retention_lost_records" in line for line in worker.said())


async def test_what_retention_deletes_under_a_sleeping_worker_is_a_counted_loss(stream: Floor) -> None:
    """A fetch that waits may have the first of them already; what is not read is lost, and each is one of the two."""
    worker = stream.worker()
    await stream.owned(1)
    worker.signal(signal.SIGSTOP)
    for n in range(10):
        await stream.producer.send_and_wait(stream.settings.topic("crm.events"), event(f"gone-{n}"), b"k", partition=1)
    await deleted(stream, "crm.events", 1, 10)
    worker.signal(signal.SIGCONT)

    kept = Load(200)
    await stream.send(kept.records, stray=0)
    wanted = kept.counts["crm.events"][0] + 10
    found = (0, 0)
    for _ in range(GIVE_UP_SECONDS):
        if worker.process.poll() is not None:  # its session was over when it woke up
            worker = stream.worker()
        counts = (await stream.state()).counts("crm.events")
        found = (counts.read, counts.lost)
        if sum(found) >= wanted:
            break
        await asyncio.sleep(1)

    assert sum(found) == wanted, worker.said()
    assert found[1] > 0


async def deleted(stream: Floor, topic: str, partition: int, before: int) -> None:
    """Delete the first records of a partition, as retention would."""
    client = AIOKafkaAdminClient(bootstrap_servers=stream.settings.servers)
    await client.start()
    await client.delete_records({TopicPartition(stream.settings.topic(topic), partition): RecordsToDelete(before)})
    await client.close()


async def test_another_fingerprint_is_refused_in_one_line_with_the_remedy(stream: Floor) -> None:
    load = Load(100)
    await stream.send(load.records)
    first = stream.worker()
    await stream.exact(load)
    first.signal(signal.SIGTERM)
    assert await first.ended() == 0

    other = stream.worker(FLOORPULSE_DEFINITIONS_TALK_SECONDS="45")

    assert await other.ended() == 2
    listens, line = other.said()
    assert "event=listens" in listens
    assert "was counted with fingerprint" in line
    assert "floorpulse rebuild" in line
    stream.worker()
    await stream.exact(load)


async def test_without_its_topics_a_worker_names_the_command_that_makes_them(kafka: str, tmp_path: Path) -> None:
    stream = Floor(kafka, tmp_path)

    refused = stream.run("worker")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("missing topics ")
    assert refused.stderr.endswith(": run `floorpulse topics`\n")
    assert len(refused.stderr.splitlines()) == 1


async def test_topics_are_made_once_and_never_changed(kafka: str, tmp_path: Path) -> None:
    stream = Floor(kafka, tmp_path)
    name = stream.settings.topic(LINKS)

    made, again = stream.run("topics"), stream.run("topics")
    other = stream.run("topics", FLOORPULSE_KAFKA_PARTITIONS="3")
    refused = stream.run("worker", FLOORPULSE_KAFKA_PARTITIONS="3")

    assert (made.returncode, again.returncode) == (0, 0)
    assert f"{name}: created, 4 partitions, replication 1, cleanup.policy=delete, retention.ms=604800000" in made.stdout
    assert [line.endswith(": there already, left as it is") for line in again.stdout.splitlines()] == [True] * 8
    line = (
        f"topic {stream.settings.topic('crm.events')} has 4 partitions, the settings say 3: "
        "set [kafka] partitions = 4; to have more, give as many to all inputs and the quarantine with "
        "kafka-topics.sh --alter, then run `floorpulse rebuild`\n"
    )
    assert (other.returncode, other.stderr) == (2, line)
    assert (refused.returncode, refused.stderr) == (2, line)


async def test_without_a_broker_a_worker_says_so_in_one_line(kafka: str, tmp_path: Path) -> None:
    stream = Floor(kafka, tmp_path)

    for command in ("worker", "topics"):
        refused = stream.run(command, FLOORPULSE_KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:1")

        assert refused.returncode == 2
        assert refused.stderr == (
            "no Kafka broker answers at 127.0.0.1:1: start it, or set [kafka] bootstrap_servers "
            "(FLOORPULSE_KAFKA_BOOTSTRAP_SERVERS)\n"
        )


async def test_what_was_quarantined_can_be_sent_again(stream: Floor) -> None:
    """Value, key and headers are the original's, byte for byte."""
    stream.worker()
    headers = [("ce_id", b"1"), ("other", b"\xff")]
    topic = stream.settings.topic("crm.events")

    await stream.producer.send_and_wait(topic, b"\x00junk", None, partition=2, headers=headers)
    found = []
    for _ in range(60):
        found = (await stream.state()).quarantine
        if found:
            break
        await asyncio.sleep(0.5)

    (record,) = found
    assert (record.topic, record.partition) == (stream.settings.topic(QUARANTINE), 2)
    assert (record.key, record.value, list(record.headers[:2])) == (None, b"\x00junk", headers)
    address = read_address(record.headers)
    assert (address.topic, address.partition, address.offset, address.bytes_kept) == (topic, 2, 0, True)


async def test_logs_are_one_line_a_happening_without_anything_of_the_events(stream: Floor) -> None:
    load = Load(500)
    worker = stream.worker()
    await stream.send(load.records)
    await stream.exact(load)
    worker.signal(signal.SIGTERM)
    await worker.ended()

    happenings = [line.partition("event=")[2].partition(" ")[0] for line in worker.said()]
    assert happenings == ["listens", "owns", "stopping", "released", "stopped"]
    words = set(re.findall(r"[^\s\"=,\[\]{}':]+", " ".join(worker.said())))
    assert words.isdisjoint(load.personal)
