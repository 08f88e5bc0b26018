"""Floors that boards are drawn of: events and settings, served by the site of a real exporter, with a past."""

from __future__ import annotations

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.request import urlopen

import msgspec
from aiohttp import web
from msgspec import structs

from exporters.api.site import application
from exporters.follower import Follower
from exporters.mirror import Mirror
from exporters.privacy import Disguise
from exporters.view import View
from kpi_state.apply import fingerprint
from kpi_state.definitions import Privacy, ReadSettings
from kpi_state.kpis.registry import KPIS
from kpi_state.published import SourceCounts, TopicCounts, encode_row, fingerprint_key, source_key, topic_key
from kpi_state.read.samples import Reader
from kpi_state.replay import Replay
from tests.boards.worker import FewWaiting, worker

HOUR_SECONDS = 3_600
DAY_SECONDS = 86_400
LINES_SECONDS = 13 * HOUR_SECONDS
"""So long a past is drawn as lines that have no gap."""
LOOKBACK_SECONDS = 240
"""Prometheus takes a number to hold for five minutes."""
WORKER = "/worker"
PAGES = ("/metrics", "/metrics/reps", "/metrics/process")
KEPT = re.compile(
    r"^sales_(?:(?:org|team)_.*window=\"(?:day|month|fiscal_quarter|now|to_date|rolling_365d|rolling_1h)\""
    r"|rep_touchpoints_(?:touchpoints|attempts)\{.*window=\"day\"[^=]*\}|rep_info|source_late)"
)
"""What a board shows the past of; the rest of a page is of now only."""


class _Sent(msgspec.Struct):
    source: str


class Told(NamedTuple):
    """An event, and when it was heard, in microseconds since 1970."""

    at: int
    line: bytes


class Floor:
    """A floor at an instant that moves when told; `events` in the order of `at`."""

    def __init__(self, settings: ReadSettings, events: Iterable[Told], now: int) -> None:
        own = fingerprint(settings.definitions)
        self.now = now
        self._events = iter(events)
        self._next = next(self._events, None)
        self._replay = Replay(0, settings)
        self._applied: Counter[str] = Counter()
        self._known: dict[tuple[str, bytes], bytes] = {}
        self.follower = Follower(
            "nowhere:1", "tally", "roster", lambda: Mirror(Reader(settings), own), monotonic=_still
        )
        self.follower.caught_up = True
        self.follower.state.tally(0, fingerprint_key(), encode_row(own))
        view = View(self.follower, lambda _seen: self.now, Disguise(settings.privacy, b"key"), settings)
        view.ends = FewWaiting()
        self.site = application(view)

    def at(self, instant_us: int) -> None:
        """Hear what was to be heard until an instant, and look from there."""
        heard = []
        while self._next is not None and self._next.at <= instant_us:
            heard.append(self._next.line)
            with suppress(msgspec.MsgspecError):  # what breaks the contract on purpose
                self._applied[msgspec.json.decode(self._next.line, type=_Sent).source] += 1
            self._next = next(self._events, None)
        self._replay.as_of = self.now = instant_us
        self._replay.feed(heard)
        self._publish()

    def hear(self, line: bytes) -> None:
        """Hear one more event, of a time before the floor's now."""
        self._replay.feed([line])
        self._publish()

    def _publish(self) -> None:
        state, mirror = self._replay.state, self.follower.state
        read, quarantined = self._replay.read, self._replay.quarantined
        counters = {topic_key("crm.events"): encode_row(TopicCounts(read=read, quarantined=quarantined))}
        for source, applied in self._applied.items():
            counters[source_key(source)] = encode_row(SourceCounts(newest=self.now, applied=applied))
        for key, value in {**state.tally, **counters}.items():
            if self._known.get(("tally", key)) != value:
                self._known["tally", key] = value
                mirror.tally(0, key, value)
        for key, value in state.roster.items():
            if self._known.get(("roster", key)) != value:
                self._known["roster", key] = value
                mirror.roster(0, key, value)


def _still() -> float:
    return 0.0


