import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiokafka import TopicPartition

from exporters.follower import CHUNK_RECORDS, STALE_SECONDS, Follower
from tests.brokers import broker
from tests.exporters.published import Changelogs

BROKERS = [pytest.param("kafka", marks=pytest.mark.kafka), pytest.param("embedded", marks=pytest.mark.embedded)]


class Rows:
    """What was published, by table, partition and key."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int, bytes], bytes] = {}

    def tally(self, partition: int, key: bytes, value: bytes | None) -> None:
        if key == b"broken":
            raise LookupError("a row that cannot be read")
        self._put("tally", partition, key, value)

    def roster(self, partition: int, key: bytes, value: bytes | None) -> None:
        self._put("roster", partition, key, value)

    def _put(self, table: str, partition: int, key: bytes, value: bytes | None) -> None:
        if value is None:
            self.rows.pop((table, partition, key), None)
        else:
            self.rows[table, partition, key] = value


@pytest.fixture(params=BROKERS)
async def changelogs(request: pytest.FixtureRequest) -> Changelogs:
    """Of an app that nobody made yet."""
    return Changelogs(request.getfixturevalue(request.param), transactions=request.param == "kafka")


def follower_of(changelogs: Changelogs) -> Follower[Rows]:
    return Follower(changelogs.bootstrap, changelogs.topic("tally"), changelogs.topic("roster"), Rows)


@asynccontextmanager
async def following(changelogs: Changelogs) -> AsyncIterator[Follower[Rows]]:
    follower = follower_of(changelogs)
    task = asyncio.create_task(follower.run())
    try:
        yield follower
    finally:
        assert not task.done() or task.result()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(holds: Callable[[], bool]) -> None:
    """Wait; a test that waits in vain is ended by the guard against hanging."""
    while not holds():
        await asyncio.sleep(0.02)


async def test_it_waits_for_topics_that_nobody_made_and_says_so(changelogs: Changelogs) -> None:
    async with following(changelogs) as follower:
        await until(lambda: "waiting for exporter" in follower.not_ready())
        names = f"{changelogs.topic('roster')} and {changelogs.topic('tally')}"
        assert (
            follower.not_ready()
            == f"waiting for {names}: run `floorpulse topics`, or start a worker of the same app_id"
        )
        await changelogs.create(tally=1)
        await until(lambda: follower.not_ready().startswith(f"waiting for {changelogs.topic('roster')}: "))
        await changelogs.create(roster=1)
        await until(lambda: not follower.not_ready())
        assert follower.state.rows == {}


async def test_it_follows_every_partition_the_topics_have_and_takes_tombstones(changelogs: Changelogs) -> None:
    await changelogs.create(tally=5, roster=2)
    await changelogs.publish([("tally", n, b"k", b"first") for n in range(5)] + [("roster", 1, b"rep/a", b"row")])
    await changelogs.publish([("tally", 4, b"k", None), ("tally", 3, b"k", b"second"), ("tally", 3, b"j", b"row")])
    async with following(changelogs) as follower:
        await until(lambda: not follower.not_ready())
        wanted = {("tally", n, b"k"): b"first" for n in range(3)}
        wanted |= {("tally", 3, b"k"): b"second", ("tally", 3, b"j"): b"row", ("roster", 1, b"rep/a"): b"row"}
        assert follower.state.rows == wanted
        await changelogs.publish([("roster", 1, b"rep/a", None), ("tally", 3, b"j", None)])
        await until(lambda: len(follower.state.rows) == 4)


async def test_positions_say_what_was_followed_and_not_how(changelogs: Changelogs) -> None:
    await changelogs.create(tally=1, roster=2)
    await changelogs.publish([("tally", 0, b"k", b"1"), ("tally", 0, b"k", b"2"), ("roster", 1, b"rep/a", b"row")])
    async with following(changelogs) as first, following(changelogs) as second:
        await until(lambda: not first.not_ready() and not second.not_ready())
        assert first.positions() == second.positions()
        assert first.positions() == {f"{changelogs.topic('tally')}-0": 2, f"{changelogs.topic('roster')}-1": 1}


async def test_any_number_can_follow_and_one_that_starts_later_has_the_same(changelogs: Changelogs) -> None:
    await changelogs.create(tally=2, roster=2)
    async with following(changelogs) as first, changelogs.worker() as worker:
        for n in range(20):
            await worker.publish([("tally", n % 2, b"%d" % (n // 3), b"%d" % n), ("roster", 0, b"rep/a", b"%d" % n)])
        async with following(changelogs) as second:
            await until(lambda: not second.not_ready() and first.state.rows == second.state.rows)
            assert second.state.rows["roster", 0, b"rep/a"] == b"19"


async def test_a_log_made_anew_is_followed_from_its_beginning_and_the_old_one_forgotten(changelogs: Changelogs) -> None:
    await changelogs.create(tally=2, roster=1)
    await changelogs.publish([("tally", 1, b"old", b"x"), ("tally", 0, b"old", b"x"), ("roster", 0, b"rep/a", b"row")])
    async with following(changelogs) as follower:
        await until(lambda: not follower.not_ready())
        await changelogs.delete("tally")
        await until(lambda: not follower.caught_up)
        assert follower.state.rows == {}
        await changelogs.create(tally=3)
        await changelogs.publish([("tally", 2, b"new", b"y")])
        await until(lambda: ("tally", 2, b"new") in follower.state.rows)
        assert follower.state.rows == {("tally", 2, b"new"): b"y", ("roster", 0, b"rep/a"): b"row"}


async def test_a_log_that_only_grows_is_never_taken_for_another(changelogs: Changelogs) -> None:
    await changelogs.create(tally=1, roster=1)
    await changelogs.publish([("tally", 0, b"%d" % n, b"row") for n in range(200)])  # one batch
    async with following(changelogs) as follower:
        await until(lambda: not follower.not_ready())
        followed, several_checks = follower.state, follower._complete_at + 4.5
        await until(lambda: follower._complete_at > several_checks)
        assert follower.state is followed
        assert len(followed.rows) == 200


async def test_a_row_that_cannot_be_read_ends_the_following(changelogs: Changelogs) -> None:
    await changelogs.create(tally=1, roster=1)
    await changelogs.publish([("tally", 0, b"broken", b"x")])
    with pytest.raises(LookupError, match="cannot be read"):
        await follower_of(changelogs).run()


@pytest.mark.kafka
async def test_only_what_is_committed_is_seen_and_what_is_open_keeps_nobody_waiting(kafka: str) -> None:
    changelogs = Changelogs(kafka)
    await changelogs.create(tally=1, roster=1)
    async with changelogs.worker() as worker:
        await worker.publish([("tally", 0, b"k", b"committed")])
        await worker.producer.begin_transaction()
        await worker.write([("tally", 0, b"k", b"open")])
        async with following(changelogs) as follower:
            await until(lambda: not follower.not_ready())
            assert follower.state.rows == {("tally", 0, b"k"): b"committed"}
            await worker.producer.abort_transaction()
            await worker.publish([("tally", 0, b"later", b"committed")])
            await until(lambda: ("tally", 0, b"later") in follower.state.rows)
            assert follower.state.rows["tally", 0, b"k"] == b"committed"
            assert follower.records_followed == 2


@pytest.mark.kafka
async def test_a_broker_that_goes_away_and_comes_back_loses_nothing(tmp_path: Path) -> None:
    with broker("scripts/kafka.py", "--dir", str(tmp_path)) as bootstrap:
        changelogs = Changelogs(bootstrap)
        await changelogs.create(tally=2, roster=1)
        await changelogs.publish([("tally", n % 2, b"%d" % n, b"before") for n in range(100)])
        async with following(changelogs) as follower:
            await until(lambda: not follower.not_ready())
            os.kill(int((tmp_path / "broker-1" / "pid").read_text()), signal.SIGKILL)
            await until(lambda: follower.doing == f"waiting for Kafka at {bootstrap}, which does not answer")
            assert len(follower.state.rows) == 100
            assert follower.caught_up
            await until(lambda: follower.doing == "following")
            await changelogs.publish([("tally", 0, b"0", b"after")])
            await until(lambda: follower.state.rows["tally", 0, b"0"] == b"after")
            assert follower.records_followed == 101
        assert asyncio.all_tasks() == {asyncio.current_task()}, "connections left behind"


@dataclass
class Record:
    offset: int
    key: bytes
    value: bytes | None


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_it_is_ready_when_caught_up_and_stale_when_that_was_long_ago() -> None:
    time = Time()
    follower = Follower("kafka:9092", "tally", "roster", Rows, monotonic=time)
    assert follower.not_ready() == "waiting for Kafka at kafka:9092"
    await follower._complete(101.0, 1)
    time.now = 101.0 + STALE_SECONDS
    assert (follower.not_ready(), follower.age_seconds()) == ("", STALE_SECONDS)
    time.now += 1
    assert follower.not_ready() == "stale for 16 s: following"
    await follower._complete(time.now, 1)
    assert follower.not_ready() == ""


async def test_it_is_ready_once_what_was_published_is_prepared_which_is_done_once_beside_the_event_loop() -> None:
    follower = Follower("kafka:9092", "tally", "roster", Rows)
    parts: list[tuple[Rows, str, bool, bool]] = []

    def prepare(state: Rows) -> bool:
        in_event_loop = threading.current_thread() is threading.main_thread()
        parts.append((state, follower.not_ready(), follower.lock.locked(), in_event_loop))
        return len(parts) < 3

    follower.prepare = prepare
    await follower._complete(follower._monotonic(), 1)
    await follower._complete(follower._monotonic(), 1)

    assert parts == 3 * [(follower.state, "counting what was published", True, False)]
    assert follower.not_ready() == ""


async def test_a_long_read_lets_others_run_but_nobody_sees_half_of_it() -> None:
    follower = Follower("kafka:9092", "tally", "roster", Rows)
    chunks, turns, seen = 8, 0, set[int]()

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def reader() -> None:
        while True:
            async with follower.lock:
                seen.add(len(follower.state.rows))
            await asyncio.sleep(0)

    tasks = [asyncio.create_task(others()), asyncio.create_task(reader())]
    await asyncio.sleep(0)
    count = chunks * CHUNK_RECORDS
    tally = [Record(n, b"%d" % n, b"row") for n in range(count)]
    await follower._apply({TopicPartition("tally", 0): tally, TopicPartition("roster", 3): [Record(7, b"rep/a", None)]})
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    assert turns > chunks
    assert seen == {0, count}
    assert follower.records_followed == count + 1
