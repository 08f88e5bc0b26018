"""`floorpulse unmapped`: ids in events that the roster does not know."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from typing import Final
from zoneinfo import ZoneInfo

import click
import msgspec

from floorpulse.files import reading
from floorpulse.listing import show
from floorpulse.options import INSTANT, with_settings
from floorpulse.settings import Settings
from floorpulse.streaming import quietly, stream_settings
from kpi_state.apply import State
from kpi_state.naming import Naming
from kpi_state.published import is_tally
from kpi_state.read.document import instant_text
from kpi_state.read.roster import Roster
from kpi_state.read.unmapped import Ids, UnmappedId
from kpi_state.replay import Replay
from streams.snapshot import named, sources, states

_HEADINGS: Final = ("Id", "Sources", "Newest", "Touchpoints", "Contributions", "May be", "Because of")


@click.group("unmapped")
def group() -> None:
    """List ids of people that the roster does not know.

    What they did is kept and counted as `unmapped`; it is theirs as soon as an hr.rep.v1 event names the id, as
    external_ids, e-mail or extension.
    """


@group.command("list")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--as-of", type=INSTANT, metavar="TIME", help="The instant the list is for. RFC 3339. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of a table.")
@with_settings
def list_(settings: Settings, files: tuple[str, ...], as_of: int | None, *, as_json: bool) -> None:
    """List unmapped ids, the newest first, with what they did and whom they may mean.

    Of what the workers of one [kafka] app_id published, or of the events in FILEs: .jsonl, plain or gzipped, or - for
    standard input. Sources are those that have ever named the id; of one that makes ids up, what is published keeps
    10,000 a partition, and a line says so. Contributions are counted by KPI, quarter hour or
    day, and label. Suggestions compare an id with the ids, names, e-mail addresses and extensions of the roster.

    Exit codes: 0 done; 2 a file cannot be read, or Kafka does not answer.
    """
    now = int(time.time() * 1_000_000) if as_of is None else as_of
    unlisted: dict[str, int] = {}
    if files:
        replay = Replay(now, settings)
        with reading(files, "reading") as lines:
            replay.feed(line.text for line in lines)
        found: Iterable[State] = [replay.state]
        namings = replay.named
    else:
        found = quietly(states(stream_settings(settings, os.environ), ["tally", "roster"]))
        namings = named(state.tally for state in found)
        seen = sources(state.tally for state in found)
        unlisted = {source: counts.unlisted for source, counts in seen.items() if counts.unlisted}
    unmapped = _ids(settings, found, namings).unmapped(now)
    if as_json:
        for each in unmapped:
            click.echo(msgspec.json.encode({**each._asdict(), "newest": instant_text(each.newest)} | _suggested(each)))
    else:
        show(_HEADINGS, [_row(each) for each in unmapped])
    for source, times in unlisted.items():
        click.echo(
            f"{source} names more ids than are kept of it ({times} further namings): it may be missing among Sources",
            err=True,
        )
    click.echo(f"{len(unmapped)} unmapped ids", err=True)


def _ids(settings: Settings, found: Iterable[State], namings: Iterable[Naming]) -> Ids:
    zones = {name: ZoneInfo(team.timezone) for name, team in settings.teams.items() if team.timezone}
    ids = Ids(Roster(ZoneInfo(settings.definitions.organisation_timezone), zones))
    for partition, state in enumerate(found):
        for key, value in state.roster.items():
            ids.roster(key, value)
        for key, value in state.tally.items():
            if is_tally(key):
                ids.tally(partition, key, value)
    for source, raw in namings:
        ids.named(source, raw)
    return ids


def _suggested(found: UnmappedId) -> dict[str, object]:
    return {"suggestion": None if found.suggestion is None else found.suggestion._asdict()}


def _row(found: UnmappedId) -> list[object]:
    may_be = found.suggestion
    return [
        found.raw,
        ", ".join(found.sources),
        instant_text(found.newest),
        found.touchpoints,
        found.contributions,
        may_be and may_be.rep,
        may_be and f"{may_be.because} ({may_be.likeness:.0%})",
    ]


COMMAND = group
