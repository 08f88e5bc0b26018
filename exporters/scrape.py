"""What Prometheus fetches.

/metrics           teams, the organisation, and how fresh the numbers are
/metrics/reps      the series of single reps, and who is who: a large floor's may be fetched less often
/metrics/process   this process; also while the numbers are not whole yet
"""

from __future__ import annotations

import asyncio
import re
import time
import zlib
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from exporters.counts import count_lines
from exporters.exposition import CONTENT_TYPE, Family
from exporters.mirror import Mirror
from exporters.page import Page
from exporters.prometheus import Freshness, freshness_lines
from exporters.view import View
from kpi_state.read.samples import Reader

GZIP_LEVEL: Final = 1
"""A page is fetched every few seconds from nearby: level 6 takes three times as long to save a fifth."""
_GZIP_FORMAT: Final = 31
_ACCEPTED: Final = re.compile(
    r"(?:^|,)\s*(?:gzip|x-gzip|\*)\s*(?:;\s*q=(?P<q>[01](?:\.[0-9]*)?)\s*)?(?=,|$)", re.IGNORECASE
)


class Scrape:
    """Pages of the windows current at the clock of `view`."""

    def __init__(self, view: View) -> None:
        self._view, self._process = view, view.process
        self._floor, self._reps = Page(("team", "org")), Page(("rep",))

    def routes(self) -> list[web.RouteDef]:
        """The paths."""
        return [
            web.get("/metrics", _asked(self.metrics)),
            web.get("/metrics/reps", _asked(self.reps)),
            web.get("/metrics/process", _asked(self.process)),
        ]

    async def metrics(self) -> bytes:
        """Teams and the organisation."""
        return await self._view.read(lambda mirror, now: self._made("floor", self._floor, mirror, now))

    async def reps(self) -> bytes:
        """Single reps."""
        return await self._view.read(lambda mirror, now: self._made("reps", self._reps, mirror, now))

    async def process(self) -> bytes:
        """This process."""
        self._process.records_followed.set(self._view.follower.records_followed)
        return self._process.text()

    def _made(self, name: str, page: Page, mirror: Mirror[Reader], now: int) -> bytes:
        began = time.perf_counter()
        view = self._view
        page.follow(view.shown, view.shown.look(mirror, now))
        beside = self._freshness(mirror, now) if page is self._floor else {}
        text = page.text(beside, view.settings.limits.series)
        self._process.made(name, len(text), page.shown, time.perf_counter() - began)
        return text

    def _freshness(self, mirror: Mirror[Reader], now: int) -> dict[Family, bytes]:
        view = self._view
        ends = view.ends.behind(mirror.positions()) if view.ends is not None else {}
        counted = count_lines(mirror, ends, view.unmapped.ids(mirror, now))
        return counted | freshness_lines(
            Freshness(
                clock_us=now,
                age_seconds=view.follower.age_seconds(),
                records_behind=view.follower.records_behind,
                sources=mirror.sources(),
                topics=mirror.topics(),
                quality=mirror.rows.quality(now),
                unknown=mirror.rows.unknown(now),
                folded=view.shown.folded(),
            )
        )


def _asked(make: Callable[[], Awaitable[bytes]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        if request.query:
            raise web.HTTPBadRequest(text=f"unknown parameter {next(iter(request.query))!r}: there are none here")
        body = await make()
        headers = {"Content-Type": CONTENT_TYPE, "Vary": "Accept-Encoding"}
        if accepts_gzip(request.headers.get("Accept-Encoding", "")):
            headers["Content-Encoding"] = "gzip"
            body = await asyncio.to_thread(gzipped, body)
        return web.Response(body=body, headers=headers)

    return handle


def accepts_gzip(header: str) -> bool:
    """Whether who sent this Accept-Encoding takes gzip."""
    found = _ACCEPTED.search(header)
    return found is not None and float(found["q"] or 1) > 0


def gzipped(body: bytes) -> bytes:
    """Compressed, the same bytes for the same body."""
    return zlib.compress(body, GZIP_LEVEL, _GZIP_FORMAT)
