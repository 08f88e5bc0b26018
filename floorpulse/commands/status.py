"""`floorpulse status`: topics, lag, workers, sources at a glance."""

from __future__ import annotations

import os
from typing import Any, Final

import click
import msgspec

from floorpulse.listing import show
from floorpulse.options import with_settings
from floorpulse.settings import Settings
from floorpulse.streaming import quietly, stream_settings
from kpi_state.published import SourceCounts, TopicCounts
from kpi_state.quality import INCOMPLETE, MERGE_TOO_DEEP
from kpi_state.read.document import instant_text
from streams.status import Status, status

COUNTED: Final = ("read", "quarantined", "forwarded", "lost")


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of tables.")
@with_settings
def status_(settings: Settings, *, as_json: bool) -> None:
    """Say how the stream of one [kafka] app_id stands, whether its workers run or not.

    Topics with their ends and how many records are not applied yet, what was read, quarantined, forwarded and lost;
    the workers and the partitions each owns; of each source its newest event, and what its events came to; and whether
    the state was counted with these [definitions]. It reads the tallies whole, so it takes as long as an exporter takes
    to begin.

    Exit codes: 0 done; 2 Kafka does not answer, or a topic is missing or wrong.
    """
    found = quietly(status(stream_settings(settings, os.environ)))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(_document(found)), indent=2))
        return
    click.echo(f"{found.app_id}: {_verdict(found)}\n")
    show(
        ["Topic", "Partitions", "Records", "Not applied", "Read", "Quarantined", "Forwarded", "Lost"],
        [[each.name, each.partitions, each.records, each.lag, *_counts(each.counts)] for each in found.topics],
    )
    click.echo()
    show(
        ["Worker", "Host", "Owns"],
        [[each.name, each.host, ", ".join(map(str, each.partitions)) or None] for each in found.members],
    )
    if not found.members:
        click.echo("no worker runs")
    click.echo()
    show(
        ["Source", "Newest event", "Applied", "Unchanged", "Late", "Unknown fields", "Quarantined", "Missing facts"],
        [
            [
                name,
                instant_text(each.newest) if each.newest else None,
                each.applied,
                each.unchanged,
                each.late,
                each.unknown_fields,
                sum(found.quarantined.get(name, {}).values()),
                found.quality.get((INCOMPLETE, name), 0),
            ]
            for name, each in _sources(found)
        ],
    )


def _verdict(found: Status) -> str:
    """What the fingerprints say."""
    if not found.fingerprints:
        return f"nothing was applied yet; these settings have fingerprint {found.fingerprint}"
    if found.fingerprints == [found.fingerprint]:
        return f"counted with these settings, fingerprint {found.fingerprint}"
    return (
        f"counted with fingerprint {' and '.join(found.fingerprints)}, these settings have {found.fingerprint}: "
        "start workers with the floor.toml and the version it was counted with, or run `floorpulse rebuild`"
    )


def _counts(counts: TopicCounts | None) -> list[int | None]:
    """In the order of COUNTED."""
    return [None if counts is None else getattr(counts, name) for name in COUNTED]


def _sources(found: Status) -> list[tuple[str, SourceCounts]]:
    """All that sent anything, those of whose records each was set aside too."""
    names = found.sources.keys() | (found.quarantined.keys() - {""})
    return [(name, found.sources.get(name, SourceCounts())) for name in sorted(names)]


def _document(found: Status) -> dict[str, Any]:
    return {
        "app_id": found.app_id,
        "fingerprint": {"settings": found.fingerprint, "state": found.fingerprints},
        "topics": [
            {
                "topic": each.name,
                "partitions": each.partitions,
                "ends": each.ends,
                "records": each.records,
                "not_applied": each.lag,
                **dict(zip(COUNTED, _counts(each.counts), strict=True)),
            }
            for each in found.topics
        ],
        "workers": [each._asdict() for each in found.members],
        "sources": {
            name: {
                **msgspec.structs.asdict(each),
                "newest": instant_text(each.newest) if each.newest else None,
                "oldest": instant_text(each.oldest) if each.oldest else None,
                "quarantined": found.quarantined.get(name, {}),
                "incomplete_facts": found.quality.get((INCOMPLETE, name), 0),
                "merge_too_deep": found.quality.get((MERGE_TOO_DEEP, name), 0),
            }
            for name, each in _sources(found)
        },
    }


COMMAND = status_
