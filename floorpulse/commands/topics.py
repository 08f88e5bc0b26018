"""`floorpulse topics`: make every topic, and say what was done."""

from __future__ import annotations

import os

import click

from floorpulse.options import with_settings
from floorpulse.settings import Settings
from floorpulse.streaming import carried_out, stream_settings
from streams.topics import create


@click.command()
@with_settings
def topics(settings: Settings) -> None:
    """Create the topics that are missing, changelogs too, and say for each what was done.

    Inputs and quarantine are kept for ever, links seven days, changelogs are compacted. A topic that is there is never
    changed; where it differs, that is said. Run it once for each [kafka] app_id and topic_prefix, before the first
    worker.

    Exit codes: 0 every topic is there; 2 no broker answers, or a topic has another number of partitions.
    """
    for line in carried_out(create(stream_settings(settings, os.environ))):
        click.echo(line)


COMMAND = topics
