"""An exporter whose floor goes on: events are applied by the core as they are told, at a time that the test says."""

from collections.abc import Iterable

from exporters.follower import Follower
from exporters.mirror import Mirror
from exporters.privacy import Disguise
from exporters.view import View
from floorpulse.settings import Settings
from kpi_state.apply import Applier, State, fingerprint
from kpi_state.events import decode
from kpi_state.published import SourceCounts, encode_row, source_key
from kpi_state.read.samples import Reader
from tests.told import at


class LiveFloor:
    """One partition and its exporter, without a broker between them."""

    def __init__(self, settings: Settings, begins: str) -> None:
        self._settings, self._now = settings, at(begins)
        self._state, self._published = State(), State()
        self._newest: dict[str, int] = {}
        own = fingerprint(settings.definitions)
        self.follower = Follower(
            "nowhere:1", "tally", "roster", lambda: Mirror(Reader(settings), own), monotonic=lambda: 0
        )
        self.follower.caught_up = True
        disguise = Disguise(settings.privacy, b"key")
        self.view = View(self.follower, lambda _seen: self._now, disguise, settings)

    async def tell(self, time: str, events: Iterable[bytes]) -> None:
        """Apply events and let the clock go on, at once for whoever looks."""
        applier = Applier(self._state, self._settings.definitions, lambda _key: 0, 0)
        for line in events:
            event = decode(line)
            applier.event(event)
            self._newest[event.stamp[2]] = max(self._newest.get(event.stamp[2], 0), event.stamp[0])
        applier.finish()
        async with self.follower.lock:
            self._publish()
            self._now = at(time)

    def _publish(self) -> None:
        mirror = self.follower.state
        for key, value in self._state.roster.items():
            if self._published.roster.get(key) != value:
                mirror.roster(0, key, value)
                self._published.roster[key] = value
        for key, value in self._state.tally.items():
            if self._published.tally.get(key) != value:
                mirror.tally(0, key, value)
                self._published.tally[key] = value
        for source, newest in self._newest.items():
            mirror.tally(0, source_key(source), encode_row(SourceCounts(newest=newest)))
