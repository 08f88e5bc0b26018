"""`floorpulse worker`: apply the events of Kafka, exactly once."""

from __future__ import annotations

import os

import click

from floorpulse import logs
from floorpulse.options import with_settings
from floorpulse.settings import Settings
from floorpulse.streaming import carried_out, stream_settings
from streams.process import work


@click.command()
@click.option(
    "--web-port",
    type=click.IntRange(0, 65_535),
    default=0,
    metavar="PORT",
    help="Port on loopback for Faust's own status page. Default 0: no page.",
)
@with_settings
def worker(settings: Settings, web_port: int) -> None:
    """Apply the events of the input topics and publish what they come to.

    Run as many as there are cores and partitions, here or on other machines: they share the partitions of one [kafka]
    app_id, and whatever happens to one of them no event is lost or counted twice. It runs until SIGTERM or Ctrl-C,
    then leaves at once. Logs go to standard error, one line per happening. The topics must be there: `floorpulse
    topics` makes them.

    Exit codes: 0 told to stop; 2 a person has to do something first, the last line says what; 3 something unexpected,
    or a broker in trouble: start it again, nothing is lost.
    """
    logs.configure()
    carried_out(work(stream_settings(settings, os.environ), web_port=web_port or None))


COMMAND = worker
