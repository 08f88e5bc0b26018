"""`floorpulse produce`: send files of events to their topics."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import click

from floorpulse.background import in_background
from floorpulse.files import Line, reading
from floorpulse.options import input_files, with_settings
from floorpulse.pace import RATE, Pace
from floorpulse.settings import Settings
from floorpulse.streaming import quietly, stream_settings
from kpi_state.events import ContractError
from kpi_state.published import INPUTS
from streams.addressing import addressed, addressed_unchecked
from streams.sender import Sender, sending
from streams.settings import StreamSettings

AUTO: Final = "auto"


@dataclass
class _Run:
    """One run of the command, and what has become of it.  topic: None for that of each event's type."""

    files: tuple[str, ...]
    topic: str | None
    raw: bool
    pace: Pace
    bad: int = 0
    acknowledged: Counter[str] = field(default_factory=Counter)

    async def send(self, settings: StreamSettings) -> None:
        """Send everything and wait for the acknowledgements."""
        async with sending(settings) as sender:
            try:
                with reading(self.files, "sending") as lines:
                    async for chunk in in_background(lines):
                        for line in chunk:
                            await self._line(sender, line)
                        await asyncio.sleep(0)  # acknowledgements come in meanwhile
                    await sender.finish()
            finally:
                self.acknowledged = sender.acknowledged

    async def _line(self, sender: Sender, line: Line) -> None:
        if not line.text.strip():
            return
        address = addressed_unchecked if self.raw else addressed
        try:
            topic, record = address(line.text, self.topic)
        except ContractError as error:
            self.bad += 1
            click.echo(f"{line.file}:{line.number}: {error}")
            return
        await self.pace.step()
        await sender.send(topic, record)

    def summary(self) -> str:
        """What brokers have, and what was left out."""
        by_topic = ", ".join(f"{number} to {topic}" for topic, number in sorted(self.acknowledged.items()))
        left_out = f"; {self.bad} break the contract and were not sent" if self.bad else ""
        return f"{self.acknowledged.total()} events sent{': ' if by_topic else ''}{by_topic}{left_out}"


@click.command()
@input_files
@click.option("--rate", type=RATE, metavar="N/s", help="Events a second, such as 500/s. Default: as fast as it goes.")
@click.option(
    "--topic",
    type=click.Choice([AUTO, *INPUTS]),
    default=AUTO,
    show_default=True,
    help="auto: the topic of each event's type.",
)
@click.option("--raw", is_flag=True, help="Send what breaks the contract too, so that the quarantine gets it.")
@with_settings
@click.pass_context
def produce(
    context: click.Context, settings: Settings, files: tuple[str, ...], rate: float | None, topic: str, *, raw: bool
) -> None:
    """Send the events in FILEs to their topics, and wait until the brokers have them.

    FILE is .jsonl, plain or gzipped, or - for standard input: one JSON event a line, empty lines are skipped. The key
    is the subject, the partition that of Java's default partitioner. A line that breaks the event contract is not sent
    and printed as FILE:LINE: FIELD: expected WHAT, got WHAT. Sending a file twice changes no KPI.

    Exit codes: 0 everything was sent and acknowledged; 1 a line was not sent; 2 a file cannot be read, or Kafka does
    not take events.
    """
    run = _Run(files, None if topic == AUTO else topic, raw, Pace(rate))
    try:
        quietly(run.send(stream_settings(settings, os.environ)))
    except BaseException:
        if run.acknowledged:
            click.echo(f"stopped early: {run.summary()}", err=True)
        raise
    click.echo(run.summary(), err=True)
    context.exit(1 if run.bad else 0)


COMMAND = produce
