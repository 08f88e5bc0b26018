"""Programs that a measurement starts: a broker, workers; what they say, what CPU and memory they took."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from resource import getpagesize
from typing import Final

from floorpulse.demo.tether import tethered

LOOPBACK: Final = "127.0.0.1:"
ROOT: Final = Path(__file__).resolve().parents[1]
START_SECONDS: Final = 90.0
STOP_SECONDS: Final = 5.0
LOOK_SECONDS: Final = 0.01


class Program:
    """A program that runs, and what it printed so far on both of its outputs."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self._process, self._output = process, output

    def said(self) -> str:
        """Everything it printed."""
        return self._output.read_text(errors="replace")

    def until(self, sign: str) -> str:
        """Wait until a whole line that holds `sign` was printed; the first such line. Raises RuntimeError."""
        ends = time.monotonic() + START_SECONDS
        while True:
            for line in self.said().splitlines(keepends=True):
                if sign in line and line.endswith("\n"):
                    return line.strip()
            self.check()
            if time.monotonic() > ends:
                raise RuntimeError(f"{self._process.args!r} did not say {sign!r}:\n{self.said()[-4000:]}")
            time.sleep(LOOK_SECONDS)

    def check(self) -> None:
        """Raise RuntimeError with its last words when it ended."""
        if self._process.poll() is not None:
            raise RuntimeError(f"{self._process.args!r} ended with {self._process.returncode}:\n{self.said()[-4000:]}")

    def tell(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def cpu_seconds(self) -> float:
        """CPU it has taken, all its threads together."""
        after_name = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self) -> int:
        """Its memory now."""
        return int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]) * getpagesize()


@contextmanager
def running(*command: str, environment: Mapping[str, str] | None = None) -> Iterator[Program]:
    """A program that ends with the measurement, however that ends."""
    with tempfile.TemporaryDirectory(prefix="floorpulse-bench-") as folder:
        output = Path(folder) / "output"
        with (
            output.open("wb") as out,
            subprocess.Popen(
                tethered(command),
                cwd=ROOT,
                env={**os.environ, **(environment or {})},
                stdout=out,
                stderr=subprocess.STDOUT,
            ) as process,
        ):
            try:
                yield Program(process, output)
            finally:
                _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to stop, and see to it."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


@contextmanager
def kafka() -> Iterator[str]:
    """Bootstrap servers of one Apache Kafka broker of its own."""
    with running(sys.executable, "scripts/kafka.py") as broker:
        yield address(broker.until(LOOPBACK))


def address(line: str) -> str:
    """The addresses that a line ends with: Maven, the first time, leaves codes of colours before them."""
    return line[line.index(LOOPBACK) :]
