"""The wall's page, and the stream of server-sent events that fills it.

    /wall            the page
    /wall/events     first all rows, then what changed as soon as it is known, and the time every second; 503 to more
                     screens than [limits] walls

Nothing is read while nobody looks. Whoever cannot keep up is disconnected: the page connects again and gets all rows.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Final, Literal, NamedTuple

import msgspec
from aiohttp import web

from exporters.api.endpoint import RefusedError
from exporters.api.errors import Handler
from exporters.mirror import Mirror
from exporters.view import NotReadyError, View
from exporters.wall.standing import Changed, Row, Standing, Whose
from kpi_state.read.document import instant_text
from kpi_state.read.samples import Reader

TICK_SECONDS: Final = 1.0
"""The page takes silence of five of these for a lost connection."""
REST_SECONDS: Final = 0.05
"""Between two looks: what a hundred calls a second change is sent twenty times a second."""
QUEUED: Final = 64
"""Messages that wait for one client before it is disconnected: some seconds of a busy floor."""
END: Final = b""
"""In a client's queue: nothing comes any more."""
MICROSECONDS: Final = 1_000_000
PAGE_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
}
STREAM_HEADERS: Final = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # a proxy that collects would make it late
}


class Source(msgspec.Struct):
    """How far the newest event of a source lies behind the clock."""

    name: str
    behind_seconds: float


class Message(msgspec.Struct):
    """One event of the stream.

    `whole`: `rows` are all there are.  `change`: only these are other, and `gone` are no more.  `as_of`: the clock.
    `current_at`: up to when the numbers are known to be whole.  `reason`: why that is not now, empty when it is.
    `assets`: what the page is made of; another one is to be loaded.
    """

    kind: Literal["whole", "change"]
    as_of: str
    current_at: str
    timezone: str
    reason: str
    people: bool
    sources: list[Source]
    rows: Sequence[Row]
    gone: Sequence[Whose] = ()
    assets: str = ""

    def encoded(self) -> bytes:
        """As it is sent."""
        return b"data: " + msgspec.json.encode(self) + b"\n\n"


class Client(NamedTuple):
    """Somebody who looks: what waits for them, and the task that sends it."""

    waiting: asyncio.Queue[bytes]
    task: asyncio.Task[Any] | None


class Wall:
    """The wall of what `view` shows."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._standing = Standing()
        self._current_at = 0
        self._clients: set[Client] = set()
        view.process.walls.set_function(lambda: len(self._clients))
        self._somebody = asyncio.Event()
        self._looking = asyncio.Lock()
        folder = files("exporters.wall")
        self._files = {name: (folder / name).read_bytes() for name in ("wall.html", "wall.css", "wall.js")}
        self._assets = hashlib.sha256(b"".join(self._files.values())).hexdigest()[:16]

    def routes(self) -> list[web.RouteDef]:
        """The paths."""
        return [
            web.get("/wall", self._file("wall.html", "text/html")),
            web.get("/wall/wall.css", self._file("wall.css", "text/css")),
            web.get("/wall/wall.js", self._file("wall.js", "text/javascript")),
            web.get("/wall/events", self.events),
        ]

    def _file(self, name: str, kind: str) -> Handler:
        async def serve(_request: web.Request) -> web.StreamResponse:
            return web.Response(body=self._files[name], content_type=kind, charset="utf-8", headers=PAGE_HEADERS)

        return serve

    async def events(self, request: web.Request) -> web.StreamResponse:
        """All rows, then what changes, until the client goes or the exporter stops."""
        async with self._looking:
            self._check_room()
            await self._look()
            first = self._message("whole", Changed(self._standing.rows(), []))
            client = Client(asyncio.Queue(QUEUED), asyncio.current_task())
            self._clients.add(client)
        self._somebody.set()
        answer = web.StreamResponse(headers=STREAM_HEADERS)
        try:
            await answer.prepare(request)
            await answer.write(first.encoded())
            while message := await client.waiting.get():
                await answer.write(message)
            await answer.write_eof()
        except ConnectionResetError:
            pass  # they went
        finally:
            self._clients.discard(client)
        return answer

    def _check_room(self) -> None:
        most = self._view.settings.limits.walls
        if len(self._clients) >= most:
            self._view.process.walls_refused.inc()
            raise RefusedError(
                503, f"as many screens show the wall as [limits] walls allows ({most}): raise it or close one"
            )

    async def run(self) -> None:
        """Tell everybody who looks what changes. Raises what reading the state raises."""
        moved = self._view.follower.moved
        while True:
            await self._somebody.wait()
            if not self._clients:
                self._somebody.clear()
                continue
            try:
                async with self._looking:
                    await self._look()
            except NotReadyError:
                continue  # who looked went meanwhile, so nobody has to be told
            await asyncio.sleep(REST_SECONDS)
            try:
                await asyncio.wait_for(moved.wait(), TICK_SECONDS)
            except TimeoutError:
                continue

    async def _look(self) -> None:
        """Take over what changed and tell it; when it cannot be read, that."""
        self._view.follower.moved.clear()
        try:
            changed = await self._view.read(self._take)
        except NotReadyError:
            if not self._clients:
                raise
            changed = Changed([], [])
        self._tell(self._message("change", changed).encoded())

    def _tell(self, message: bytes) -> None:
        for client in list(self._clients):
            if not client.waiting.full():
                client.waiting.put_nowait(message)
            elif client.task is not None:
                self._clients.discard(client)
                client.task.cancel()

    def _take(self, mirror: Mirror[Reader], now: int) -> Changed:
        self._view.shown.look(mirror, now)
        return self._standing.look(self._view.shown)

    def _message(self, kind: Literal["whole", "change"], changed: Changed) -> Message:
        view = self._view
        now = view.shown.as_of
        sources = view.follower.state.sources()
        reason = view.follower.not_ready()
        if not reason or not self._current_at:
            self._current_at = now - round(view.follower.age_seconds() * MICROSECONDS)
        return Message(
            kind=kind,
            as_of=instant_text(now),
            current_at=instant_text(self._current_at),
            timezone=view.settings.definitions.organisation_timezone,
            reason=reason,
            people=view.settings.privacy.rep_labels != "none",
            sources=[Source(name, round((now - counts.newest) / MICROSECONDS, 1)) for name, counts in sources.items()],
            rows=changed.rows,
            gone=changed.gone,
            assets=self._assets,
        )

    async def stop(self, _site: web.Application) -> None:
        """Let everybody go, so that an exporter that is told to stop does not wait for them."""
        self._tell(END)
