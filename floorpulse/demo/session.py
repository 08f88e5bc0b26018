"""A demo from start to end, whatever ends it."""

import asyncio
import os
import signal
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

import aiohttp
from aiokafka.errors import KafkaError

from floorpulse.demo import mesh
from floorpulse.demo.parts import PartEndedError, Parts
from floorpulse.demo.play import Options, Play
from floorpulse.demo.screen import Screen
from floorpulse.demo.sweeper import swept_folder
from floorpulse.errors import UserError

BLAME_SECONDS: Final = 2.0
"""How long a failed conversation with a program may wait for the news that the program is gone."""


async def session(options: Options, screen: Screen) -> None:
    """Run a demo until a signal, or until one of its programs ends by itself, which is a UserError."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in signals:
        loop.add_signal_handler(number, stop.set)
    try:
        async with AsyncExitStack() as stack:
            folder = await stack.enter_async_context(swept_folder())
            config = stack.enter_context(as_file(files("floorpulse.demo") / "floor.toml"))
            address = f"127.0.0.1:{mesh.free_port()}"
            parts = await stack.enter_async_context(Parts(environment(folder, address)))
            stack.enter_context(screen)
            await _until_any(stop, parts, Play(options, parts, config, address, screen).run())
            screen.say("Stopping.")
    except mesh.MeshError as error:
        raise UserError(str(error)) from None
    except PartEndedError as error:
        raise UserError(f"{error}\nThe demo stopped as a whole and left nothing behind.") from None
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


def environment(folder: Path, address: str) -> dict[str, str]:
    """The environment of the demo's programs: none of the person's own settings, and all files in one folder."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FLOORPULSE_")}
    return {
        **inherited,
        "FLOORPULSE_KAFKA_BOOTSTRAP_SERVERS": address,
        "TMPDIR": str(folder),
        "PYTHONUNBUFFERED": "1",
    }


async def _until_any(stop: asyncio.Event, parts: Parts, demo: Coroutine[None, None, None]) -> None:
    """Run the demo until it is done, told to stop, or has lost a program."""
    running = asyncio.ensure_future(demo)
    stopping = asyncio.ensure_future(stop.wait())
    losing = asyncio.ensure_future(parts.any_end())
    tasks = [running, stopping, losing]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if running.done() and isinstance(running.exception(), aiohttp.ClientError | KafkaError):
            await asyncio.wait([losing], timeout=BLAME_SECONDS)
        if losing.done() and not stopping.done():
            raise losing.result()
        if running.done():
            running.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
