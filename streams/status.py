"""How a stream stands: its topics, how far each was applied, by whom, and what was counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from aiokafka import TopicPartition

from kpi_state.apply import State, fingerprint
from kpi_state.published import (
    INPUTS,
    LINKS,
    QUARANTINE,
    TABLES,
    SourceCounts,
    TopicCounts,
    decode_fingerprint,
    decode_quarantined,
    decode_tally,
    fingerprint_key,
    quarantined_key,
)
from kpi_state.quality import WIDTHS
from streams import topics
from streams.group import Member, members
from streams.settings import StreamSettings
from streams.snapshot import counted, reader, sources, states
from streams.takeover import committed
from streams.work import position_of

APPLIED: Final = (*INPUTS, LINKS)
COUNTED_LAG: Final = 1_000
"""Up to so many offsets are looked at one by one, since commit markers among them are no records."""


class TopicStatus(NamedTuple):
    """A topic.  records: offsets from its beginnings to its ends.  lag: records not applied yet, None for what is
    never applied.
    """

    name: str
    partitions: int
    ends: list[int]
    records: int
    lag: int | None
    counts: TopicCounts | None


class Status(NamedTuple):
    """Everything that `floorpulse status` says.  fingerprints: of the state, several only when it is broken.

    quarantined: source ("": unreadable) → reason → records.  quality: (measure of quality, source) → count.
    """

    app_id: str
    fingerprint: str
    fingerprints: list[str]
    topics: list[TopicStatus]
    members: list[Member]
    sources: dict[str, SourceCounts]
    quarantined: Mapping[str, Mapping[str, int]] = MappingProxyType({})
    quality: Mapping[tuple[str, str], int] = MappingProxyType({})


async def status(settings: StreamSettings) -> Status:
    """How the stream of these settings stands now; raises StreamError when no broker answers or a topic is missing."""
    await topics.check(settings)
    found = await states(settings, ["tally"])
    prints = {decode_fingerprint(row) for state in found if (row := state.tally.get(fingerprint_key())) is not None}
    return Status(
        settings.app_id,
        fingerprint(settings.definitions),
        sorted(prints),
        await _topics(settings, found),
        await members(settings),
        sources(state.tally for state in found),
        _quarantined(found),
        _quality(found) if prints == {fingerprint(settings.definitions)} else {},
    )


async def _topics(settings: StreamSettings, found: list[State]) -> list[TopicStatus]:
    names = [*map(settings.topic, (*APPLIED, QUARANTINE)), *map(settings.changelog, TABLES)]
    logical = {settings.topic(name): name for name in APPLIED}
    result = []
    async with reader(settings) as consumer:
        for topic in names:
            partitions = [TopicPartition(topic, n) for n in range(settings.partitions)]
            begins, ends = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
            lag = None
            if (name := logical.get(topic)) is not None:
                positions = {tp: max(position_of(found[tp.partition], name), begins[tp]) for tp in partitions}
                lag = await _lag(consumer, positions, ends)
            counts = counted([state.tally for state in found], name) if name is not None else None
            records = sum(ends[tp] - begins[tp] for tp in partitions)
            result.append(TopicStatus(topic, len(partitions), [ends[tp] for tp in partitions], records, lag, counts))
    return result


async def _lag(consumer: Any, positions: dict[TopicPartition, int], ends: dict[TopicPartition, int]) -> int:
    """Records not applied yet: counted where few offsets are left, else those offsets."""
    lag, few = 0, {}
    for tp, position in positions.items():
        behind = ends[tp] - position
        if behind > COUNTED_LAG:
            lag += behind
        elif behind > 0:
            few[tp] = position
    async for tp, records, _ in committed(consumer, few):
        lag += sum(record.offset < ends[tp] for record in records)
    return lag


def _quarantined(found: list[State]) -> dict[str, dict[str, int]]:
    """What all partitions set aside."""
    total: dict[str, dict[str, int]] = {}
    for state in found:
        row = state.tally.get(quarantined_key())
        for source, reasons in ({} if row is None else decode_quarantined(row)).items():
            for reason, count in reasons.items():
                of_source = total.setdefault(source, {})
                of_source[reason] = of_source.get(reason, 0) + count
    return total


def _quality(found: list[State]) -> dict[tuple[str, str], int]:
    """What says how far to trust the numbers, by the source to ask; other cores wrote other labels."""
    begins = tuple(f'["{measure}"'.encode() for measure in WIDTHS)
    total: Counter[tuple[str, str]] = Counter()
    for state in found:
        for key, value in state.tally.items():
            if key.startswith(begins):
                for (measure, _, _, labels), (count,) in decode_tally(key, value):
                    total[measure, labels[-1]] += count  # the last label is the source
    return {which: count for which, count in total.items() if count}
