"""Brokers that may not answer: how long they are waited for, and how a connection to them is given up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Final, TypeVar

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

ANSWER_SECONDS: Final = 5.0
"""A broker that does not answer for this long is connected to anew."""

Result = TypeVar("Result")


async def answer(asked: Awaitable[Result]) -> Result:
    """What a broker answers; raises TimeoutError when it takes too long.

    Not `asyncio.wait_for`, which waits for the end of what it cancels: aiokafka may go on asking a lost broker.
    """
    asking = asyncio.ensure_future(asked)
    try:
        await asyncio.wait({asking}, timeout=ANSWER_SECONDS)
    finally:
        if not asking.done():
            asking.cancel()
            asking.add_done_callback(lambda late: late.cancelled() or late.exception())  # nobody waits for it any more
    if asking.done() and not asking.cancelled():
        return asking.result()
    raise TimeoutError


async def close(consumer: AIOKafkaConsumer) -> None:
    """Stop a consumer, also while its broker is away.

    aiokafka 0.14 cancels the fetch that waits for such a broker, stumbles over that and leaves its connections open.
    """
    try:
        await answer(consumer.stop())
    except (TimeoutError, KafkaError, OSError):
        await consumer._client.close()  # noqa: SLF001
