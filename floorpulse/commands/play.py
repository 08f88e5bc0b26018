"""`floorpulse play`: the simulated floor, played into the Kafka of the settings."""

from __future__ import annotations

import asyncio
import os
import signal

import click

from floorpulse.demo.player import Show
from floorpulse.demo.player import play as play_floor
from floorpulse.options import with_settings
from floorpulse.settings import Settings
from floorpulse.streaming import quietly, stream_settings
from streams.settings import StreamSettings


@click.command()
@click.option("--speed", type=click.FloatRange(1, 3_600), default=1, show_default=True, help="Floor seconds a second.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed is another floor.")
@with_settings
def play(settings: Settings, speed: float, seed: int) -> None:
    """Play a simulated sales floor into the topics of a Kafka that is there already.

    Forty reps in four teams and two time zones: four weeks of history at once, then every event when its time has come.
    At speed 1 the floor's clock is the real one: it works from Monday to Friday by day and is quiet otherwise. Faster,
    it begins at 08:45 on a past working day, leaves nights out, and exporters need `--clock newest`.

    It runs until SIGTERM or Ctrl-C. Started again on the same topics it goes on with the same floor; on topics with
    other events it refuses. `floorpulse demo` is the same floor with everything that belongs to it, and leaves nothing
    behind. The topics must be there: `floorpulse topics` makes them.

    Exit codes: 0 told to stop; 2 a person has to do something first, the last line says what.
    """
    quietly(_until_told(stream_settings(settings, os.environ), Show(seed, speed)))


async def _until_told(settings: StreamSettings, show: Show) -> None:
    playing = asyncio.ensure_future(play_floor(settings, show, click.echo))
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    stopping = asyncio.ensure_future(told.wait())
    await asyncio.wait([playing, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not playing.done():
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)
        return
    playing.result()


COMMAND = play
