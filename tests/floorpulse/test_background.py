import asyncio
import threading
from collections.abc import AsyncIterator, Iterator

import pytest

from floorpulse import background
from floorpulse.background import in_background


async def all_of(items: Iterator[int]) -> list[int]:
    return [item async for chunk in in_background(items) for item in chunk]


async def test_everything_comes_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "READ_AHEAD", 7)

    assert await all_of(iter(range(5_000))) == list(range(5_000))
    assert await all_of(iter(())) == []


async def rest_of(chunks: AsyncIterator[list[int]], seen: list[int]) -> None:
    async for chunk in chunks:
        seen += chunk


async def test_what_came_before_an_error_is_handed_over_before_it_is_raised() -> None:
    def broken() -> Iterator[int]:
        yield from range(3)
        raise ValueError("here")

    seen: list[int] = []
    with pytest.raises(ValueError, match="here"):
        await rest_of(in_background(broken()), seen)

    assert seen == [0, 1, 2]


async def test_a_slow_source_holds_up_nothing_else_and_what_it_says_comes_at_once() -> None:
    told, other = threading.Event(), asyncio.Event()

    def slow() -> Iterator[int]:
        yield 1
        told.wait()
        yield 2

    async def something_else() -> None:
        other.set()

    seen = []
    async for chunk in in_background(slow()):
        seen += chunk
        if seen == [1]:
            await asyncio.create_task(something_else())
            assert other.is_set()
            told.set()

    assert seen == [1, 2]


async def test_who_stops_early_leaves_no_thread_at_work() -> None:
    read, told = [], threading.Event()

    def endless() -> Iterator[int]:
        number = 0
        while True:
            number += 1
            if number > 1:
                told.wait()
            read.append(number)
            yield number

    async for _ in (chunks := in_background(endless())):
        break
    await chunks.aclose()
    told.set()
    while any(thread.name == "reader" for thread in threading.enumerate()):
        await asyncio.sleep(0.01)

    assert len(read) <= 2
