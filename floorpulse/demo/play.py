"""What happens in a demo: programs are started, the floor is played, the leaderboard is shown."""

import asyncio
import contextlib
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import aiohttp
from aiokafka import AIOKafkaProducer

from floorpulse.demo import mesh
from floorpulse.demo.board import Frame
from floorpulse.demo.clock import FloorClock, real_now, show_day
from floorpulse.demo.feed import Feed
from floorpulse.demo.floor import floor
from floorpulse.demo.parts import Parts
from floorpulse.demo.people import HEAD_OFFICE
from floorpulse.demo.screen import Screen
from floorpulse.demo.standings import Standings, standings

HISTORY: Final = timedelta(weeks=4)
LOOK_SECONDS: Final = 1.0
"""How often the leaderboard asks the exporter."""
STOP_SECONDS: Final = 2.0
FLOORPULSE: Final = (sys.executable, "-m", "floorpulse")


class Options(NamedTuple):
    """What a person may choose.

    seed: another one is another floor.  speed: floor seconds per real second.  port: of the exporter, 0 for a free one.
    exit_after_first_numbers: end as soon as the leaderboard shows the day of the show.
    """

    seed: int
    speed: float
    port: int
    exit_after_first_numbers: bool


class Play:
    """One demo. `config`: the settings of its programs.  `broker`: where the broker is to listen, host:port."""

    def __init__(self, options: Options, parts: Parts, config: Path, broker: str, screen: Screen) -> None:
        self._options = options
        self._parts = parts
        self._config = config
        self._broker = broker
        self._screen = screen
        self._opened: float | None = None  # on the event loop's clock; before that it is a quarter to nine
        self._day = show_day(datetime.now(HEAD_OFFICE).date(), options.speed)

    async def run(self) -> None:
        """Start everything and play; ends by itself only when the options say so."""
        exporter = await self._start()
        async with AsyncExitStack() as stack:
            producer = AIOKafkaProducer(bootstrap_servers=self._broker, linger_ms=20, max_batch_size=2**18)
            await producer.start()
            stack.push_async_callback(_given_up, producer)
            web = await stack.enter_async_context(aiohttp.ClientSession(exporter))
            feed = self._feed(producer)
            tasks = [asyncio.ensure_future(feed.run()), asyncio.ensure_future(self._watch(web, exporter, feed))]
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _start(self) -> str:
        """Start the programs one after the other; the exporter's address."""
        self._screen.say("Starting a broker in memory …")
        await self._parts.start("broker", mesh.command(self._broker))
        await _listening(self._broker)
        self._screen.say("Creating topics …")
        await self._parts.run("creation of topics", self._floorpulse("topics"))
        self._screen.say("Starting a worker and an exporter …")
        await self._parts.start("worker", self._floorpulse("worker"))
        serving = ("--port", str(self._options.port), "--clock", "newest")
        exporter = await self._parts.start("exporter", self._floorpulse("exporter", *serving))
        return (await exporter.says(r"http://\S+"))[0]

    def _floorpulse(self, command: str, *options: str) -> list[str]:
        return [*FLOORPULSE, command, "--config", str(self._config), *options]

    def _feed(self, producer: AIOKafkaProducer) -> Feed:
        clock, real_time = FloorClock(self._day, self._options.speed), asyncio.get_running_loop().time

        def now() -> int:
            return clock.at(real_time() - self._opened if self._opened else 0, real_now())

        return Feed(producer, floor(self._options.seed, self._day - HISTORY, self._day), now)

    async def _watch(self, web: aiohttp.ClientSession, exporter: str, feed: Feed) -> None:
        """Show what the exporter says, once everything before the opening is in the numbers."""
        addresses = [
            ("wall", f"{exporter}/wall"),
            ("metrics", f"{exporter}/metrics"),
            ("JSON", f"{exporter}/api/kpis?all=1"),
            ("broker", self._broker),
        ]
        of: Standings | None = None
        while True:
            before, of = of, await _ask(web)
            history_is_in = of and feed.caught_up.is_set() and of.read >= feed.sent
            if history_is_in and not self._opened and of == before:  # what events say of each other has settled too
                self._opened = asyncio.get_running_loop().time()
            if of and self._opened:
                frame = Frame(HEAD_OFFICE, self._options.speed, addresses, feed.sent, feed.again, feed.flawed)
                self._screen.show(of, frame)
                if self._options.exit_after_first_numbers:
                    return
            else:
                self._screen.say(f"Open {exporter}/wall in a browser. Loading four weeks of history …")
            await asyncio.sleep(LOOK_SECONDS)


async def _given_up(producer: AIOKafkaProducer) -> None:
    """Stop a producer; what it has not brought to the broker, which may be gone, is not waited for."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(producer.stop(), STOP_SECONDS)


async def _listening(address: str) -> None:
    """Wait until somebody answers there; that nobody ever will is noticed by who watches the broker."""
    host, _, port = address.partition(":")
    while True:
        try:
            _, writer = await asyncio.open_connection(host, int(port))
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            await writer.wait_closed()
            return


async def _ask(web: aiohttp.ClientSession) -> Standings | None:
    """The standings, or None while the exporter still reads."""
    answers: list[Mapping[str, Any]] = []
    for name in ("kpis", "goals", "freshness"):
        async with web.get(f"/api/{name}") as response:
            if response.status == 503:
                return None
            response.raise_for_status()
            answers.append(await response.json())
    return standings(*answers)
