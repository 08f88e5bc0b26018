"""A floor of as many reps as wanted, served with its wall in this process; calls can be made while somebody looks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from exporters.api.site import application
from exporters.wall.wall import Wall
from kpi_state.definitions import Definitions, Privacy, ReadSettings, Team
from kpi_state.replay import Replay, replay
from tests.exporters.floor import published
from tests.exporters.served import Served
from tests.statements import rep, spoke

NOW = 1_717_689_585_000_000  # 2024-06-06T15:59:45Z
FIRST = ("Anna", "Bela", "Chris", "Dagmar", "Evelien", "Fatima", "Gerrit-Jan", "Hanneke", "Ismaïl", "Jo")
LAST = ("Bos", "van den Heuvel", "Mulder", "de Boer-Hendriks", "Çelik", "Visser", "Szczepański", "Li", "Jansen", "Smit")
SETTINGS = ReadSettings(
    definitions=Definitions(organisation_timezone="Europe/Amsterdam"),
    targets={"touchpoints.day": 12},
    teams={"North": Team(timezone="Europe/Helsinki"), "Coast": Team()},
)
NAMES = Privacy(rep_labels="names")


def name_of(number: int) -> str:
    return f"{FIRST[number % 10]} {LAST[number // 10 % 10]}"


def events(reps: int, teams: int = 4) -> list[bytes]:
    """Rep N has 1 + N % 17 touchpoints today; teams are Team 0, Team 1, …"""
    hired = [rep(f"rep-{n}", name=name_of(n), team=f"Team {n % teams}") for n in range(reps)]
    calls = [call(f"rep-{n}", touch) for n in range(reps) for touch in range(1 + n % 17)]
    return hired + calls


def call(by: str, number: int, day: str = "2024-06-06") -> bytes:
    return spoke(f"{by}-{number}", f"{day} 09:00", by, phone=f"+3120{number:07}")


class Floor:
    """What is served, and the events so far."""

    def __init__(self, reps: int, privacy: Privacy = NAMES, token: str = "", teams: int = 4) -> None:
        self.events = events(reps, teams)
        self.now = NOW
        self.served = Served(self._replayed(), clock=lambda _seen: self.now, privacy=privacy, token=token)
        self.known = {(table, key): value for table, key, value in published(self._replayed())}
        self.follower = self.served.follower
        self.port = 0
        self._runner: web.AppRunner | None = None
        self.run: asyncio.Task[None] | None = None

    def _replayed(self) -> Replay:
        return replay(self.events, self.now, SETTINGS)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/wall"

    async def happen(self, *more: bytes) -> None:
        """What a worker would publish when these come."""
        self.events += more
        rows = {(table, key): value for table, key, value in published(self._replayed())}
        async with self.follower.lock:
            for (table, key), value in rows.items():
                if self.known.get((table, key)) != value:
                    (self.follower.state.tally if table == "tally" else self.follower.state.roster)(0, key, value)
        self.known = rows
        self.follower.moved.set()

    async def start(self) -> None:
        """Serve, at the same port as before if there was one."""
        wall = Wall(self.served.view)
        site = application(self.served.view, more=wall.routes())
        site.on_shutdown.append(wall.stop)
        self._runner = web.AppRunner(site, shutdown_timeout=5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        self.run = asyncio.create_task(wall.run())

    async def stop(self) -> None:
        if self.run is not None and self._runner is not None:
            self.run.cancel()
            await asyncio.gather(self.run, return_exceptions=True)
            await self._runner.cleanup()
            self.run = self._runner = None


@asynccontextmanager
async def floor(reps: int, privacy: Privacy = NAMES, token: str = "", teams: int = 4) -> AsyncIterator[Floor]:
    made = Floor(reps, privacy, token, teams)
    await made.start()
    try:
        yield made
    finally:
        await made.stop()
