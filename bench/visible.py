"""From an event to the page of Prometheus: how long until a call is in what an exporter answers over HTTP.

python -m bench.visible [--rates 500,1000,5000] [--seconds 15]

One Apache Kafka broker, one worker, one exporter; this process produces calls of forty reps at a steady rate and asks
the exporter for its page again and again. Every call is an attempt (one commit) and, in a slot of its own, a touchpoint
(two commits with a link between them). The nth call is visible with the first answer that counts n of them for the
organisation. The time is from handing the call to the producer until that answer was read.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import secrets
import statistics
import sys
import time
from bisect import bisect_left
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

import aiohttp
import msgspec
from aiokafka import AIOKafkaProducer

from bench.floor_topics import PARTITIONS, create_topics, environment
from bench.programs import Program, kafka, running
from streams.routing import homes

APP_ID: Final = "bench-visible"
WHAT: Final = ("attempts", "touchpoints")
REPS: Final = 40
WARM_UP_CALLS: Final = 200
LOOK_SECONDS: Final = 0.02
GIVE_UP_SECONDS: Final = 60.0


class Look(NamedTuple):
    """What a page said when it was read."""

    at: float
    attempts: int
    touchpoints: int


class Waits(NamedTuple):
    """How long calls took to be visible, in milliseconds."""

    what: str
    rate: float
    calls: int
    p50_ms: float
    p99_ms: float
    longest_ms: float

    def __str__(self) -> str:
        """As it is printed."""
        times = f"p50 {self.p50_ms:.0f} ms, p99 {self.p99_ms:.0f} ms, longest {self.longest_ms:.0f} ms"
        return f"{self.what:12} at {self.rate:,.0f}/s: {self.calls:,} calls, {times}"


def event(kind: str, subject: str, data: dict[str, object]) -> tuple[str, bytes]:
    """(subject, event as JSON), said now."""
    said = {"id": secrets.token_hex(16), "source": "/bench", "type": kind, "subject": subject}
    return subject, msgspec.json.encode({**said, "time": datetime.now(UTC).isoformat(), "data": data})


def call(number: int) -> tuple[str, bytes]:
    """An effective call of one of the reps, with a number of its own."""
    data: dict[str, object] = {"rep_id": f"rep-{number % REPS}", "phone": f"+31{number:09}", "direction": "outbound"}
    data |= {"started_at": datetime.now(UTC).isoformat(), "disposition": "answered", "talk_seconds": 60}
    return event("telephony.call.v1", f"call-{number}", data)


def count(page: str, what: str) -> int:
    """What the page says of the organisation this month, over all channels; 0 when it says nothing."""
    for labels, value in re.findall(rf"^sales_org_touchpoints_{what}\{{(.*?)\}} (\S+)", page, re.MULTILINE):
        if 'window="month"' in labels and 'channel="' not in labels.replace('channel=""', ""):
            return int(float(value))
    return 0


def waits(what: str, rate: float, sent: Sequence[float], looks: Sequence[Look]) -> Waits:
    """How long each call took: the nth is visible at the first look that counts n more than the first look did."""
    seen = [getattr(look, what) for look in looks]
    found = [1000 * (looks[bisect_left(seen, seen[0] + n)].at - at) for n, at in enumerate(sent, 1)]
    cuts = statistics.quantiles(found, n=100)
    return Waits(what, rate, len(sent), cuts[49], cuts[98], max(found))


class Pages:
    """The page of an exporter, asked for again and again."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session, self._url = session, url
        self.looks: list[Look] = []

    async def look(self) -> Look:
        """Ask once."""
        async with self._session.get(self._url) as answer:
            page = await answer.text()
        found = Look(time.monotonic(), *(count(page, what) for what in WHAT))
        self.looks.append(found)
        return found

    async def until(self, calls: int) -> None:
        """Ask until so many calls are visible; raises TimeoutError."""
        async with asyncio.timeout(GIVE_UP_SECONDS):
            while min((await self.look())[1:]) < calls:  # noqa: ASYNC110  # pages are polled
                await asyncio.sleep(LOOK_SECONDS)


class Caller:
    """Produces calls, numbered on and on."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer, self._home, self.calls = producer, homes(PARTITIONS), 0

    async def send(self, topic: str, subject: str, value: bytes) -> None:
        """Hand an event to the producer."""
        await self._producer.send(topic, value, subject.encode(), partition=self._home(subject))

    async def people(self) -> None:
        """Say who the reps are."""
        for rep in range(REPS):
            said = {"name": f"Rep {rep}", "team": f"Team {rep % 4}", "timezone": "Europe/Amsterdam"}
            await self.send("hr.events", *event("hr.rep.v1", f"rep-{rep}", {**said, "first_day": "2024-01-01"}))

    async def steadily(self, rate: float, calls: int) -> list[float]:
        """Send calls at a rate; when each was handed over."""
        began, sent = time.monotonic(), list[float]()
        for number in range(calls):
            if (early := began + number / rate - time.monotonic()) > 0:
                await asyncio.sleep(early)
            sent.append(time.monotonic())
            await self.send("telephony.events", *call(self.calls))
            self.calls += 1
        await self._producer.flush()
        return sent


async def measure(bootstrap: str, exporter: Program, rates: Sequence[float], seconds: float) -> list[Waits]:
    """Waits of attempts and touchpoints at each rate."""
    url = re.findall(r"http://\S+", await asyncio.to_thread(exporter.until, "http://"))[0]
    found = []
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=2, max_batch_size=1 << 18)
    async with producer, aiohttp.ClientSession() as session:
        pages, caller = Pages(session, f"{url.rstrip('/')}/metrics"), Caller(producer)
        await caller.people()
        await caller.steadily(50, WARM_UP_CALLS)
        await pages.until(WARM_UP_CALLS)
        for rate in rates:
            del pages.looks[:-1]
            total = caller.calls + max(2, round(rate * seconds))
            seeing = asyncio.create_task(pages.until(total))
            sent = await caller.steadily(rate, total - caller.calls)
            await seeing
            found += [waits(what, rate, sent, pages.looks) for what in WHAT]
            print(f"{len(pages.looks) / (pages.looks[-1].at - pages.looks[0].at):.0f} pages/s", *found[-2:], sep="\n")
    return found


Measure = Callable[[str, Program, Sequence[float], float], Coroutine[None, None, list[Waits]]]
"""(bootstrap servers, exporter, rates, seconds) → waits."""


def run(rates: Sequence[float], seconds: float, measured: Measure = measure) -> list[Waits]:
    """Start everything and measure."""
    with kafka() as bootstrap:
        told = environment(bootstrap, APP_ID)
        asyncio.run(create_topics(bootstrap, APP_ID))
        program = (sys.executable, "-m", "floorpulse")
        with (
            running(*program, "worker", environment=told) as worker,
            running(*program, "exporter", "--port", "0", environment=told) as exporter,
        ):
            worker.until("event=owns")
            exporter.until("event=exporter_caught_up")
            return asyncio.run(measured(bootstrap, exporter, rates, seconds))


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rates", default="500,1000,5000")
    parser.add_argument("--seconds", type=float, default=15)
    options = parser.parse_args(arguments)
    run([float(rate) for rate in options.rates.split(",")], options.seconds)


if __name__ == "__main__":
    main()
