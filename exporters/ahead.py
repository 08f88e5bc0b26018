"""Looks at what arrived before anybody asks, so that whoever asks waits for the page and for little else.

It costs more in all than to look when somebody asks: what changes twice between two scrapes is counted twice. So it
rests, after a look that took long many times as long, but never so long that a heap awaits whoever asks.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

from exporters.mirror import Mirror
from exporters.view import NotReadyError, View
from kpi_state.read.samples import Reader

LOOK_SECONDS: Final = 1.0
"""The clock of the numbers ticks in such steps."""
REST: Final = 9.0
"""Times as long as a look took, at least: up to `MOST_SECONDS` it takes no more than a tenth of a core."""
MOST_SECONDS: Final = 5.0
"""The longest rest: whoever asks then waits for no more than what arrived within it."""


class Ahead:
    """Keeps what `view` shows up to date."""

    def __init__(self, view: View, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._view, self._monotonic = view, monotonic

    async def run(self) -> None:
        """Look until cancelled. Raises what reading the state raises."""
        while True:
            rest = await self.look()
            await asyncio.sleep(rest)

    async def look(self) -> float:
        """Look once, if there is anything whole to look at; the seconds to rest then."""
        try:
            took = await self._view.read(self._timed)
        except NotReadyError:
            return LOOK_SECONDS
        return max(LOOK_SECONDS, min(REST * took, MOST_SECONDS))

    def _timed(self, mirror: Mirror[Reader], now: int) -> float:
        """The seconds that a look takes by itself: what it waited for others before is no work of its own."""
        began = self._monotonic()
        self._view.shown.look(mirror, now)
        return self._monotonic() - began
