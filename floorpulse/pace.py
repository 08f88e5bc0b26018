"""So many a second, evenly."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

import click

SHORTEST_SLEEP_SECONDS: Final = 0.005
"""Less than this is not worth a pause: what is early now is on time on average."""


class Pace:
    """Lets `rate` pass a second, or as many as come (None)."""

    def __init__(
        self,
        rate: float | None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._rate, self._monotonic, self._sleep = rate, monotonic, sleep
        self._began: float | None = None
        self._passed = 0

    async def step(self) -> None:
        """Wait until the next one is due."""
        if self._rate is None:
            return
        now = self._monotonic()
        if self._began is None:
            self._began = now
        early = self._began + self._passed / self._rate - now
        self._passed += 1
        if early >= SHORTEST_SLEEP_SECONDS:
            await self._sleep(early)


class Rate(click.ParamType):
    """A number a second, as `500` or `500/s`."""

    name = "rate"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read it; it is above 0."""
        try:
            rate = float(str(value).removesuffix("/s"))
        except ValueError:
            rate = 0.0
        if not 0 < rate < float("inf"):
            self.fail(f"expected a number a second such as 500 or 500/s, got {value}.", param, ctx)
        return rate


RATE: Final = Rate()
