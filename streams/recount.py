"""A recount: the records an app has applied, applied again in one go, must come to what it has published."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from aiokafka import TopicPartition

from kpi_state.apply import Applier, State
from kpi_state.links import decode_link, routing_key
from kpi_state.published import INPUTS, LINKS, SourceCounts
from kpi_state.rows import decode_row, entity_of
from streams.counters import Counters
from streams.routing import Home, homes
from streams.settings import StreamSettings
from streams.snapshot import added_up, counted, named, reader, sources, states
from streams.takeover import committed
from streams.work import Work, position_of


class Recounted(NamedTuple):
    """What was compared.  differences: one line each, naming no person; empty when both are the same."""

    records: int
    tallies: int
    people: int
    differences: list[str]


class _Once(Work):
    """A commit of what was found on a partition, to rows that are those of all; a copy of what was not at home lies
    there.
    """

    def __init__(self, partition: int, rows: State, settings: StreamSettings, home: Home) -> None:
        super().__init__(partition, rows, settings, home)
        self.counters = Counters(rows.tally, most_named=sys.maxsize)  # the most that are kept are of one partition

    def _new_applier(self) -> Applier:
        return Applier(self._rows, self._settings.definitions, lambda _key: 0, 0)


async def recount(settings: StreamSettings) -> Recounted:
    """Compare what an app has published, and the links it has on their way, with a recount of what it has applied.

    Works while events come in, but its workers must have stopped. Raises StreamError.
    """
    published = await states(settings)
    positions = {
        TopicPartition(settings.topic(name), n): position_of(state, name)
        for n, state in enumerate(published)
        for name in (*INPUTS, LINKS)
    }
    home = homes(settings.partitions)
    again, records = State(), 0
    async with reader(settings) as consumer:
        await _arrive(settings, consumer, published, positions, home)
        inputs = {settings.topic(name): name for name in INPUTS}
        wanted = [tp for tp in positions if tp.topic in inputs]
        async for tp, found, _ in committed(consumer, await consumer.beginning_offsets(wanted)):
            applied = [record for record in found if record.offset < positions[tp]]
            work = _Once(tp.partition, again, settings, home)
            work.take(inputs[tp.topic], applied)
            work.finish()
            records += len(applied)
    return _compared(published, again, records)


async def _arrive(
    settings: StreamSettings, consumer: Any, published: list[State], positions: dict[TopicPartition, int], home: Home
) -> None:
    """Apply the links that are on their way, and those they cause, to the rows read back."""
    waiting: list[tuple[int, bytes]] = []
    starts = {tp: position for tp, position in positions.items() if tp.topic == settings.topic(LINKS)}
    async for _, records, _ in committed(consumer, starts):
        for record in records:
            link = decode_link(record.value)
            waiting.append((home(routing_key(link.kind, link.subject)), record.value))
    while waiting:
        appliers: dict[int, Applier] = {}
        for partition, value in waiting:
            if partition not in appliers:
                appliers[partition] = Applier(published[partition], settings.definitions, home, partition)
            appliers[partition].link(value)
        waiting = [(to, value) for applier in appliers.values() for to, _, value in applier.finish().links]


def _compared(published: list[State], again: State, records: int) -> Recounted:
    old, new = added_up(state.tally for state in published), added_up([again.tally])
    different = [cell for cell in old.keys() | new.keys() if old.get(cell) != new.get(cell)]
    lines = [f"{cell[0]} {cell[2]}: {old.get(cell)} instead of {new.get(cell)}" for cell in sorted(different)]
    people = {key: value for state in published for key, value in state.roster.items()}
    lines.extend(
        f"a row of the roster about a {entity_of(key)[0]}"
        for key in sorted(people.keys() | again.roster.keys())
        if not _same_row(key, people.get(key), again.roster.get(key))
    )
    ours_seen, theirs_seen = sources([again.tally]), sources(state.tally for state in published)
    ours_named, theirs_named = named([again.tally]), named(state.tally for state in published)
    kept = {name for name, counts in theirs_seen.items() if not counts.unlisted}  # all of the ids that it names
    missing, more = sum(source in kept for source, _ in ours_named - theirs_named), len(theirs_named - ours_named)
    if missing or more:
        lines.append(f"ids named by sources: {missing} are missing and {more} too many")
    for name in INPUTS:
        ours, theirs = counted([again.tally], name), counted((state.tally for state in published), name)
        if (ours.read, ours.quarantined) != (theirs.read, theirs.quarantined):
            lines.append(
                f"{name}: {theirs.read} read and {theirs.quarantined} quarantined "
                f"instead of {ours.read} and {ours.quarantined}"
            )
    lines.extend(_of_sources(ours_seen, theirs_seen))
    return Recounted(records, len(new), len(again.roster), lines)


def _of_sources(ours: dict[str, SourceCounts], theirs: dict[str, SourceCounts]) -> Iterator[str]:
    """Where the counts of sources differ; which of two events changed nothing, and which is late, is not asked: that
    depends on the order of topics, and on a limit that may be another by now.
    """
    for name in sorted(ours.keys() | theirs.keys()):
        a, b = ours.get(name, SourceCounts()), theirs.get(name, SourceCounts())
        for what, right, found in (
            ("events", a.applied + a.unchanged, b.applied + b.unchanged),
            ("heartbeats", a.heartbeats, b.heartbeats),
            ("forwarded", a.forwarded, b.forwarded),
            ("newest event, µs", a.newest, b.newest),
            ("oldest event, µs", a.oldest, b.oldest),
        ):
            if right != found:
                yield f"{what} of {name}: {found} instead of {right}"


def _same_row(key: bytes, left: bytes | None, right: bytes | None) -> bool:
    """Whether two encoded rows say the same; stamps may be listed in another order."""
    if left is None or right is None or left == right:
        return left == right
    kind, _ = entity_of(key)
    a, b = decode_row(kind, left), decode_row(kind, right)
    return (a.facts, a.lines, a.earliest) == (b.facts, b.lines, b.earliest)
