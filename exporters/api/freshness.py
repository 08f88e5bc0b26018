"""/api/freshness: the clock, and what was seen of every source and topic."""

from __future__ import annotations

from collections import Counter, defaultdict

import msgspec

from exporters.api.endpoint import Answer, Endpoint, Nothing
from exporters.api.health import Readiness, readiness
from exporters.counts import named_by
from exporters.mirror import Mirror
from exporters.view import View
from kpi_state.published import SourceCounts
from kpi_state.quality import INCOMPLETE, MERGE_TOO_DEEP
from kpi_state.read.document import instant_text
from kpi_state.read.samples import Reader


class Source(msgspec.Struct, frozen=True):
    """What became of one source's events, as its metrics say it; `newest` is null when all of them were set aside."""

    newest: str | None
    read: int
    applied: int
    unchanged: int
    late: int
    unknown_fields: int
    scaled_splits: int
    heartbeats: int
    forwarded: int
    quarantined: dict[str, int]
    unmapped_ids: int
    incomplete_facts: int
    merge_too_deep: int


class Topic(msgspec.Struct, frozen=True):
    """Records of one input topic."""

    read: int
    quarantined: int
    forwarded: int
    lost: int


class Freshness(Readiness, frozen=True):
    """What was seen."""

    clock: str
    sources: dict[str, Source]
    topics: dict[str, Topic]


async def freshness(view: View, _asked: Nothing) -> Answer:
    """What was seen of every source and topic."""

    def work(mirror: Mirror[Reader], now: int) -> Freshness:
        return Freshness(
            **msgspec.structs.asdict(readiness(view)),
            clock=instant_text(now),
            sources=_sources(view, mirror, now),
            topics={
                name: Topic(seen.read, seen.quarantined, seen.forwarded, seen.lost)
                for name, seen in mirror.topics().items()
            },
        )

    return Answer(await view.read(work))


def _sources(view: View, mirror: Mirror[Reader], now: int) -> dict[str, Source]:
    seen, unmapped = mirror.sources(), named_by(mirror, view.unmapped.ids(mirror, now))
    quality, reasons = Counter[tuple[str, str]](), defaultdict[str, dict[str, int]](dict)
    for (measure, labels), count in mirror.rows.quality(now).items():
        quality[measure, labels[-1]] += count
    for (source, reason), count in mirror.quarantined().items():
        reasons[source][reason] = count
    return {
        name: _source(
            seen.get(name, SourceCounts()),
            reasons[name],
            unmapped[name],
            quality[INCOMPLETE, name],
            quality[MERGE_TOO_DEEP, name],
        )
        for name in sorted(seen.keys() | (reasons.keys() - {""}))
    }


def _source(seen: SourceCounts, reasons: dict[str, int], unmapped: int, incomplete: int, too_deep: int) -> Source:
    return Source(
        newest=instant_text(seen.newest) if seen.newest else None,
        read=seen.applied + seen.unchanged + seen.heartbeats + sum(reasons.values()),
        applied=seen.applied,
        unchanged=seen.unchanged,
        late=seen.late,
        unknown_fields=seen.unknown_fields,
        scaled_splits=seen.scaled_splits,
        heartbeats=seen.heartbeats,
        forwarded=seen.forwarded,
        quarantined=reasons,
        unmapped_ids=unmapped,
        incomplete_facts=incomplete,
        merge_too_deep=too_deep,
    )


ENDPOINT = Endpoint(
    path="/api/freshness",
    name="freshness",
    says="The clock, and what was seen of every source and topic.",
    answer=Freshness,
    handle=freshness,
)
