"""Play the simulated floor into a Kafka that is there already, for as long as nobody stops it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from typing import Final, NamedTuple

from floorpulse.demo.clock import FloorClock, last_opening, real_now, show_day
from floorpulse.demo.earlier import Record, first_records
from floorpulse.demo.feed import Feed
from floorpulse.demo.floor import floor
from floorpulse.demo.people import HEAD_OFFICE
from floorpulse.errors import UserError
from streams.outbox import Outgoing
from streams.sender import Sender, sending
from streams.settings import StreamSettings

HISTORY: Final = timedelta(weeks=4)
NOT_OURS: Final = (
    "{} hold events that are not of this floor, or of another --seed: play into empty topics, such as those of "
    "another [kafka] topic_prefix and app_id, since what is mixed cannot be told apart again"
)


class Show(NamedTuple):
    """What is played.

    seed: another one is another floor.  speed: floor seconds per real second; at 1 the floor's clock is the real one.
    """

    seed: int
    speed: float


async def play(settings: StreamSettings, show: Show, say: Callable[[str], None]) -> None:
    """Send four weeks of history, then each event when its time has come; never ends by itself.

    A floor that was played into these topics before goes on: the same events are sent again, and count once.
    Raises StreamError when topics are missing or brokers take no events, UserError when the topics hold something else.
    """
    async with sending(settings) as sender:
        live = await _live(settings, show)
        clock = _clock(show, live)
        feed = Feed(_Posting(sender), floor(show.seed, live - HISTORY, live), clock)
        say(_opening(show, live, clock()))
        playing = asyncio.ensure_future(feed.run())
        caught_up = asyncio.ensure_future(feed.caught_up.wait())
        try:
            await asyncio.wait([playing, caught_up], return_when=asyncio.FIRST_COMPLETED)
            if not playing.done():
                say(f"{feed.sent:,} events of the past were sent; from now on as time passes.")
            await playing
        finally:
            for task in (playing, caught_up):
                task.cancel()
            await asyncio.gather(playing, caught_up, return_exceptions=True)
            say(f"{feed.sent:,} events sent, of these {feed.again:,} again and {feed.flawed:,} broken on purpose.")


class _Posting:
    """A sender, as the feed knows producers."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def send(self, topic: str, value: bytes, key: bytes, *, timestamp_ms: int) -> None:
        await self._sender.send(topic, Outgoing(key, value, timestamp_ms=timestamp_ms))

    async def flush(self) -> None:
        await self._sender.finish()


async def _live(settings: StreamSettings, show: Show) -> date:
    """The day from which on the floor is played as it happens: that of an earlier play, else the newest there is."""
    earlier = await first_records(settings)
    if not earlier:
        now = real_now()
        return last_opening(now) if show.speed == 1 else show_day(datetime.now(HEAD_OFFICE).date(), show.speed)
    began = min(record.timestamp_ms for record in earlier) / 1_000
    live = datetime.fromtimestamp(began, UTC).date() + HISTORY
    newest = max(record.timestamp_ms for record in earlier)
    ours = takewhile(lambda each: each.at // 1_000 <= newest, floor(show.seed, live - HISTORY, live))
    if earlier - {Record(each.topic, each.key, each.value, each.at // 1_000) for each in ours}:
        raise UserError(NOT_OURS.format(f"the inputs on {settings.bootstrap_servers}"))
    return live


def _clock(show: Show, live: date) -> Callable[[], int]:
    if show.speed == 1:
        return real_now
    floor_clock, began = FloorClock(live, show.speed), time.monotonic()
    return lambda: floor_clock.at(time.monotonic() - began, real_now())


def _opening(show: Show, live: date, now: int) -> str:
    at = datetime.fromtimestamp(now / 1_000_000, HEAD_OFFICE).strftime("%A %-d %B %Y, %H:%M")
    if show.speed == 1:
        hours = "It works Monday to Friday, 08:32 to 17:28 in Amsterdam and in Helsinki, and is quiet otherwise."
        return f"Playing the floor since {live - HISTORY} in real time: {at} in Amsterdam. {hours}"
    needs = "Exporters need --clock newest, since this is not the real time."
    return f"Playing the floor since {live - HISTORY} at {show.speed:g} times real speed from {at} on. {needs}"
