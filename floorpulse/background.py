"""Reads in a thread of its own, so that what waits for a file or a pipe holds up nothing else."""

import asyncio
import queue
import threading
from collections.abc import AsyncGenerator, Iterable
from typing import Final, Generic, TypeVar

READ_AHEAD: Final = 10_000
CHUNK: Final = 500
"""At most so many are handed over at once."""

Item = TypeVar("Item")


class _End:
    """The last thing a reader says.  error: why it ended early."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class _Reader(Generic[Item]):
    """Fills a bounded queue from a thread and wakes up the loop that empties it."""

    def __init__(self, items: Iterable[Item], loop: asyncio.AbstractEventLoop) -> None:
        self._items, self._loop = items, loop
        self.queue: queue.Queue[Item | _End] = queue.Queue(READ_AHEAD)
        self.woken = asyncio.Event()
        self.stopped = False
        self._asleep = False

    def read(self) -> None:
        """What the thread does."""
        error: BaseException | None = None
        try:
            for item in self._items:
                self._put(item)
                if self.stopped:
                    return
        except BaseException as raised:  # noqa: BLE001  # raised again where the items are taken
            error = raised
        self._put(_End(error))

    def _put(self, item: Item | _End) -> None:
        self.queue.put(item)
        if self._asleep and not self.stopped:
            self._asleep = False
            self._loop.call_soon_threadsafe(self.woken.set)

    async def take(self) -> list[Item | _End]:
        """What has come, at least one thing."""
        while self.queue.empty():
            self.woken.clear()
            self._asleep = True
            if self.queue.empty():  # looked at again, since the thread may have put something before it saw us asleep
                await self.woken.wait()
        self._asleep = False
        return [self.queue.get_nowait() for _ in range(min(CHUNK, self.queue.qsize()))]


async def in_background(items: Iterable[Item]) -> AsyncGenerator[list[Item], None]:
    """Yield the items in order, some at a time, as they come. Raises what reading them raised, after those before."""
    reader = _Reader(items, asyncio.get_running_loop())
    threading.Thread(target=reader.read, name="reader", daemon=True).start()
    try:
        while True:
            found = await reader.take()
            end = found.pop() if isinstance(found[-1], _End) else None
            yield [item for item in found if not isinstance(item, _End)]
            if isinstance(end, _End):
                if end.error is not None:
                    raise end.error
                return
    finally:
        reader.stopped = True
