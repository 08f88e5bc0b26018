"""Several things that run for ever, as one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


async def together(*runs: Callable[[], Awaitable[None]]) -> None:
    """Run all until one ends, then cancel the others; raises what that one raises."""
    tasks = [asyncio.ensure_future(run()) for run in runs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
