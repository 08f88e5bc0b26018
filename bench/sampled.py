"""Which stage the CPU of a process goes to, by sampling: every so often the stack is looked at, and the innermost
function of a known stage counts. Costs about one percent, and favours no function for being short.

python -m bench.sampled FILE COMMAND…: run a command of floorpulse, such as `worker`, and write FILE when it is told to
stop: JSON of stage → samples. SIGUSR1 has it begin anew, once what is to be measured begins.
"""

from __future__ import annotations

import json
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Final

from floorpulse.cli import main as floorpulse

EVERY_SECONDS: Final = 0.001
OTHER: Final = "all else"
STAGES: Final[Mapping[str, str]] = {
    "kpi_state/decode.py": "decode an event",
    "kpi_state/refusal.py": "decode an event",
    "streams/routing.py": "route: which partition is home",
    "bench/stages.py:home": "route: which partition is home",
    "kpi_state/links.py:routing_key": "route: which partition is home",
    "kpi_state/facts.py:merge": "merge its facts",
    "kpi_state/rows.py:decode_row": "decode the row that was",
    "kpi_state/evaluate.py:evaluate": "evaluate: views and links",
    "kpi_state/entities/": "evaluate: views and links",
    "kpi_state/kpis/": "contributions",
    "kpi_state/measures/": "contributions",
    "kpi_state/quality.py": "contributions",
    "kpi_state/evaluate.py:difference": "contributions",
    "kpi_state/apply.py": "settle: touch, difference, send, receive",
    "kpi_state/trees.py": "settle: touch, difference, send, receive",
    "kpi_state/rows.py:encode_row": "encode the row that is",
    "kpi_state/rows.py:encode_shelf": "encode the row that is",
    "kpi_state/links.py:encode_link": "encode the row that is",
    "kpi_state/tallies.py": "add to the tallies",
    "streams/work.py": "take records, count sources",
    "streams/counters.py": "take records, count sources",
    "streams/commit.py": "commit: write and wait for the brokers",
    "streams/tables.py": "commit: write and wait for the brokers",
    "aiokafka/producer/": "commit: write and wait for the brokers",
    "aiokafka/record/": "commit: write and wait for the brokers",
    "aiokafka/": "talk to the brokers",
    "selectors.py": "another thread: fetch and unpack",
}
"""Part of a path, with or without the name of a function → stage; the first that fits counts."""


class Sampler:
    """Counts samples by stage while `sampling`."""

    def __init__(self) -> None:
        self.samples: Counter[str] = Counter()
        self._known: dict[CodeType, str | None] = {}

    def look(self, _signal: int, frame: FrameType | None) -> None:
        """Count one sample."""
        while frame is not None:
            code = frame.f_code
            if code not in self._known:
                self._known[code] = stage_of(code.co_filename, code.co_name)
            if (stage := self._known[code]) is not None:
                self.samples[stage] += 1
                return
            frame = frame.f_back
        self.samples[OTHER] += 1

    @contextmanager
    def sampling(self) -> Iterator[None]:
        """Look at the main thread whenever the process has used so much CPU."""
        before = signal.signal(signal.SIGPROF, self.look)
        signal.setitimer(signal.ITIMER_PROF, EVERY_SECONDS, EVERY_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)


def stage_of(path: str, function: str) -> str | None:
    """The stage of a function; None when its caller's counts."""
    whole = f"{path}:{function}"
    return next((stage for part, stage in STAGES.items() if _fits(part, whole)), None)


def _fits(part: str, whole: str) -> bool:
    if part.endswith("/"):
        return f"/{part}" in whole
    return f"/{part}:" in whole or whole.endswith(f"/{part}")


def table(samples: Mapping[str, int], total_us: float) -> list[str]:
    """µs of each stage, which add up to `total_us`."""
    count = sum(samples.values())
    order = [*dict.fromkeys([*STAGES.values(), OTHER])]
    return [
        f"{stage:42} {total_us * samples[stage] / count:6.1f} µs  {100 * samples[stage] / count:4.0f} %"
        for stage in order
        if samples.get(stage)
    ]


def main() -> None:
    """Run a command of floorpulse and write what was sampled."""
    file, *command = sys.argv[1:]
    sys.argv = ["floorpulse", *command]
    sampler = Sampler()
    signal.signal(signal.SIGUSR1, lambda *_: sampler.samples.clear())
    try:
        with sampler.sampling():
            floorpulse()
    finally:
        Path(file).write_text(json.dumps(sampler.samples))


if __name__ == "__main__":
    main()
