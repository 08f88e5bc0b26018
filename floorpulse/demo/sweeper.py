"""A folder that is gone when its user is, however the user went: `python -m floorpulse.demo.sweeper`.

Makes a folder, says where, waits until its standard input ends, which happens when nobody holds the other end any more,
and removes the folder.
"""

import asyncio
import contextlib
import shutil
import signal
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

PATIENCE_SECONDS: Final = 10.0
"""How long programs that are dying may still write into the folder."""


@asynccontextmanager
async def swept_folder() -> AsyncIterator[Path]:
    """An empty folder, removed on the way out and also when this process is killed."""
    sweeper = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "floorpulse.demo.sweeper"), stdin=PIPE, stdout=PIPE, start_new_session=True
    )
    try:
        assert sweeper.stdout is not None
        yield Path((await sweeper.stdout.readline()).decode().rstrip("\n"))
    finally:
        assert sweeper.stdin is not None
        sweeper.stdin.close()
        await sweeper.wait()


def sweep(folder: Path) -> None:
    """Remove a folder, again where something was still written into it."""
    until = time.monotonic() + PATIENCE_SECONDS
    while folder.exists() and time.monotonic() < until:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.05)


def main() -> None:
    """Make, wait, remove."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # whoever uses the folder decides
    folder = Path(tempfile.mkdtemp(prefix="floorpulse-demo-"))
    with contextlib.suppress(BrokenPipeError):
        print(folder, flush=True)  # noqa: T201 - the other end waits for it
    sys.stdin.buffer.read()
    sweep(folder)


if __name__ == "__main__":
    main()
