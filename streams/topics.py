"""The topics on the brokers: those that are there, making those that are missing, and what a worker asks of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from typing import Any, Final, TypeVar

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    IncompatibleBrokerVersion,
    KafkaConnectionError,
    KafkaError,
    UnknownError,
    UnsupportedVersionError,
    for_code,
)

from streams.errors import StreamError
from streams.layout import Found, Topic, differences, inputs, missing_or_wrong, plan, wrong_partitions
from streams.settings import StreamSettings

__all__ = [
    "Found",
    "Topic",
    "admin",
    "check",
    "create",
    "has_transactions",
    "inputs",
    "look",
    "no_broker",
    "patiently",
    "plan",
]

EXISTS: Final = 36
"""Kafka's error code for a topic that is there already."""
TOO_FEW_BROKERS: Final = 38
"""Kafka's error code for a replication that it cannot reach."""
REQUEST_TIMEOUT_MS: Final = 15_000
SETTLE_SECONDS: Final = 0.1
TRIES: Final = 15
"""While a broker of several is away or a coordinator moves, a start is tried so often, once a second."""
NO_SUCH_THING: Final = (IncompatibleBrokerVersion, UnknownError, UnsupportedVersionError)
"""What brokers without transactions answer to a transactional id."""

Result = TypeVar("Result")


@asynccontextmanager
async def admin(settings: StreamSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    """A client for topics; raises StreamError when no broker answers."""
    client = AIOKafkaAdminClient(bootstrap_servers=settings.servers, request_timeout_ms=REQUEST_TIMEOUT_MS)
    try:
        await client.start()
    except (KafkaConnectionError, OSError, ValueError):
        await client.close()
        raise no_broker(settings) from None
    try:
        yield client
    finally:
        await client.close()


@contextmanager
def _aiokafka_is_quiet() -> Iterator[None]:
    """What aiokafka says on the way to an error is said better by ours."""
    logger = logging.getLogger("aiokafka")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def no_broker(settings: StreamSettings) -> StreamError:
    """The error of a cluster that cannot be reached."""
    return StreamError(
        f"no Kafka broker answers at {settings.bootstrap_servers}: start it, or set [kafka] bootstrap_servers "
        "(FLOORPULSE_KAFKA_BOOTSTRAP_SERVERS)"
    )


async def look(client: AIOKafkaAdminClient, wanted: list[Topic]) -> dict[str, Found]:
    """Those of the wanted topics that are there."""
    there = set(await client.list_topics())  # first, since asking after a topic may create it on some brokers
    names = [topic.name for topic in wanted if topic.name in there]
    if not names:
        return {}
    configs: dict[str, dict[str, str]] = {}
    for answer in await client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in names]):
        for _, _, _, name, entries in answer.resources:
            configs[name] = {entry[0]: entry[1] for entry in entries}
    found = {}
    for described in await client.describe_topics(names):
        partitions = described["partitions"]
        replication = min((len(partition["replicas"]) for partition in partitions), default=0)
        found[described["topic"]] = Found(len(partitions), replication, configs.get(described["topic"], {}))
    return found


async def patiently(settings: StreamSettings, ask: Callable[[], Awaitable[Result]]) -> Result:
    """Ask brokers again while one of them is away; raises StreamError when that lasts."""
    for attempt in count(1):
        try:
            with _aiokafka_is_quiet():
                return await asyncio.wait_for(ask(), TRIES)
        except (KafkaError, TimeoutError) as error:
            if attempt >= TRIES or isinstance(error, TimeoutError):
                raise StreamError(
                    f"Kafka at {settings.bootstrap_servers} is not ready ({type(error).__name__}): "
                    "see whether all its brokers run, then start again"
                ) from None
        await asyncio.sleep(1)
    raise AssertionError  # count never ends


async def create(settings: StreamSettings) -> list[str]:
    """Make the topics that are missing; one line for each topic. Raises StreamError about one that cannot be used."""
    return await patiently(settings, lambda: _create_all(settings))


async def _create_all(settings: StreamSettings) -> list[str]:
    wanted = plan(settings)
    async with admin(settings) as client:
        found = await look(client, wanted)
        for topic in wanted:
            if topic.name in found and found[topic.name].partitions != topic.partitions:
                raise StreamError(wrong_partitions(topic, found[topic.name]))
        lines = [await _create(client, topic, found.get(topic.name)) for topic in wanted]
        while {topic.name for topic in wanted} - set(await client.list_topics()):  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(SETTLE_SECONDS)  # brokers hear of new topics a moment later
        return lines


async def _create(client: AIOKafkaAdminClient, topic: Topic, found: Found | None) -> str:
    """Make a topic unless it is there; what was done, in one line."""
    if found is not None:
        differs = "; ".join(differences(topic, found))
        return f"{topic.name}: there already, left as it is" + (f" ({differs})" if differs else "")
    new = NewTopic(topic.name, topic.partitions, topic.replication, topic_configs=dict(topic.configs))
    answer: Any = await client.create_topics([new])
    for name, code, message in answer.topic_errors:
        if code == EXISTS:
            return f"{name}: made by somebody else just now, run `floorpulse topics` again to compare it"
        if code:
            remedy = "see what the broker logged"
            if code == TOO_FEW_BROKERS:
                remedy = "set [kafka] replication to the number of brokers at most"
            raise StreamError(f"topic {name} could not be created ({message or for_code(code).__name__}): {remedy}")
    kept = ", ".join(f"{name}={value}" for name, value in topic.configs.items())
    return f"{topic.name}: created, {topic.partitions} partitions, replication {topic.replication}, {kept}"


async def check(settings: StreamSettings, wanted: list[Topic] | None = None) -> None:
    """Raise StreamError unless a broker answers and every topic (None: all of the plan) is there and right."""
    wanted = plan(settings) if wanted is None else wanted

    async def ask() -> str | None:
        async with admin(settings) as client:
            return missing_or_wrong(wanted, await look(client, wanted))

    if problem := await patiently(settings, ask):
        raise StreamError(problem)


async def has_transactions(settings: StreamSettings) -> bool:
    """Whether the brokers take a transactional id; raises StreamError when none answers."""

    async def ask() -> bool:
        producer = AIOKafkaProducer(bootstrap_servers=settings.servers, transactional_id=f"{settings.app_id}-probe")
        try:
            await producer.start()
        except NO_SUCH_THING:
            return False
        finally:
            await producer.stop()
        return True

    return await patiently(settings, ask)
