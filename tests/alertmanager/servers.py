"""Alertmanager as a process on loopback."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from aiohttp import ClientConnectionError, ClientSession


@contextmanager
def running(*command: str) -> Iterator[None]:
    """A process for as long as it is needed."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


async def answers(url: str) -> None:
    """Wait until a server is ready."""
    while True:
        try:
            async with ClientSession() as client:
                if (await client.get(url)).ok:
                    return
        except ClientConnectionError:
            pass
        await asyncio.sleep(0.1)


@asynccontextmanager
async def alertmanager_at(folder: Path, port: int) -> AsyncIterator[str]:
    """Alertmanager with the configuration in `folder`, ready; its URL."""
    url = f"http://127.0.0.1:{port}"
    options = (
        f"--config.file={folder / 'alertmanager.yml'}",
        f"--storage.path={folder / 'told'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    )
    with running("prometheus-alertmanager", *options):
        await answers(f"{url}/-/ready")
        yield url


def write(folder: Path, texts: dict[str, str]) -> None:
    """Texts by path."""
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
