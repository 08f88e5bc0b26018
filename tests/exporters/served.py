"""An exporter that followed a floor: no Kafka, and time passes only when told."""

from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
from msgspec import structs

from exporters import clock as clocks
from exporters.api.site import application
from exporters.clock import Clock
from exporters.follower import Follower
from exporters.mirror import Mirror
from exporters.privacy import Disguise
from exporters.view import View
from kpi_state.apply import fingerprint
from kpi_state.definitions import Limits, Privacy
from kpi_state.read.samples import Reader
from kpi_state.replay import Replay
from tests.exporters.floor import NOW, published, seen

Client = TestClient[Request, Application]


class Served:
    """The site of an exporter in this process, asked by a client."""

    def __init__(
        self,
        replay: Replay | None = None,
        clock: Clock | None = None,
        privacy: Privacy | None = None,
        label_values: int = 200,
        token: str = "",
    ) -> None:
        self.replay = replay or seen()
        self.time = 0.0
        privacy = privacy or Privacy()
        settings = structs.replace(self.replay.settings, limits=Limits(label_values=label_values), privacy=privacy)
        own = fingerprint(settings.definitions)
        self.follower = Follower(
            "nowhere:1", "tally", "roster", lambda: Mirror(Reader(settings), own), monotonic=lambda: self.time
        )
        self.follower.caught_up = True
        for table, key, value in published(self.replay):
            (self.follower.state.tally if table == "tally" else self.follower.state.roster)(0, key, value)
        self.view = View(self.follower, clock or clocks.fixed(NOW), Disguise(privacy, b"key"), settings, token)

    def application(self) -> Application:
        return application(self.view)

    def client(self) -> Client:
        return TestClient(TestServer(self.application()))


async def error_of(answer: ClientResponse) -> str:
    said: dict[str, Any] = await answer.json()
    assert said.keys() == {"error"}
    assert isinstance(said["error"], str)
    return said["error"]
