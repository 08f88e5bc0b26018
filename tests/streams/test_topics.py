import asyncio
from pathlib import Path

import pytest
from aiokafka.errors import NodeNotReadyError

from streams import topics
from streams.errors import StreamError
from streams.layout import plan
from streams.topics import TRIES, check, create, has_transactions, look, patiently
from tests.streams.floor import Floor
from tests.streams.records import settings


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Sleeps end at once; how long they would have been."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(topics.asyncio, "sleep", sleep)  # type: ignore[attr-defined]  # the module's own import
    return slept


async def test_while_a_broker_is_away_it_is_asked_again(no_waiting: list[float]) -> None:
    answers = [NodeNotReadyError(), NodeNotReadyError(), None]

    async def ask() -> str:
        if (error := answers.pop(0)) is not None:
            raise error
        return "here"

    assert await patiently(settings(), ask) == "here"
    assert no_waiting == [1, 1]


async def test_when_that_lasts_it_is_said_in_one_line(no_waiting: list[float]) -> None:
    async def ask() -> str:
        raise NodeNotReadyError

    with pytest.raises(StreamError) as error:
        await patiently(settings(), ask)

    assert str(error.value) == (
        "Kafka at nowhere:1 is not ready (NodeNotReadyError): see whether all its brokers run, then start again"
    )
    assert len(no_waiting) == TRIES - 1


async def test_what_a_person_has_to_mend_is_not_asked_again(no_waiting: list[float]) -> None:
    asked: list[int] = []

    async def ask() -> str:
        asked.append(1)
        raise StreamError("mend this")

    with pytest.raises(StreamError, match="mend this"):
        await patiently(settings(), ask)
    assert asked == [1]


@pytest.mark.kafka
async def test_topics_are_as_planned_once_they_are_made(kafka: str, tmp_path: Path) -> None:
    mine = Floor(kafka, tmp_path).settings
    wanted = plan(mine)

    with pytest.raises(StreamError, match=r"missing topics .*: run `floorpulse topics`"):
        await check(mine)
    lines = await create(mine)
    await check(mine)

    async with topics.admin(mine) as client:
        found = await look(client, wanted)
    assert [line.partition(":")[0] for line in lines] == [topic.name for topic in wanted]
    for topic in wanted:
        one = found[topic.name]
        assert one.partitions == topic.partitions
        assert {name: one.configs[name] for name in topic.configs} == dict(topic.configs)


@pytest.mark.kafka
async def test_two_that_make_topics_at_once_do_not_disturb_each_other(kafka: str, tmp_path: Path) -> None:
    mine = Floor(kafka, tmp_path).settings

    one, two = await asyncio.gather(create(mine), create(mine))

    assert len(one) == len(two) == len(plan(mine))
    await check(mine)


@pytest.mark.kafka
async def test_apache_kafka_has_transactions(kafka: str) -> None:
    assert await has_transactions(settings(bootstrap_servers=kafka)) is True


@pytest.mark.embedded
async def test_the_embedded_broker_has_no_transactions(embedded: str) -> None:
    assert await has_transactions(settings(bootstrap_servers=embedded)) is False
