"""What is served: the Prometheus page, the numbers as JSON, and whether they can be trusted.

    /metrics          the windows current at the clock, for Prometheus
    /api/kpis         the same as the JSON that `replay` prints; with all=1 past buckets too
    /api/goals        the targets that hold at the clock, and what of them is expected by then
    /api/freshness    the clock, and what was seen of every source and topic
    /healthz          the process lives
    /readyz           the numbers are whole and current; 503 with the reason when not

Half a history is no number: until everything published was read once, /metrics and /api answer 503. What is stale later
is still served and says its age: /metrics in `sales_exporter_age_seconds`, /api in the headers below.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from fractions import Fraction
from typing import Any, Final, TypeVar

import structlog
from aiohttp import web
from msgspec.structs import asdict

from exporters.clock import Clock
from exporters.current import one_a_window
from exporters.exposition import CONTENT_TYPE
from exporters.few_values import few_values
from exporters.follower import Follower
from exporters.mirror import Mirror
from exporters.privacy import Disguise
from exporters.prometheus import Freshness, page
from kpi_state.definitions import Limits
from kpi_state.read.document import Input, document, instant_text
from kpi_state.read.sample import Sample, quotient
from kpi_state.read.samples import Reader

FRESHNESS: Final = "Floorpulse-Freshness"
"""Header: JSON of {source: time of its newest event}; of more than SOURCES_IN_HEADER the stalest."""
SOURCES_IN_HEADER: Final = 20
AGE: Final = "Floorpulse-Age-Seconds"
"""Header: how long ago all that was committed by then is known to have been in the numbers."""

log = structlog.get_logger()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Answer = TypeVar("Answer")


class Api:
    """Answers from what `follower` knows, at the instant that `clock` says."""

    def __init__(
        self,
        follower: Follower[Mirror[Reader]],
        clock: Clock,
        disguise: Disguise,
        label_values: int = Limits().label_values,
    ) -> None:
        self._follower, self._clock, self._disguise, self._most = follower, clock, disguise, label_values

    def application(self) -> web.Application:
        """The site."""
        site = web.Application(middlewares=[errors_as_json])
        site.add_routes(
            [
                web.get("/metrics", self.metrics),
                web.get("/api/kpis", self.kpis),
                web.get("/api/goals", self.goals),
                web.get("/api/freshness", self.freshness),
                web.get("/healthz", self.healthz),
                web.get("/readyz", self.readyz),
            ]
        )
        return site

    async def metrics(self, request: web.Request) -> web.Response:
        """The Prometheus page."""
        _parameters(request)
        body = await self._read(self._page)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})

    async def kpis(self, request: web.Request) -> web.Response:
        """The document of `replay`."""
        asked = _parameters(request, "all").get("all", "0")
        if asked not in {"0", "1"}:
            raise web.HTTPBadRequest(text=f"all is {asked!r}: expected 0 or 1")
        body, newest = await self._read(lambda mirror: (self._document(mirror, current=asked == "0"), _newest(mirror)))
        return web.Response(body=body, content_type="application/json", headers=self._headers(newest))

    async def goals(self, request: web.Request) -> web.Response:
        """Targets, in the unit of their KPI's value."""
        _parameters(request)
        answer, newest = await self._read(lambda mirror: (self._goals(mirror), _newest(mirror)))
        return web.json_response(answer, headers=self._headers(newest))

    async def freshness(self, request: web.Request) -> web.Response:
        """What was seen of every source and topic."""
        _parameters(request)
        answer, newest = await self._read(lambda mirror: (self._seen(mirror), _newest(mirror)))
        return web.json_response(answer, headers=self._headers(newest))

    async def healthz(self, _request: web.Request) -> web.Response:
        """The process lives."""
        return web.json_response({"alive": True})

    async def readyz(self, _request: web.Request) -> web.Response:
        """Whether the numbers are whole and current."""
        state = self._readiness()
        return web.json_response(state, status=200 if state["ready"] else 503)

    def _readiness(self) -> dict[str, Any]:
        reason = self._follower.not_ready()
        return {
            "ready": not reason,
            "reason": reason,
            "age_seconds": round(self._follower.age_seconds(), 3),
            "records_behind": self._follower.records_behind,
        }

    async def _read(self, work: Callable[[Mirror[Reader]], Answer]) -> Answer:
        """Do long work beside the event loop while nothing is applied."""
        if not self._follower.caught_up:
            raise web.HTTPServiceUnavailable(text=self._follower.not_ready())
        async with self._follower.lock:
            return await asyncio.to_thread(work, self._follower.state)

    def _page(self, mirror: Mirror[Reader]) -> bytes:
        now = self._clock(mirror)
        people = mirror.rows.people(now)
        shown = few_values(one_a_window(mirror.rows.samples(now, current=True)), self._most)
        samples = self._disguise.samples(shown, people)
        freshness = Freshness(
            clock_us=now,
            age_seconds=self._follower.age_seconds(),
            records_behind=self._follower.records_behind,
            sources=mirror.sources(),
            topics=mirror.topics(),
            quality=mirror.rows.quality(now),
        )
        goals = self._disguise.goals(mirror.rows.goals(now), people)
        return page(samples, goals, self._disguise.people(people), freshness)

    def _document(self, mirror: Mirror[Reader], *, current: bool) -> bytes:
        now = self._clock(mirror)
        samples: list[Sample] = mirror.rows.samples(now, current=current)
        read, quarantined = mirror.inputs()
        return document(now, Input(read, 0, quarantined), self._disguise.samples(samples, mirror.rows.people(now)))

    def _goals(self, mirror: Mirror[Reader]) -> dict[str, Any]:
        now = self._clock(mirror)
        goals = [
            goal._asdict() | {"target": _number(goal.target), "expected": _number(goal.expected)}
            for goal in self._disguise.goals(mirror.rows.goals(now), mirror.rows.people(now))
        ]
        return {"as_of": instant_text(now), "goals": goals}

    def _headers(self, newest: dict[str, int]) -> dict[str, str]:
        """The stalest sources, since they are what limits trust; JSON that fits a header: ASCII, one line."""
        stalest = sorted(newest.items(), key=lambda item: (item[1], item[0]))[:SOURCES_IN_HEADER]
        times = {source: instant_text(time) for source, time in stalest}
        return {FRESHNESS: json.dumps(times), AGE: f"{self._follower.age_seconds():.3f}"}

    def _seen(self, mirror: Mirror[Reader]) -> dict[str, Any]:
        sources = {
            source: asdict(counts) | {"newest": instant_text(counts.newest)}
            for source, counts in mirror.sources().items()
        }
        topics = {topic: asdict(counts) for topic, counts in mirror.topics().items()}
        return {"clock": instant_text(self._clock(mirror)), **self._readiness(), "sources": sources, "topics": topics}


