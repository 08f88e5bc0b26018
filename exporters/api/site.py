"""The site of an exporter: the endpoints of the table, and what Prometheus fetches.

Half a history is no number: until everything published was read once, numbers are 503. What is stale later is still
served and says its age: /metrics in `sales_exporter_age_seconds`, /api in the headers below.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final

from aiohttp import web

from exporters.api.endpoint import Endpoint, Nothing
from exporters.api.errors import Handler, errors_as_json
from exporters.api.etag import tagged
from exporters.api.openapi import PATH, openapi
from exporters.api.parameters import parsed
from exporters.api.table import ENDPOINTS
from exporters.api.token import bearer
from exporters.scrape import Scrape
from exporters.view import View
from kpi_state.json_text import json_text
from kpi_state.read.document import instant_text

FRESHNESS: Final = "Floorpulse-Freshness"
"""Header: JSON of {source: time of its newest event}; of more than SOURCES_IN_HEADER the stalest."""
SOURCES_IN_HEADER: Final = 20
AGE: Final = "Floorpulse-Age-Seconds"
"""Header: how long ago all that was committed by then is known to have been in the numbers."""


def application(
    view: View, endpoints: Sequence[Endpoint] = ENDPOINTS, more: Iterable[web.RouteDef] = ()
) -> web.Application:
    """Everything that is served of a view, to those who show its token; `more` is served beside it."""
    site = web.Application(middlewares=[bearer(view.token), tagged, errors_as_json])
    site.add_routes([web.get(each.path, _handler(view, each)) for each in endpoints])
    site.add_routes([web.get(PATH, _description(endpoints))])
    site.add_routes(Scrape(view).routes())
    site.add_routes(more)
    return site


def _description(endpoints: Sequence[Endpoint]) -> Handler:
    text = json.dumps(openapi(endpoints))

    async def describe(request: web.Request) -> web.StreamResponse:
        parsed(list(request.query.items()), {}, Nothing)
        return web.Response(text=text, content_type="application/json")

    return describe


def _handler(view: View, endpoint: Endpoint) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        asked = parsed(list(request.query.items()), dict(request.match_info), endpoint.asked)
        headers = _headers(view) if endpoint.numbers else {}  # older than the numbers if anything
        body, status = await endpoint.handle(view, asked)
        if not isinstance(body, bytes):
            body = json_text(body).encode()
        return web.Response(body=body, status=status, content_type="application/json", headers=headers)

    return handle


def _headers(view: View) -> dict[str, str]:
    """The stalest sources, since they are what limits trust; JSON that fits a header: ASCII, one line."""
    newest = {name: seen.newest for name, seen in view.follower.state.sources().items()}
    stalest = sorted(newest.items(), key=lambda item: (item[1], item[0]))[:SOURCES_IN_HEADER]
    times = {name: instant_text(time) for name, time in stalest}
    return {FRESHNESS: json.dumps(times), AGE: f"{view.follower.age_seconds():.3f}"}
