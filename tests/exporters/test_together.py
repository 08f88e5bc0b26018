import asyncio

import pytest

from exporters.together import together


class Run:
    """Runs until it is cancelled, and knows that it was."""

    def __init__(self) -> None:
        self.cancelled = False

    async def __call__(self) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise


async def test_the_error_of_one_ends_the_others_and_is_raised_as_it_is() -> None:
    other = Run()

    async def fails() -> None:
        await asyncio.sleep(0)
        raise LookupError("broken")

    with pytest.raises(LookupError, match="broken"):
        await together(other, fails)
    assert other.cancelled


async def test_cancelling_it_cancels_all() -> None:
    runs = [Run(), Run()]
    task = asyncio.create_task(together(*runs))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [run.cancelled for run in runs] == [True, True]
