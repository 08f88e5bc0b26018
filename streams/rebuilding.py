"""Builds a new state beside the old one: the inputs again, from their beginning, under an app_id of its own."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Awaitable, Callable, Collection, Mapping
from pathlib import Path
from typing import Final

from aiokafka import TopicPartition
from faust.types import TP

from kpi_state.published import INPUTS, LINKS, TABLES
from streams import topics
from streams.app import SESSION_SECONDS, StreamApp, create_app
from streams.errors import StreamError
from streams.group import members
from streams.process import prepared, run_until, told_to_stop
from streams.settings import StreamSettings
from streams.snapshot import log_ends

LOOK_SECONDS: Final = 0.5
HOPS: Final = 32
"""Links cause links, a chain of merges eight times over; with workers that run beside it there are always more."""

Report = Callable[[int, int], None]
"""Called with (records applied, records there were at the start), now and then."""


def next_app_id(app_id: str, taken: Collection[str]) -> str:
    """`desk` → `desk-2` → `desk-3`, the first after this one that is not taken."""
    name, number = app_id, 1
    if found := re.fullmatch(r"(.+)-(\d+)", app_id):
        name, number = found[1], int(found[2])
    while (following := f"{name}-{(number := number + 1)}") in taken:
        pass
    return following


async def app_ids(settings: StreamSettings) -> set[str]:
    """Every app_id that has a state; raises StreamError when no broker answers."""

    async def ask() -> set[str]:
        async with topics.admin(settings) as client:
            return set(await client.list_topics())

    names = await topics.patiently(settings, ask)
    ends = [f"-{table}-changelog" for table in TABLES]
    return {name.removesuffix(end) for name in names for end in ends if name.endswith(end)}


async def check_free(settings: StreamSettings) -> None:
    """Raise StreamError while workers run under this app_id."""
    if running := await members(settings):
        raise StreamError(
            f"{len(running)} workers run as {settings.app_id} ({', '.join(sorted({each.host for each in running}))}): "
            f"stop them first; one that crashed counts as running for {SESSION_SECONDS:.0f} s"
        )


async def check_whole(settings: StreamSettings) -> None:
    """Raise StreamError when an input is missing, or retention has deleted some of it."""
    await topics.check(settings, topics.inputs(settings))
    for tp, (begin, _) in (await log_ends(settings, INPUTS)).items():
        if begin:
            raise StreamError(
                f"{tp.topic} partition {tp.partition} begins at {begin}: what was before that was deleted and would be "
                "missing in the new state. Send it again first, or accept that with --incomplete"
            )


async def build(settings: StreamSettings, report: Report) -> bool:
    """Apply what the inputs hold now to the state of this app_id, as its only worker, and stop.

    False when told to stop before; called again, it goes on. Errors after the beginning end the process.
    """
    await topics.create(settings)
    ready = await prepared(settings)
    ends = {tp: end for tp, (_, end) in (await log_ends(ready, INPUTS)).items()}
    stopping = told_to_stop()
    with tempfile.TemporaryDirectory(prefix="floorpulse-rebuild-") as datadir:
        app = create_app(ready, Path(datadir))
        watching = asyncio.create_task(_watch(app, ends, stopping, report))
        await run_until(stopping, app)
    done = watching.done()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    return done


async def _watch(app: StreamApp, ends: Mapping[TopicPartition, int], stopping: asyncio.Event, report: Report) -> None:
    """Set `stopping` when the inputs are applied up to `ends`, and the links that this caused."""
    try:
        await _reached(app, ends, report)
        links = [TP(app.settings.topic(LINKS), partition) for partition in app.fenced.shards]
        await chased(lambda: app.reader.log_ends(links), lambda ends: _reached(app, ends, report))
    finally:
        stopping.set()


async def chased(
    log_ends: Callable[[], Awaitable[Mapping[TP, int]]], reached: Callable[[Mapping[TP, int]], Awaitable[None]]
) -> None:
    """Reach the ends of logs again and again until they stay, or HOPS times."""
    before: Mapping[TP, int] = {}
    for _ in range(HOPS):
        ends = await log_ends()
        if ends == before:
            return
        await reached(ends)
        before = ends


async def _reached(app: StreamApp, ends: Mapping[TopicPartition | TP, int], report: Report) -> None:
    while True:
        positions = {tp: app.fenced.position(tp) or 0 for tp in ends}
        report(sum(min(positions[tp], end) for tp, end in ends.items()), sum(ends.values()))
        if all(positions[tp] >= end for tp, end in ends.items()) and app.fenced.shards:
            return
        await asyncio.sleep(LOOK_SECONDS)
