"""/api/freshness: the clock, and what was seen of every source and topic."""

from __future__ import annotations

import msgspec

from exporters.api.endpoint import Answer, Endpoint, Nothing
from exporters.api.health import Readiness, readiness
from exporters.mirror import Mirror
from exporters.view import View
from kpi_state.read.document import instant_text
from kpi_state.read.samples import Reader


class Source(msgspec.Struct, frozen=True):
    """Events of one source, and the time of its newest."""

    newest: str
    applied: int
    unchanged: int
    late: int
    unknown_fields: int
    scaled_splits: int


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
            sources={
                name: Source(
                    instant_text(seen.newest),
                    seen.applied,
                    seen.unchanged,
                    seen.late,
                    seen.unknown_fields,
                    seen.scaled_splits,
                )
                for name, seen in mirror.sources().items()
            },
            topics={
                name: Topic(seen.read, seen.quarantined, seen.forwarded, seen.lost)
                for name, seen in mirror.topics().items()
            },
        )

    return Answer(await view.read(work))


ENDPOINT = Endpoint(
    path="/api/freshness",
    name="freshness",
    says="The clock, and what was seen of every source and topic.",
    answer=Freshness,
    handle=freshness,
)
