"""Sees that every owned partition moves on while its log is ahead: a last batch may be dropped, a fetch may stop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog
from aiokafka.errors import KafkaError
from faust.types import TP

from kpi_state.published import INPUTS, LINKS
from streams.errors import StreamError, halt

if TYPE_CHECKING:
    from streams.app import StreamApp

WATCH_SECONDS: Final = 5.0
PATIENCE: Final = 12
"""Looks at a partition that stands still, each with a fetch from its position, before the process ends."""

log = structlog.get_logger()


class Watchdog:
    """Looks at the owned partitions every WATCH_SECONDS."""

    def __init__(self, app: StreamApp) -> None:
        self._app = app
        self._stood: dict[TP, tuple[int, int]] = {}
        """Partition → (position, looks at which it stood there with the log ahead)."""

    async def run(self) -> None:
        """Look for ever."""
        try:
            while True:
                await asyncio.sleep(WATCH_SECONDS)
                await self.look()
        except Exception as error:  # noqa: BLE001  # whatever it is, the process ends here
            halt("watchdog_failed", error)

    async def look(self) -> None:
        """Fetch again where a partition stood still with the log ahead since the last look."""
        app = self._app
        if app.rebalancing or not app.fenced.shards:
            self._stood.clear()
            return
        topics = (*INPUTS, LINKS)
        owned = [TP(app.settings.topic(topic), partition) for partition in app.fenced.shards for topic in topics]
        try:
            ends = await asyncio.wait_for(app.reader.log_ends(owned), WATCH_SECONDS)
        except (KafkaError, TimeoutError):
            return  # a broker is away; nobody can say how far the log is
        app.fenced.log_ends = ends
        for tp in owned:
            position = self._idle_at(tp)
            if position is None or ends[tp] <= position:
                self._stood.pop(tp, None)
                continue
            before, looks = self._stood.get(tp, (position, 0))
            looks = looks + 1 if before == position else 1
            self._stood[tp] = (position, looks)
            if looks > PATIENCE:
                text = f"{tp.topic} partition {tp.partition} stands at {position}, its log ends at {ends[tp]}"
                halt("stands_still", StreamError(f"{text}: is a broker in trouble? Start the worker again"))
            if looks > 1:
                log.warning("stood_still", topic=tp.topic, partition=tp.partition, position=position, log_end=ends[tp])
                await app.reader.reread(tp, position)

    def _idle_at(self, tp: TP) -> int | None:
        """The position of a partition whose shard has nothing to do; None while it works or changes hands.

        A shard that waits for its turn works too. Nothing hides behind that: the turns of others end by a timer,
        whatever holds them, and weight grows with waiting, so its own comes (`streams/turns.py`).
        """
        shard = self._app.fenced.shards.get(tp.partition)
        if self._app.rebalancing or shard is None or not shard.idle:
            return None
        return self._app.fenced.position(tp)
