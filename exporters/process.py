"""What the exporter says of itself: its process, and what its pages and the read model cost."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.exposition import generate_latest

HELP: Final = {
    "sales_exporter_page_bytes": "Size of the page as it was made last, not compressed.",
    "sales_exporter_page_series": "Series of the page as it was made last.",
    "sales_exporter_page_seconds": "Time to look at what changed and to make pages.",
    "sales_exporter_pages": "Pages made.",
    "sales_exporter_records_followed": "Published records read since the changelogs were made.",
    "sales_exporter_redis_looks": "Times the read model was looked at, by what came of it.",
    "sales_exporter_redis_commands": "Commands that changed the read model.",
    "sales_exporter_walls": "Screens that the wall is shown on.",
    "sales_exporter_walls_refused": "Times a screen was refused because of [limits] walls.",
}
"""Family → what it says. Counters have `_total` in their samples."""


class Process:
    """Its own registry, since a process may serve several exporters; not those of the numbers."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        self._bytes = self._gauge("sales_exporter_page_bytes", "page")
        self._series = self._gauge("sales_exporter_page_series", "page")
        self._seconds = self._counter("sales_exporter_page_seconds", "page")
        self._pages = self._counter("sales_exporter_pages", "page")
        self.records_followed = self._gauge("sales_exporter_records_followed")
        self._redis_looks = self._counter("sales_exporter_redis_looks", "outcome")
        self._redis_commands = self._counter("sales_exporter_redis_commands")
        self.walls = self._gauge("sales_exporter_walls")
        self.walls_refused = self._counter("sales_exporter_walls_refused")

    def made(self, page: str, size: int, series: int, seconds: float) -> None:
        """A page was made."""
        self._bytes.labels(page).set(size)
        self._series.labels(page).set(series)
        self._seconds.labels(page).inc(seconds)
        self._pages.labels(page).inc()

    def wrote(self, outcome: str, commands: int) -> None:
        """The read model was looked at; `outcome` is a `Writer`'s, or "away"."""
        self._redis_looks.labels(outcome).inc()
        self._redis_commands.inc(commands)

    def text(self) -> bytes:
        """The page, as of now."""
        return generate_latest(self._registry)

    def _gauge(self, name: str, *labels: str) -> Gauge:
        return Gauge(name, HELP[name], labels, registry=self._registry)

    def _counter(self, name: str, *labels: str) -> Counter:
        return Counter(name, HELP[name], labels, registry=self._registry)
