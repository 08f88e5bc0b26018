"""One worker process: from settings to a clean end."""

from __future__ import annotations

import asyncio
import signal
import tempfile
from collections.abc import Coroutine
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import structlog

from streams import topics
from streams.app import StreamApp, create_app
from streams.errors import StreamError, halt
from streams.serving import Listen, Site, serving
from streams.settings import StreamSettings

STOPPING: Final = (signal.SIGTERM, signal.SIGINT)

log = structlog.get_logger()


async def prepared(settings: StreamSettings) -> StreamSettings:
    """The settings once it is known that the brokers, their topics and their transactions allow a start; else
    StreamError.
    """
    await topics.check(settings)
    transactions = await topics.has_transactions(settings)
    if not transactions and not settings.allow_no_transactions:
        raise StreamError(
            f"the broker at {settings.bootstrap_servers} has no transactions, without which a crash may lose or double "
            "events: use Apache Kafka, or set [kafka] allow_no_transactions = true for a demo"
        )
    if not transactions:
        log.warning(
            "no_transactions", meaning="a crash of this worker may lose or double events", remedy="use Apache Kafka"
        )
    return replace(settings, transactions=transactions)


def told_to_stop() -> asyncio.Event:
    """Set when a signal tells the process to stop."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOPPING:
        loop.add_signal_handler(number, stopping.set)
    return stopping


async def work(settings: StreamSettings, *, listen: Listen | None = None, web_port: int | None = None) -> None:
    """Run a worker until it is told to stop. Raises StreamError before it began; errors after that end the process.

    listen: where it answers (see `streams.serving`), None for nowhere.
    """
    stopping = told_to_stop()
    ready = await _unless(stopping, prepared(settings))
    if ready is not None:
        site = Site(listen.token if listen is not None else "")
        async with serving(listen, site) if listen is not None else nullcontext("") as url:
            with tempfile.TemporaryDirectory(prefix="floorpulse-worker-") as datadir:
                app = create_app(replace(ready, url=url), Path(datadir), web_port=web_port)
                site.open(app)
                await run_until(stopping, app)
    log.info("stopped")


async def _unless(stopping: asyncio.Event, preparing: Coroutine[Any, Any, StreamSettings]) -> StreamSettings | None:
    """What was prepared; None when told to stop before it was."""
    told, prepares = asyncio.create_task(stopping.wait()), asyncio.create_task(preparing)
    await asyncio.wait({told, prepares}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if prepares.done():
        return prepares.result()
    prepares.cancel()
    await asyncio.gather(prepares, return_exceptions=True)
    return None


async def run_until(stopping: asyncio.Event, app: StreamApp) -> None:
    """Start the app, wait for the signal or its end, and stop it: it leaves the group at once and loses nothing."""
    told = asyncio.create_task(stopping.wait())
    running = asyncio.create_task(_run(app))
    await asyncio.wait({told, running}, return_when=asyncio.FIRST_COMPLETED)
    log.info("stopping", told=told.done())
    await app.stop()
    told.cancel()
    running.cancel()
    outcome = (await asyncio.gather(running, return_exceptions=True))[0]
    reason = app.crash_reason or outcome
    if isinstance(reason, Exception):
        halt("crashed", reason)


async def _run(app: StreamApp) -> None:
    await app.start()
    await app.wait_until_stopped()