class Exporter:
    """The site of a floor on loopback, in a thread of its own. `history`: what /history says, once."""

    def __init__(self, floor: Floor, url: str, loop: asyncio.AbstractEventLoop) -> None:
        self.floor, self.url, self._loop = floor, url, loop
        self.history = b""

    def page(self) -> str:
        """All pages that Prometheus fetches."""
        return "".join(_fetched(self.url + path) for path in PAGES)

    def has(self, path: str) -> bool:
        """Whether there is such a page."""
        return bool(_fetched(self.url + path))

    def at(self, instant_us: int) -> None:
        """Move the floor, between two answers."""
        self._between(lambda: self.floor.at(instant_us))

    def hear(self, line: bytes) -> None:
        """One more event, between two answers."""
        self._between(lambda: self.floor.hear(line))

    def _between(self, work: Callable[[], None]) -> None:
        async def do() -> None:
            async with self.floor.follower.lock:
                await asyncio.to_thread(work)

        asyncio.run_coroutine_threadsafe(do(), self._loop).result()


def _fetched(url: str) -> str:
    try:
        with urlopen(url) as answer:  # noqa: S310 - loopback
            return str(answer.read(), "utf-8")
    except HTTPError as error:
        if error.code == 404:
            return ""
        raise


@contextmanager
def exporting(floor: Floor) -> Iterator[Exporter]:
    """Serve a floor on a free port."""
    loop = asyncio.new_event_loop()
    started: list[Exporter] = []

    async def history(_request: web.Request) -> web.Response:
        said, started[0].history = started[0].history, b""
        return web.Response(body=said, content_type="text/plain")

    async def begin() -> web.AppRunner:
        site = web.Application()
        site.add_subapp("/floor", floor.site)
        site.add_subapp(WORKER, worker())
        site.router.add_get("/history", history)
        runner = web.AppRunner(site, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(begin(), loop).result()
    try:
        host, port = runner.addresses[0][:2]
        started.append(Exporter(floor, f"http://{host}:{port}/floor", loop))
        yield started[0]
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def past(exporter: Exporter, days: int, until: int, real_now: float, looks: Iterable[int]) -> bytes:
    """Pages of every hour of the days before `until`, dated so that it is `real_now`. `looks`: when the floor is looked
    at anew; in between it stays as it was.
    """
    waiting = sorted(each for each in looks if each <= until)
    seconds = [
        real_now - days * DAY_SECONDS - 60,
        real_now - days * DAY_SECONDS + 240,
        real_now - days * DAY_SECONDS + 480,
    ]
    first = int(real_now - days * DAY_SECONDS) // HOUR_SECONDS + 1
    seconds += [hour * HOUR_SECONDS for hour in range(first, int(real_now) // HOUR_SECONDS + 1)]
    lines: list[str] = []
    kept: list[str] = []
    for second in sorted(seconds):
        at = until - int((real_now - second) * 1_000_000)
        if not kept or (waiting and waiting[0] <= at):
            while waiting and waiting[0] <= at:
                waiting.pop(0)
            exporter.at(at)
            kept = [line for line in exporter.page().splitlines() if KEPT.match(line)]
        lines += [f"{line} {int(second * 1000)}" for line in kept]
        if second > real_now - LINES_SECONDS:
            moving = [line for line in kept if 'window="rolling_1h"' in line]
            later = range(
                int(second) + LOOKBACK_SECONDS, min(int(second) + HOUR_SECONDS, int(real_now)), LOOKBACK_SECONDS
            )
            lines += [f"{line} {at * 1000}" for at in later for line in moving]
    exporter.at(until)
    return "\n".join([*lines, ""]).encode()


def targets(settings: ReadSettings) -> dict[str, float]:
    """A target for every KPI in its own windows, so that every panel has one to show."""
    ratio = {"lead_win": 0.3, "lead_conversion": 0.02, "customer_retention": 0.4, "rep_retention": 0.9}
    made: dict[str, float] = {}
    for kpi in KPIS:
        if kpi.unit == "ratio":
            made[kpi.stem] = ratio.get(kpi.stem, 0.1)
        else:
            made[kpi.stem] = {"seconds": 20 * DAY_SECONDS, "days": 120, "minor units": 2_000_000}.get(kpi.unit, 5)
    made |= {"deals_won.month": 5, "deals_won.fiscal_quarter": 12}
    return {**made, "touchpoints.day": 15, "touchpoints.month": 330, "touchpoints.week": 75, **settings.targets}


def with_targets(settings: ReadSettings) -> ReadSettings:
    """The settings, a target for every KPI, and the names of reps."""
    return structs.replace(settings, targets=targets(settings), privacy=Privacy(rep_labels="names"))
