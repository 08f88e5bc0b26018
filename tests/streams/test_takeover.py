from typing import Any

import pytest
from aiokafka import TopicPartition

from streams.takeover import committed
from tests.streams.records import Record

A, B = TopicPartition("t", 0), TopicPartition("t", 1)


class Consumer:
    """Polls in a given order; a poll moves positions, which may lie beyond its records."""

    def __init__(self, ends: dict[TopicPartition, int], *polls: dict[TopicPartition, tuple[int, list[Record]]]) -> None:
        self.ends, self.polls, self.positions = ends, list(polls), dict[TopicPartition, int]()
        self.paused: set[TopicPartition] = set()

    def assign(self, tps: list[TopicPartition]) -> None:
        self.positions = dict.fromkeys(tps, 0)

    async def end_offsets(self, tps: list[TopicPartition]) -> dict[TopicPartition, int]:
        return {tp: self.ends[tp] for tp in tps}

    def seek(self, tp: TopicPartition, offset: int) -> None:
        self.positions[tp] = offset

    def pause(self, *tps: TopicPartition) -> None:
        self.paused |= set(tps)

    async def position(self, tp: TopicPartition) -> int:
        return self.positions[tp]

    async def getmany(self, timeout_ms: int) -> dict[TopicPartition, list[Record]]:
        found = self.polls.pop(0)
        for tp, (position, _) in found.items():
            assert tp not in self.paused
            self.positions[tp] = position
        return {tp: records for tp, (_, records) in found.items() if records}


async def read(consumer: Consumer, starts: dict[TopicPartition, int]) -> list[tuple[TopicPartition, int, int]]:
    some: Any = consumer
    return [
        (tp, len(records), position) async for tp, records, position in committed(some, starts) if records or position
    ]


async def test_a_changelog_is_followed_to_its_end_past_markers_that_no_record_has() -> None:
    consumer = Consumer({A: 7}, {A: (3, [Record(), Record()])}, {A: (7, [])})

    assert await read(consumer, {A: 1}) == [(A, 2, 3), (A, 0, 7)]
    assert A in consumer.paused


async def test_what_is_known_to_its_end_is_not_read_again() -> None:
    consumer = Consumer({A: 5, B: 0})

    assert await read(consumer, {A: 5, B: 0}) == []
    assert consumer.paused == {A, B}


async def test_each_changelog_ends_for_itself() -> None:
    consumer = Consumer({A: 1, B: 2}, {A: (1, [Record()]), B: (1, [Record()])}, {B: (2, [Record()])})

    found = await read(consumer, {A: 0, B: 0})

    assert {tp: sum(count for other, count, _ in found if other == tp) for tp in (A, B)} == {A: 1, B: 2}
    assert consumer.polls == []


async def test_nothing_owned_is_nothing_read() -> None:
    assert await read(Consumer({}), {}) == []


@pytest.mark.parametrize("start", [0, 4])
async def test_following_begins_where_it_is_told(start: int) -> None:
    consumer = Consumer({A: 5}, {A: (5, [Record()])})

    await read(consumer, {A: start})

    assert consumer.positions[A] == 5
