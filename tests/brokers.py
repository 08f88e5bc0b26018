"""Brokers for tests: fixtures `kafka` (one), `cluster` (three) and `embedded`, each started once in a session."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]


class Cluster(NamedTuple):
    """Three brokers: bootstrap servers, and the folder with their process ids."""

    bootstrap: str
    folder: Path

    def kill(self, broker: int) -> None:
        """Kill a broker, 1 to 3; it comes back after five seconds."""
        os.kill(int((self.folder / f"broker-{broker}" / "pid").read_text()), signal.SIGKILL)


@contextmanager
def broker(*command: str) -> Iterator[str]:
    """Run a broker script in the foreground of another process; yields what its first line says: the bootstrap
    servers.
    """
    with subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            bootstrap = process.stdout.readline().strip()
            assert bootstrap, f"{' '.join(command)} did not start; what it said is above"
            yield bootstrap
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def kafka() -> Iterator[str]:
    """Bootstrap servers of one Apache Kafka broker."""
    with broker("scripts/kafka.py") as bootstrap:
        yield bootstrap


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three Apache Kafka brokers that may be killed."""
    folder = tmp_path_factory.mktemp("kafka")
    with broker("scripts/kafka.py", "--brokers", "3", "--dir", str(folder)) as bootstrap:
        yield Cluster(bootstrap, folder)


@pytest.fixture(scope="session")
def embedded() -> Iterator[str]:
    """Bootstrap server of the embedded broker, which has no transactions."""
    with broker("-m", "scripts.mesh") as bootstrap:
        yield bootstrap
