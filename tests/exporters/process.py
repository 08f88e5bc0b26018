"""The command `floorpulse exporter`, run as people run it."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from aiohttp import ClientSession

from tests.brokers import ROOT


class Exporter:
    """A running exporter: what it announced, and what it answers."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        assert process.stdout is not None
        self.process, self.log = process, log
        self.announced = process.stdout.readline()
        assert self.announced, log.read_text()
        self.url = self.announced.removeprefix("floorpulse exporter: ").strip()

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """Status and body."""
        async with ClientSession(headers=headers) as client, client.get(self.url + path) as answer:
            return answer.status, await answer.read()

    async def ready(self) -> None:
        while (await self.get("/readyz"))[0] != 200:
            assert self.process.poll() is None, self.log.read_text()
            await asyncio.sleep(0.05)

    async def ended(self) -> tuple[int, list[str]]:
        """Exit code, and what it said."""
        while self.process.poll() is None:
            await asyncio.sleep(0.05)
        return self.process.returncode, self.log.read_text().splitlines()


@contextmanager
def exporter(folder: Path, environment: Mapping[str, str], *options: str) -> Iterator[Exporter]:
    """An exporter on a free port; its log goes to `folder`. Killed in the end."""
    command = [sys.executable, "-m", "floorpulse", "exporter", "--port", "0", *options]
    log = folder / "exporter.log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        try:
            yield Exporter(process, log)
        finally:
            process.kill()
