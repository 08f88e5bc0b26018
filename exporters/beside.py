"""Work beside the event loop in what a lock guards: whoever is cancelled keeps the lock until the thread has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

Answer = TypeVar("Answer")


async def beside(work: Callable[..., Answer], *given: Any) -> Answer:
    """What `work` makes of what it is given, in a thread. No thread can be cancelled: it would go on in the state while
    the next one begins.
    """
    working = asyncio.ensure_future(asyncio.to_thread(work, *given))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working])
        if not working.cancelled():
            working.exception()  # nobody is left to hear of it
        raise
