"""Bring the simulated floor's events to the broker, each when its time has come."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final, Protocol

from floorpulse.demo.wire import Heard

TICK_SECONDS: Final = 0.1
AT_ONCE: Final = 500
"""Events sent without letting anybody else have a turn."""


class Producer(Protocol):
    """What the feed needs of a Kafka producer."""

    async def send(self, topic: str, value: bytes, key: bytes, *, timestamp_ms: int) -> object:
        """Put a record on its way; waits while too much is on it."""
        ...

    async def flush(self) -> None:
        """Wait until everything has arrived."""
        ...


class Feed:
    """Sends events in the order given; `clock` is the floor's time in microseconds since 1970.

    sent, again, flawed: how many events were sent, and how many of these repeatedly or broken on purpose.
    caught_up: set once everything before the show's first look at the clock has arrived.
    """

    def __init__(self, producer: Producer, events: Iterable[Heard], clock: Callable[[], int]) -> None:
        self._producer = producer
        self._events = iter(events)
        self._clock = clock
        self.sent = self.again = self.flawed = 0
        self.caught_up = asyncio.Event()

    async def run(self) -> None:
        """Send until the events end, which those of a floor never do."""
        now = self._clock()
        for each in self._events:
            if each.at > now:
                now = await self._wait_for(each.at)
            # The broker's time of arrival is the floor's too: delays are measured against it.
            await self._producer.send(each.topic, each.value, each.key, timestamp_ms=each.at // 1_000)
            self.sent += 1
            self.again += each.again
            self.flawed += bool(each.flaw)
            if self.sent % AT_ONCE == 0:
                await asyncio.sleep(0)
        await self._producer.flush()
        self.caught_up.set()

    async def _wait_for(self, at: int) -> int:
        await self._producer.flush()
        self.caught_up.set()
        while (now := self._clock()) < at:  # noqa: ASYNC110 - a clock tells nobody that it has gone on
            await asyncio.sleep(TICK_SECONDS)
        return now
