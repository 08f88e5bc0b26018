"""Run an exporter: follow and serve until told to stop, or until what is followed cannot be trusted."""

from __future__ import annotations

import asyncio
import errno
import signal
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from aiohttp import web

SHUTDOWN_SECONDS: Final = 5.0
"""What is being answered gets this long after a signal."""

log = structlog.get_logger()


class AddressError(Exception):
    """The address cannot be listened on; the text says what to do."""


async def serve(
    application: web.Application,
    follow: Callable[[], Awaitable[None]],
    host: str,
    port: int,
    announce: Callable[[str], None],
) -> None:
    """Serve `application` and run `follow` beside it until SIGTERM or SIGINT.

    `announce` is told the base URL once it answers; port 0 takes a free one. Raises AddressError, and whatever `follow`
    raises, as soon as it does.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        announce(await _listen(runner, host, port))
        await _until_stopped(stop, follow)
    finally:
        await runner.cleanup()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


async def _listen(runner: web.AppRunner, host: str, port: int) -> str:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            remedy = "give another --port, or 0 for any free one"
            raise AddressError(f"port {port} of {host} is in use: {remedy}") from None
        raise AddressError(f"cannot listen on {host} port {port} ({error}): give another --host or --port") from None
    address = runner.addresses[0]
    shown = f"[{address[0]}]" if ":" in address[0] else address[0]
    return f"http://{shown}:{address[1]}"


async def _until_stopped(stop: asyncio.Event, follow: Callable[[], Awaitable[None]]) -> None:
    following = asyncio.ensure_future(follow())
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({following, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if following.done():
            following.result()
        log.info("exporter_stops")
    finally:
        for task in (following, stopping):
            task.cancel()
        await asyncio.gather(following, stopping, return_exceptions=True)
