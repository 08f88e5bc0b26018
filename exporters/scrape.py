"""What Prometheus fetches."""

from __future__ import annotations

from aiohttp import web

from exporters.current import one_a_window
from exporters.exposition import CONTENT_TYPE
from exporters.few_values import few_values
from exporters.mirror import Mirror
from exporters.prometheus import Freshness, page
from exporters.view import View
from kpi_state.read.samples import Reader


class Scrape:
    """Pages of the windows current at the clock of `view`."""

    def __init__(self, view: View) -> None:
        self._view = view

    def routes(self) -> list[web.RouteDef]:
        """The paths."""
        return [web.get("/metrics", self.metrics)]

    async def metrics(self, request: web.Request) -> web.Response:
        """The whole page."""
        if request.query:
            raise web.HTTPBadRequest(text=f"unknown parameter {next(iter(request.query))!r}: there are none here")
        body = await self._view.read(self._page)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})

    def _page(self, mirror: Mirror[Reader], now: int) -> bytes:
        view = self._view
        people = mirror.rows.people(now)
        shown = few_values(one_a_window(mirror.rows.samples(now, current=True)), view.settings.limits.label_values)
        samples = view.disguise.samples(shown, people)
        freshness = Freshness(
            clock_us=now,
            age_seconds=view.follower.age_seconds(),
            records_behind=view.follower.records_behind,
            sources=mirror.sources(),
            topics=mirror.topics(),
            quality=mirror.rows.quality(now),
        )
        goals = view.disguise.goals(mirror.rows.goals(now), people)
        return page(samples, goals, view.disguise.people(people), freshness)
