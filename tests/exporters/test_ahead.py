import asyncio
from typing import Any

import pytest

from exporters import ahead
from exporters.ahead import LOOK_SECONDS, Ahead
from exporters.mirror import Mirror
from kpi_state.read.samples import Reader
from tests.exporters.floor import NOW
from tests.exporters.served import Served


async def test_whoever_asks_after_a_look_finds_everything_counted() -> None:
    served = Served()
    shown = served.view.shown

    assert await Ahead(served.view, monotonic=lambda: 0.0).look() == LOOK_SECONDS

    assert (shown.version, shown.as_of) == (1, NOW)
    assert shown.samples
    assert served.follower.state.rows.count(NOW, 1) == 0
    assert await served.view.read(shown.look) == 1


async def test_half_a_history_is_not_looked_at() -> None:
    served = Served()
    served.follower.caught_up = False

    assert await Ahead(served.view).look() == LOOK_SECONDS
    assert served.view.shown.version == 0


@pytest.mark.parametrize(
    ("took", "rests"), [(0.001, LOOK_SECONDS), (0.5, 4.5), (2.0, 5.0)], ids=["short", "long", "very long"]
)
async def test_after_a_long_look_it_rests_long(took: float, rests: float) -> None:
    times = iter((10.0, 10.0 + took))

    assert await Ahead(Served().view, monotonic=lambda: next(times)).look() == pytest.approx(rests)


async def test_what_it_waits_for_others_is_no_look_of_its_own() -> None:
    served, time = Served(), 10.0
    await served.follower.lock.acquire()
    look = asyncio.create_task(Ahead(served.view, monotonic=lambda: time).look())
    await asyncio.sleep(0)  # it waits for the lock now

    time += 60
    served.follower.lock.release()

    assert await look == LOOK_SECONDS


async def test_it_looks_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    served, looks = Served(), asyncio.Semaphore(0)
    look = served.view.shown.look
    loop = asyncio.get_running_loop()

    def looked(mirror: Mirror[Reader], now: int) -> Any:
        loop.call_soon_threadsafe(looks.release)
        return look(mirror, now)

    monkeypatch.setattr(served.view.shown, "look", looked)
    monkeypatch.setattr(ahead, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(ahead, "REST", 0.0)
    running = asyncio.create_task(Ahead(served.view).run())

    for _ in range(3):
        await asyncio.wait_for(looks.acquire(), 30)

    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_what_reading_raises_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served()

    def broken(_mirror: Mirror[Reader], _now: int) -> int:
        raise ValueError("a row that nobody can read")

    monkeypatch.setattr(served.view.shown, "look", broken)

    with pytest.raises(ValueError, match="nobody can read"):
        await Ahead(served.view).run()
