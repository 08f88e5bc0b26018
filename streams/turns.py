"""Whose turn it is to apply and commit while more waits than the processor can do at once.

All shards of a worker share one processor. Side by side, each would commit the little that came during its last commit;
two at a time keep it as busy, one applying while the other waits for the brokers, and what waits for the others
meanwhile makes their commits larger. A commit takes some 2 ms of its own, and a row that two of its records touch is
written once. Small commits go side by side all the same: nobody waits until there is a backlog.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final, NamedTuple

AT_LEAST: Final = 2
"""So many may always go on at once."""
SMALL: Final = 5_000
"""More of them only while they have so many records together: some 250 ms."""
LONGEST_SECONDS: Final = 1.0
"""A turn ends then, whatever it waits for: brokers that are not there may be those of one partition only."""
RECORDS_A_SECOND: Final = 20_000
"""A second of waiting counts as much as so many records that wait, so that nobody waits for ever."""


class Waiter(NamedTuple):
    """Somebody who waits for a turn."""

    since: float
    records: Callable[[], int]
    called: asyncio.Future[object]

    def weight(self) -> float:
        """Whoever has the largest goes next."""
        return self.records() + (monotonic() - self.since) * RECORDS_A_SECOND


class Turns:
    """Who goes on and who waits."""

    def __init__(self) -> None:
        self._going: dict[object, int] = {}
        self._waiting: list[Waiter] = []

    @asynccontextmanager
    async def turn(self, records: Callable[[], int]) -> AsyncIterator[None]:
        """Have a turn once it comes; `records` says how many wait for it."""
        turn = await self._taken(records)
        longest = asyncio.get_running_loop().call_later(LONGEST_SECONDS, self._end, turn)
        try:
            yield
        finally:
            longest.cancel()
            self._end(turn)

    async def _taken(self, records: Callable[[], int]) -> object:
        """Take a turn once there is one."""
        if not self._waiting and self._may_go(count := records()):
            return self._take(count)
        waiter = Waiter(monotonic(), records, asyncio.get_running_loop().create_future())
        self._waiting.append(waiter)
        try:
            return await waiter.called
        except asyncio.CancelledError:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
            elif not waiter.called.cancelled():  # called and cancelled at once
                self._end(waiter.called.result())
            raise

    def _may_go(self, records: int) -> bool:
        return len(self._going) < AT_LEAST or sum(self._going.values()) + records <= SMALL

    def _take(self, records: int) -> object:
        turn = object()
        self._going[turn] = records
        return turn

    def _end(self, turn: object) -> None:
        """End a turn, unless it has ended, and call whoever may go on now."""
        self._going.pop(turn, None)
        while self._waiting:
            waiter = max(self._waiting, key=Waiter.weight)
            if not self._may_go(count := waiter.records()):
                break
            self._waiting.remove(waiter)
            if not waiter.called.cancelled():  # as it is until its task hears of it
                waiter.called.set_result(self._take(count))
