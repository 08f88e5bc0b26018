"""A floor whose workers, one a partition, answer over HTTP: without Kafka."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer

from exporters import clock as clocks
from exporters.mirror import Mirror
from kpi_state.apply import State, fingerprint
from kpi_state.definitions import Privacy
from kpi_state.events import ContractError, Event, decode
from kpi_state.explain.asking import Told, decode_ask, encode_told
from kpi_state.explain.sought import Sought
from kpi_state.explain.telling import tell
from kpi_state.published import WorkerRow, encode_row, worker_key
from kpi_state.read.samples import Reader
from tests.exporters.floor import EVENTS, NOW, SETTINGS
from tests.exporters.served import Served
from tests.worlds import World

OWN = fingerprint(SETTINGS.definitions)


def readable(lines: Iterable[bytes]) -> list[Event]:
    found: list[Event] = []
    for line in lines:
        try:
            found.append(decode(line))
        except ContractError:
            continue
    return found


class Workers:
    """Workers, and an exporter that followed what they published."""

    def __init__(
        self,
        privacy: Privacy | None = None,
        *,
        lines: Iterable[bytes] = EVENTS,
        now: int = NOW,
        partitions: int = 2,
    ) -> None:
        self.world = World(partitions, SETTINGS.definitions).run(readable(lines))
        self.served = Served(clock=clocks.fixed(now), privacy=privacy)
        settings = self.served.view.settings
        self.mirror: Mirror[Reader] = Mirror(Reader(settings), OWN)
        self.served.follower.state = self.mirror
        for n, state in enumerate(self.world.states):
            for key, value in state.tally.items():
                self.mirror.tally(n, key, value)
            for key, value in state.roster.items():
                self.mirror.roster(n, key, value)
        self.positions = dict.fromkeys(range(partitions), 7)
        self.served.follower.tally_positions = lambda: dict(self.positions)  # type: ignore[method-assign]
        self.tokens: list[str | None] = []

    @asynccontextmanager
    async def answering(self, *partitions: int, ahead: int = 0) -> AsyncIterator[None]:
        """While the owners of these partitions answer, with rows that are so many records ahead of the exporter."""
        servers = [TestServer(self._site(n, self.world.states[n], ahead)) for n in partitions]
        try:
            for n, server in zip(partitions, servers, strict=True):
                await server.start_server()
                url = str(server.make_url("")).rstrip("/")
                self.mirror.tally(n, worker_key(), encode_row(WorkerRow(url)))
            yield
        finally:
            for server in servers:
                await server.close()

    def _site(self, own: int, state: State, ahead: int) -> web.Application:
        async def explain(request: web.Request) -> web.Response:
            self.tokens.append(request.headers.get("Authorization"))
            asked = decode_ask(await request.read())
            assert asked.fingerprint == OWN
            shares = [
                tell(state, SETTINGS.definitions, Sought(asked), partition, 7 + ahead)
                for partition in asked.partitions
                if partition == own
            ]
            body = encode_told(Told(OWN, shares, [n for n in asked.partitions if n != own], 0.01))
            return web.Response(body=body, content_type="application/json")

        site = web.Application()
        site.add_routes([web.post("/explain", explain)])
        return site
