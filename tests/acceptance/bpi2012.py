"""The real sales desk that lies beside the repository: its events, and the figures others computed from its log."""

import json
import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.abilities import REAL_DATA
from tests.brokers import ROOT

FOLDER = REAL_DATA / "bpi2012"
END = "2012-03-14T15:04:54.681Z"
SETTINGS = {"FLOORPULSE_DEFINITIONS_ORGANISATION_TIMEZONE": "Europe/Amsterdam"}
"""What the data's README says to run it with."""


@lru_cache(1)
def expected() -> dict[str, Any]:
    """The figures."""
    figures: dict[str, Any] = json.loads((FOLDER / "expected.json").read_bytes())
    return figures


def write_events(path: Path) -> None:
    """The log as events, one a line, in time order."""
    with path.open("wb") as out:
        subprocess.run([sys.executable, str(FOLDER / "to_events.py")], stdout=out, check=True)


def replayed(path: Path, as_of: str = END) -> bytes:
    """What `floorpulse replay` prints of a file."""
    command = [sys.executable, "-m", "floorpulse", "replay", str(path), "--as-of", as_of]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **SETTINGS}, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b""), done.stderr.decode()
    return done.stdout


class Number(NamedTuple):
    """A sample of the JSON, without its name."""

    parts: dict[str, float]
    value: float | None


class Figures:
    """The samples of a document, by KPI and window."""

    def __init__(self, document: bytes) -> None:
        self.input: dict[str, int]
        self._samples: list[dict[str, Any]]
        whole = json.loads(document)
        self.input, self._samples = whole["input"], whole["samples"]

    def of(self, kpi: str, grain: str, window: str, **labels: str) -> dict[tuple[str, str], Number]:
        """(key, bucket) → number, of one KPI, grain and window with exactly these labels."""
        return {
            (each["key"], each["bucket"]): Number(each["parts"], each["value"])
            for each in self._samples
            if (each["kpi"], each["grain"], each["window"], each["labels"]) == (kpi, grain, window, labels)
        }
