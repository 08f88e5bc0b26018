import asyncio
import threading

import pytest

from exporters.beside import beside


async def test_it_is_what_the_work_makes_of_what_it_is_given() -> None:
    assert await beside(divmod, 7, 2) == (3, 1)


async def test_what_the_work_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        await beside(divmod, 7, 0)


@pytest.mark.parametrize("fails", [False, True])
async def test_who_is_cancelled_keeps_the_lock_until_the_thread_has_ended(fails: bool) -> None:
    lock, began, go_on = asyncio.Lock(), threading.Event(), threading.Event()

    def work() -> None:
        began.set()
        go_on.wait()
        if fails:
            raise ValueError

    async def hold() -> None:
        async with lock:
            await beside(work)

    holder = asyncio.create_task(hold())
    await asyncio.to_thread(began.wait)
    holder.cancel()
    await asyncio.sleep(0)
    assert lock.locked()

    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await holder
    assert not lock.locked()
