"""What a worker answers over HTTP: its metrics, whether it is ready, and what its rows contribute to a number.

GET /metrics     for Prometheus
GET /healthz     the process lives
GET /readyz      it owns its partitions; 503 while they change hands
POST /explain    what the entities of its partitions contribute (`streams.explaining`)
"""

from __future__ import annotations

import errno
import hmac
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from kpi_state.explain.asking import decode_ask, encode_told
from streams.collector import WorkerCollector
from streams.errors import StreamError
from streams.explaining import AskedError, Explainer, LaterError, NotReadyError, OtherFingerprintError

if TYPE_CHECKING:
    from streams.app import StreamApp

BODY_BYTES: Final = 4 << 20
"""Of a question: several times what an exporter asks (`exporters.api.explained`). It is read on the event loop, which
stands still meanwhile, some 40 ms a MiB.
"""
UNAUTHORIZED: Final = 401
EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104  # compared with, not listened on

log = structlog.get_logger()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen.  url: what others reach it by, "" for the address itself.  token: asked for, "" for none."""

    host: str
    port: int
    url: str = ""
    token: str = ""


class Site:
    """The answers of one worker; until `open` it is not ready."""

    def __init__(self, token: str = "") -> None:
        self._token = token
        self._collector = WorkerCollector()
        self._registry = CollectorRegistry()
        self._registry.register(self._collector)
        for process in (ProcessCollector, PlatformCollector, GCCollector):
            process(registry=self._registry)
        self._explainer: Explainer | None = None

    def open(self, app: StreamApp) -> None:
        """Answer for this app from now on."""
        self._collector.app, self._explainer = app, Explainer(app)

    def application(self) -> web.Application:
        """The site."""
        site = web.Application(middlewares=[_errors_as_json], client_max_size=BODY_BYTES)
        site.add_routes(
            [
                web.get("/metrics", self.metrics),
                web.get("/healthz", self.healthz),
                web.get("/readyz", self.readyz),
                web.post("/explain", self.explain),
            ]
        )
        return site

    async def metrics(self, request: web.Request) -> web.Response:
        """The Prometheus page."""
        self._check(request)
        return web.Response(body=generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    async def healthz(self, _request: web.Request) -> web.Response:
        """The process lives."""
        return web.json_response({"alive": True})

    async def readyz(self, _request: web.Request) -> web.Response:
        """Whether it owns its partitions, and which."""
        app = self._collector.app
        ready = app is not None and app.ready
        answer = {"ready": ready, "partitions": sorted(app.fenced.shards) if app is not None and ready else []}
        return web.json_response(answer, status=200 if ready else 503)

    async def explain(self, request: web.Request) -> web.Response:
        """What the owned partitions contribute to the cells that are asked for."""
        self._check(request)
        if request.content_type != "application/json":  # nothing that a page in somebody's browser may send unasked
            raise web.HTTPUnsupportedMediaType(text="expected Content-Type: application/json")
        try:
            asked = decode_ask(await request.read())
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise web.HTTPBadRequest(text=f"the question is not understood: {error}") from None
        if self._explainer is None:
            raise web.HTTPServiceUnavailable(text=str(NotReadyError()))
        try:
            told = await self._explainer.answer(asked)
        except OtherFingerprintError as error:
            raise web.HTTPConflict(text=str(error)) from None
        except LaterError as error:
            raise web.HTTPServiceUnavailable(text=str(error)) from None
        except AskedError as error:
            raise web.HTTPBadRequest(text=str(error)) from None
        return web.Response(body=encode_told(told), content_type="application/json")

    def _check(self, request: web.Request) -> None:
        """Raise 401 without the token."""
        if self._token:
            given = request.headers.get("Authorization", "")
            shown = given.encode("utf-8", "surrogateescape")  # as aiohttp reads bytes that are no text
            if not hmac.compare_digest(shown, f"Bearer {self._token}".encode()):
                raise web.HTTPUnauthorized(text="a token is needed: Authorization: Bearer TOKEN")


@asynccontextmanager
async def serving(listen: Listen, site: Site) -> AsyncIterator[str]:
    """Serve the site; yields the URL that others reach it by. Raises StreamError for an address that cannot be had."""
    # Whoever leaves takes the question along: what nobody waits for is not worked on.
    runner = web.AppRunner(site.application(), access_log=None, shutdown_timeout=1.0, handler_cancellation=True)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, listen.host, listen.port).start()
        except OSError as error:
            raise StreamError(_unavailable(listen, error)) from None
        url = listen.url or _url(listen.host, runner.addresses[0][1])
        log.info("listens", url=url)
        yield url
    finally:
        await runner.cleanup()


def _unavailable(listen: Listen, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {listen.port} of {listen.host} is in use: give another one to --listen, or 0 for any free one"
    return f"cannot listen on {listen.host} port {listen.port} ({error.strerror}): give another address to --listen"


def _url(host: str, port: int) -> str:
    """The address; where it listens on all of them, that of this machine's name."""
    reached = socket.gethostname() if host in EVERYWHERE else host
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"


@web.middleware
async def _errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every error is {"error": one line}."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        headers = {"WWW-Authenticate": "Bearer"} if error.status == UNAUTHORIZED else None
        return web.json_response({"error": error.text}, status=error.status, headers=headers)
    except Exception:
        log.exception("request_failed", path=request.path)
        return web.json_response({"error": "this is a fault of the worker: its log says which"}, status=500)
