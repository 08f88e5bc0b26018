"""What an exporter knows, looked at by whoever answers: the numbers at an instant, and how fresh they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from exporters.beside import beside
from exporters.clock import Clock
from exporters.counts import Unmapped
from exporters.follower import Follower
from exporters.index import Index
from exporters.lag import Ends
from exporters.mirror import Mirror
from exporters.privacy import Disguise
from exporters.process import Process
from exporters.shown import Shown
from kpi_state.definitions import ReadSettings
from kpi_state.read.samples import Reader

ROWS_A_PART: Final = 5_000
"""Rows counted before an exporter that starts sees whether it was told to stop: some tenths of a second."""

Answer = TypeVar("Answer")


class NotReadyError(Exception):
    """Half a history is no number: not everything published was read yet. The text says what is being done."""


class View:
    """The state of `follower` at the instant that `clock` says, as `disguise` may show it.

    token: what who asks must show, and what workers want to be shown; empty where anybody may ask.
    """

    def __init__(
        self,
        follower: Follower[Mirror[Reader]],
        clock: Clock,
        disguise: Disguise,
        settings: ReadSettings,
        token: str = "",
    ) -> None:
        self.follower, self.disguise, self.settings, self.token = follower, disguise, settings, token
        self.shown = Shown(disguise, settings.limits)
        """Kept by whoever looks: `view.shown.look(mirror, now)` in what `read` does."""
        self.ends: Ends | None = None
        """Where the inputs end, to say how far the workers are behind; None: nobody asks the brokers."""
        self.unmapped = Unmapped()
        """Kept by whoever looks, in what `read` does."""
        self._clock = clock
        self.process = Process()
        self._index = Index(self.shown)

    def prepare(self, mirror: Mirror[Reader]) -> bool:
        """Count a part of what was followed, beside the event loop, and once all is counted make the first picture;
        whether there is more to do. For `Follower.prepare`.
        """
        now = self._clock(mirror)
        if mirror.rows.count(now, ROWS_A_PART):
            return True
        self.shown.look(mirror, now)
        return False

    async def read(self, work: Callable[[Mirror[Reader], int], Answer]) -> Answer:
        """What `work` makes of the state and the instant in microseconds, beside the event loop while nothing is
        applied. Raises NotReadyError.
        """
        self._check()
        async with self.follower.lock:
            self._check()  # while others looked, the changelogs may have been made anew, and all is forgotten
            return await beside(self._work, work)

    def _check(self) -> None:
        if not self.follower.caught_up:
            raise NotReadyError(self.follower.not_ready())

    async def look(self, work: Callable[[Shown, Index], Answer]) -> Answer:
        """What `work` makes of what is shown of the current windows, and of where to find it; like `read`."""

        def looked(mirror: Mirror[Reader], now: int) -> Answer:
            self.shown.look(mirror, now)
            self._index.follow()
            return work(self.shown, self._index)

        return await self.read(looked)

    def _work(self, work: Callable[[Mirror[Reader], int], Answer]) -> Answer:
        mirror = self.follower.state
        return work(mirror, self._clock(mirror))