def _number(exact: Fraction | None) -> float | None:
    return None if exact is None else quotient(exact.numerator, exact.denominator)


def _newest(mirror: Mirror[Reader]) -> dict[str, int]:
    return {source: counts.newest for source, counts in mirror.sources().items()}


def _parameters(request: web.Request, *known: str) -> dict[str, str]:
    """The query's parameters; raises 400 about one that means nothing or comes twice."""
    for name in request.query:
        if name not in known:
            there = f"there is {' and '.join(known)}" if known else "there are none here"
            raise web.HTTPBadRequest(text=f"unknown parameter {name!r}: {there}")
        if len(request.query.getall(name)) > 1:
            raise web.HTTPBadRequest(text=f"parameter {name!r} is given more than once")
    return dict(request.query)


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every error is {"error": one line}."""
    try:
        return await handler(request)
    except web.HTTPNotFound:
        there = ", ".join(sorted({route.resource.canonical for route in request.app.router.routes() if route.resource}))
        return web.json_response({"error": f"nothing is here: there are {there}"}, status=404)
    except web.HTTPMethodNotAllowed as error:
        allowed = ", ".join(sorted(error.allowed_methods))
        return web.json_response({"error": f"only {allowed}"}, status=405, headers={"Allow": allowed})
    except web.HTTPException as error:
        return web.json_response({"error": error.text}, status=error.status)
    except Exception:
        log.exception("request_failed", path=request.path)
        return web.json_response({"error": "this is a fault of the exporter: its log says which"}, status=500)
