"""Feed the read model in Redis from what is followed, for as long as the exporter runs.

Redis being away delays it and nothing else: what is served over HTTP and what is followed know nothing of it.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from typing import Final

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from exporters.beside import beside
from exporters.clock import Clock
from exporters.follower import Follower
from exporters.mirror import Mirror
from exporters.process import Process
from exporters.read_model import Model, Picture
from exporters.redis_writer import Outcome, Version, Writer
from exporters.shown import Shown
from kpi_state.read.samples import Reader

LOOK_SECONDS: Final = 1.0
"""The read model is at least so much behind the page."""
REST: Final = 4.0
"""A look that took long is followed by a rest so many times as long, of at most LONGEST_REST_SECONDS."""
LONGEST_REST_SECONDS: Final = 10.0
READ_AGAIN_SECONDS: Final = 300.0
"""What somebody else removed or changed is put right after this long."""
ANSWER_SECONDS: Final = 5.0
FIRST_RETRY_SECONDS: Final = 0.5
LONGEST_RETRY_SECONDS: Final = 15.0

log = structlog.get_logger()

_SAID: Final[dict[Outcome, str]] = {
    "written": "writing",
    "other": "standing by: another exporter writes",
    "behind": "waiting: what is there was made of later events, or for a later instant",
    "lost": "reading what is there",
}


def client(url: str) -> Redis:
    """A client that neither waits long nor tries again by itself; raises ValueError about the URL."""
    return Redis.from_url(
        url,
        decode_responses=True,
        encoding_errors="replace",  # what somebody else put there is overwritten, not stumbled over
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 0),
        client_name="floorpulse-exporter",
    )


class Feed:
    """Writes what `follower` knows at the instant that `clock` says, as the page shows it."""

    def __init__(
        self,
        follower: Follower[Mirror[Reader]],
        clock: Clock,
        shown: Shown,
        redis: Redis,
        prefix: str,
        *,
        process: Process | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._follower, self._clock, self._shown, self._monotonic = follower, clock, shown, monotonic
        self._process = process or Process()
        self._model = Model()
        self._redis = redis
        self._writer = Writer(redis, prefix, uuid.uuid4().hex)
        self._doing = ""
        self._read_at = monotonic()
        self._retry_seconds = FIRST_RETRY_SECONDS

    async def run(self) -> None:
        """Write until cancelled. Raises what making a picture raises."""
        try:
            while True:
                wait = await self.look()
                await asyncio.sleep(wait)
        finally:
            await self._redis.aclose()

    async def look(self) -> float:
        """Write once, if what is known is whole and current; the seconds to wait then."""
        if self._follower.not_ready():
            return LOOK_SECONDS
        began = self._monotonic()
        if began - self._read_at > READ_AGAIN_SECONDS:
            self._writer.forget()
            self._read_at = began
        try:
            outcome = await self._write()
        except (RedisError, OSError) as error:
            self._process.wrote("away", 0)
            self._do("waiting for Redis", seen=type(error).__name__)  # its text may name keys, and these name people
            wait, self._retry_seconds = self._retry_seconds, min(2 * self._retry_seconds, LONGEST_RETRY_SECONDS)
            return wait
        self._retry_seconds = FIRST_RETRY_SECONDS
        self._process.wrote(outcome, self._writer.commands if outcome == "written" else 0)
        self._do(_SAID[outcome])
        return min(max(LOOK_SECONDS, REST * (self._monotonic() - began)), LONGEST_REST_SECONDS)

    async def _write(self) -> Outcome:
        """Ask first: whoever stands by need not count everything."""
        if not await self._writer.has_turn():
            return "other"
        made, version, newest = await self._make()
        return await self._writer.write(made, version, newest)

    async def _make(self) -> tuple[Picture, Version, dict[str, int]]:
        """The picture, what it was made of, and the newest event of each source; beside the event loop."""
        async with self._follower.lock:
            positions = self._follower.positions()
            made, now, newest = await beside(self._look_at, self._follower.state)
        return made, Version(positions, now), newest

    def _look_at(self, mirror: Mirror[Reader]) -> tuple[Picture, int, dict[str, int]]:
        now = self._clock(mirror)
        made = self._model.follow(self._shown, self._shown.look(mirror, now))
        return made, now, {source: counts.newest for source, counts in mirror.sources().items()}

    def _do(self, doing: str, **more: str) -> None:
        """Log what is done when it is news."""
        if doing != self._doing:
            self._doing = doing
            (log.warning if more else log.info)("read_model", doing=doing, **more)
