import asyncio

from floorpulse.demo.feed import Feed
from floorpulse.demo.wire import Heard


class Arrivals:
    """A producer that keeps what it was given, and when; arrived counts what was flushed."""

    def __init__(self) -> None:
        self.records: list[tuple[str, bytes, bytes, int]] = []
        self.arrived = 0

    async def send(self, topic: str, value: bytes, key: bytes, *, timestamp_ms: int) -> object:
        self.records.append((topic, value, key, timestamp_ms))
        return None

    async def flush(self) -> None:
        self.arrived = len(self.records)


def at(second: int, *, again: bool = False, flaw: str = "") -> Heard:
    return Heard(second * 1_000_000, "crm.events", b"lead-1", b"%d" % second, again, flaw)


async def test_a_record_carries_key_value_and_the_floors_time_of_arrival() -> None:
    producer = Arrivals()

    await Feed(producer, [at(7)], lambda: 10_000_000).run()

    assert producer.records == [("crm.events", b"7", b"lead-1", 7_000)]


async def test_events_wait_until_their_time_has_come() -> None:
    producer, now = Arrivals(), [5_000_000]
    feed = Feed(producer, [at(1), at(5), at(6), at(9)], lambda: now[0])
    running = asyncio.create_task(feed.run())

    await feed.caught_up.wait()
    before = [value for _, value, _, _ in producer.records]
    now[0] = 9_000_000
    await running

    assert before == [b"1", b"5"]
    assert [value for _, value, _, _ in producer.records] == [b"1", b"5", b"6", b"9"]


async def test_the_feed_has_caught_up_when_all_of_the_past_has_arrived() -> None:
    producer = Arrivals()
    feed = Feed(producer, [at(1), at(2), at(99)], lambda: 3_000_000)
    running = asyncio.create_task(feed.run())

    await feed.caught_up.wait()

    assert producer.arrived == 2
    running.cancel()


async def test_everything_has_arrived_when_the_events_end() -> None:
    producer = Arrivals()
    feed = Feed(producer, [at(1), at(2)], lambda: 3_000_000)

    await feed.run()

    assert producer.arrived == 2
    assert feed.caught_up.is_set()


async def test_what_was_sent_is_counted() -> None:
    events = [at(1), at(1, again=True), at(2, flaw="no time"), at(3)]
    feed = Feed(Arrivals(), events, lambda: 3_000_000)

    await feed.run()

    assert (feed.sent, feed.again, feed.flawed) == (4, 1, 1)


async def test_others_get_their_turn_while_a_long_past_is_sent() -> None:
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    await Feed(Arrivals(), [at(1)] * 5_000, lambda: 3_000_000).run()
    task.cancel()

    assert turns >= 10
