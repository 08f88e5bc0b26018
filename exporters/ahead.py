"""Looks at what arrived before anybody asks, so that whoever asks waits for the page and for little else.

It costs more in all than to look when somebody asks: what changes twice between two scrapes is counted twice. So it
rests, after a look that took long many times as long.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

from exporters.view import NotReadyError, View

LOOK_SECONDS: Final = 1.0
"""The clock of the numbers ticks in such steps."""
REST: Final = 9.0
"""Times as long as a look took, at least: it never takes more than a tenth of a core."""


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
        began = self._monotonic()
        try:
            await self._view.read(self._view.shown.look)
        except NotReadyError:
            return LOOK_SECONDS
        return max(LOOK_SECONDS, REST * (self._monotonic() - began))
