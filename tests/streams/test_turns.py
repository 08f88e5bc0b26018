import asyncio
from collections.abc import Awaitable, Callable

import pytest

from streams.turns import AT_LEAST, SMALL, Turns
from tests.streams.fakes import settle

LARGE = 10 * SMALL
Go = Callable[[str, int], Awaitable[None]]


class Floor:
    """Some who take turns, in the order in which they got one; each goes on until it is let go."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.began: list[str] = []
        self._gates: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def _go(self, name: str, records: Callable[[], int]) -> None:
        async with self.turns.turn(records):
            self.began.append(name)
            await self._gates[name].wait()

    async def come(self, name: str, records: int | Callable[[], int]) -> None:
        self._gates[name] = asyncio.Event()
        waiting = records if callable(records) else lambda: records
        self._tasks[name] = asyncio.create_task(self._go(name, waiting))
        await settle()

    async def end(self, name: str) -> None:
        self._gates[name].set()
        await self._tasks.pop(name)
        await settle()

    async def cancel(self, *names: str) -> None:
        for name in names:
            self._tasks[name].cancel()
        for name in names:
            with pytest.raises(asyncio.CancelledError):
                await self._tasks.pop(name)
        await settle()


async def test_two_large_commits_go_on_at_once_and_a_third_waits_for_one_of_them() -> None:
    floor = Floor()
    for name in ("a", "b", "c"):
        await floor.come(name, LARGE)
    assert floor.began == ["a", "b"]

    await floor.end("b")

    assert floor.began == ["a", "b", "c"]


async def test_small_ones_go_side_by_side_while_they_are_small_together() -> None:
    floor = Floor()
    for n in range(5):
        await floor.come(f"small {n}", SMALL // 5)
    assert len(floor.began) == 5

    await floor.come("one more", 1)
    assert len(floor.began) == 5

    await floor.end("small 0")
    assert floor.began[5:] == ["one more"]


async def test_the_one_for_which_most_waits_by_now_goes_next() -> None:
    floor, waits = Floor(), {"c": 500, "d": 1_000_000}
    for n in range(AT_LEAST):
        await floor.come(f"{n}", LARGE)
    await floor.come("c", lambda: waits["c"])
    await floor.come("d", lambda: waits["d"])
    waits["c"] = 2_000_000

    await floor.end("0")
    assert floor.began[AT_LEAST:] == ["c"]

    await floor.end("c")
    assert floor.began[AT_LEAST:] == ["c", "d"]


async def test_who_has_waited_for_long_goes_before_one_for_whom_more_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    floor, now = Floor(), 100.0
    monkeypatch.setattr("streams.turns.monotonic", lambda: now)
    for n in range(AT_LEAST):
        await floor.come(f"{n}", LARGE)
    await floor.come("few", 1)
    now += 0.6
    await floor.come("many", 10_000)

    await floor.end("0")

    assert floor.began[AT_LEAST:] == ["few"]


async def test_several_small_ones_follow_a_large_one_at_once() -> None:
    floor = Floor()
    await floor.come("a", LARGE)
    await floor.come("b", 1)
    for n in range(3):
        await floor.come(f"small {n}", 10)
    assert floor.began == ["a", "b"]

    await floor.end("a")

    assert sorted(floor.began[2:]) == ["small 0", "small 1", "small 2"]


async def test_nobody_passes_those_who_wait() -> None:
    floor = Floor()
    await floor.come("a", SMALL)
    await floor.come("b", 0)
    await floor.come("c", LARGE)

    await floor.come("d", 0)

    assert floor.began == ["a", "b"]


async def test_who_is_cancelled_while_it_waits_takes_no_turn() -> None:
    floor = Floor()
    for name in ("a", "b", "c", "d"):
        await floor.come(name, LARGE)

    await floor.cancel("c")
    await floor.end("a")

    assert floor.began == ["a", "b", "d"]


async def test_who_is_cancelled_in_its_turn_or_just_as_it_is_called_gives_it_back() -> None:
    floor = Floor()
    for name in ("a", "b", "c", "d"):
        await floor.come(name, LARGE)
    floor._gates["a"].set()
    while len(floor.turns._waiting) == 2:
        await asyncio.sleep(0)

    await floor.cancel("c", "b")

    assert floor.began == ["a", "b", "d"]
    await floor.end("d")
    assert (floor.turns._going, floor.turns._waiting) == ({}, [])


async def test_a_turn_that_ends_before_a_waiter_hears_that_it_is_cancelled_passes_it_over() -> None:
    floor = Floor()
    for name in ("a", "b", "c", "d"):
        await floor.come(name, LARGE)

    floor._gates["a"].set()
    await floor.cancel("c")
    await floor.end("a")

    assert floor.began == ["a", "b", "d"]


async def test_a_turn_in_which_brokers_do_not_answer_ends_and_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.turns.LONGEST_SECONDS", 0)
    floor = Floor()
    for name in ("a", "b", "c", "d"):
        await floor.come(name, LARGE)
    assert floor.began == ["a", "b", "c", "d"]

    for name in floor.began:
        await floor.end(name)

    assert (floor.turns._going, floor.turns._waiting) == ({}, [])
