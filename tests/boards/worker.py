"""The site of a worker as Prometheus sees it: the real one, over an app that commits something before each look."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from math import sin
from types import SimpleNamespace
from typing import Any, Final

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest

from exporters.lag import Ends
from streams.collector import WorkerCollector
from streams.serving import Site
from tests.streams.fakes import App

PARTITIONS: Final = 4
RECORDS: Final = 40
"""Of a commit."""
TOPIC: Final = "crm.events"
HOUR_SECONDS: Final = 3_600
LOOK_SECONDS: Final = 15
REBALANCES: Final = (80, 160)
KEPT: Final = re.compile(r"sales_worker_(?:(?:takeovers|following_seconds)_total|(?:apply|transaction)_seconds_bucket)")
"""What adds up; of what stands there is a page of now."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _app() -> Any:
    """It owns every partition, took them over once, and is a few records behind."""
    app: Any = App()
    app.fenced.shards = {n: SimpleNamespace(waiting_records=n) for n in range(PARTITIONS)}
    app.fenced.behinds = {TOPIC: 3}
    app.meters.takeovers, app.meters.following_seconds = 1, 0.8
    return app


def hour_before(now: float) -> bytes:
    """What such a worker and an exporter said in the hour before, with two rebalances: dated lines."""
    app, collector, registry = _app(), WorkerCollector(), CollectorRegistry()
    collector.app = app
    registry.register(collector)
    lines: list[str] = []
    for look in range(HOUR_SECONDS // LOOK_SECONDS + 1):
        busy = 1 + sin(look / 20) / 2
        app.meters.committed(int(RECORDS * busy), 0.004 * busy, 0.02 * busy)
        app.meters.records[TOPIC] += int(RECORDS * busy)
        if look in REBALANCES:
            app.meters.takeovers += 1
            app.meters.following_seconds += 0.8
        said = [line for line in generate_latest(registry).decode().splitlines() if KEPT.match(line)]
        said.append(f'sales_topic_read_total{{topic="{TOPIC}"}} {app.meters.records[TOPIC]}')
        said.append(f'sales_consumer_lag_records{{topic="{TOPIC}",partition="0"}} {int(9 * busy)}')
        at = int((now - HOUR_SECONDS + look * LOOK_SECONDS) * 1000)
        lines += [f"{line} {at}" for line in said]
    return "\n".join([*lines, ""]).encode()


def worker() -> web.Application:
    """Its site."""
    app = _app()

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
