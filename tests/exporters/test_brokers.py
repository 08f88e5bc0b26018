import asyncio
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError

from exporters import brokers
from exporters.brokers import answer, close


class Client:
    """Knows whether it was closed."""

    def __init__(self) -> None:
        self.closed = False

    async def close(self) -> None:
        self.closed = True


class Consumer:
    """One whose end comes to `error`, as aiokafka's may while its broker is away."""

    def __init__(self, error: BaseException | None) -> None:
        self._error, self._client = error, Client()

    async def stop(self) -> None:
        if self._error is not None:
            raise self._error


async def test_what_a_broker_answers_is_returned_and_what_it_raises_is_raised() -> None:
    async def says() -> int:
        return 5

    async def fails() -> int:
        raise KafkaConnectionError

    assert await answer(says()) == 5
    with pytest.raises(KafkaConnectionError):
        await answer(fails())


async def test_who_does_not_answer_is_given_up_though_it_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brokers, "ANSWER_SECONDS", 0.0)
    go_on = asyncio.Event()

    async def stubborn() -> None:
        while not go_on.is_set():
            try:
                await go_on.wait()
            except asyncio.CancelledError:
                continue

    with pytest.raises(TimeoutError):
        await answer(stubborn())
    go_on.set()


@pytest.mark.parametrize("error", [asyncio.CancelledError(), KafkaConnectionError(), OSError(), None])
async def test_a_consumer_whose_broker_is_away_ends_without_ending_who_used_it(error: BaseException | None) -> None:
    consumer: Any = Consumer(error)

    await close(consumer)

    assert consumer._client.closed == (error is not None)
