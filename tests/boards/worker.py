"""The site of a worker as Prometheus sees it: the real one, over an app that commits something before each look."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import SimpleNamespace
from typing import Any, Final

from aiohttp import web

from exporters.lag import Ends
from streams.serving import Site
from tests.streams.fakes import App

PARTITIONS: Final = 4
RECORDS: Final = 40
"""Of a commit."""
TOPIC: Final = "crm.events"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def worker() -> web.Application:
    """It owns every partition, took them over once, and is a few records behind."""
    app: Any = App()
    app.fenced.shards = {n: SimpleNamespace(waiting_records=n) for n in range(PARTITIONS)}
    app.fenced.behinds = {TOPIC: 3}
    app.meters.takeovers, app.meters.following_seconds = 1, 0.8

    @web.middleware
    async def committing(request: web.Request, handler: Handler) -> web.StreamResponse:
        app.meters.committed(RECORDS, 0.004, 0.02)
        app.meters.records[TOPIC] += RECORDS
        return await handler(request)

    site = Site()
    site.open(app)
    served = site.application()
    served.middlewares.append(committing)
    return served


class FewWaiting(Ends):
    """Where the inputs end, without a broker: as far behind as the worker says."""

    def __init__(self) -> None:
        super().__init__("nowhere:1", {})

    def behind(self, positions: Mapping[tuple[str, int], int]) -> dict[tuple[str, int], int]:
        """Few everywhere."""
        return {(TOPIC, n): 3 for n in range(PARTITIONS)}
