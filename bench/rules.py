"""What the alert rules cost Prometheus: CPU of one evaluation of all of them, those about reps too.

python -m bench.rules [--reps 1000] [--minutes 60]

promtool evaluates the rules of the repository once a minute over a floor that is told to it: one rep in ten has gone
quiet, so that its alerts ring and their texts are made. What reading the rules and beginning costs is measured by a
shorter run, and left out. Storing the samples of each minute is in it, which a server does in any case.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from bench.programs import ROOT

TEAM_SIZE: Final = 10
CHANNELS: Final = ("", "call", "email", "meeting")
RULES: Final = (
    *sorted((ROOT / "prometheus" / "rules").glob("*.yml")),
    ROOT / "prometheus" / "reps" / "reps.yml",
    ROOT / "prometheus" / "alerts.yml",
)
SHORT_MINUTES: Final = 1


def _of(grain: str, who: str, size: int, *, quiet: bool) -> Iterator[tuple[str, float]]:
    """The series of a rep or a team that rules compare, and their values."""
    made, name = (0.4 if quiet else 0.95), f"sales_{grain}_touchpoints"
    yield f"sales_{grain}_working{{{who}}}", 1
    for channel in CHANNELS:
        labels = f'{who},channel="{channel}"' if channel else who
        yield f'{name}_touchpoints{{window="day",{labels}}}', 40 * size * made
        yield f'{name}_touchpoints{{window="rolling_1h",{labels}}}', 8 * size * made
    yield f'{name}_expected_touchpoints{{window="day",{who}}}', 40 * size
    yield f'{name}_pace_ratio{{window="day",{who}}}', made
    yield f'{name}_baseline_touchpoints{{window="rolling_1h",{who}}}', 8 * size
    yield f'{name}_baseline_tail_ratio{{window="rolling_1h",{who}}}', 0.01 if quiet else 0.5


def floor(reps: int) -> Iterator[tuple[str, float]]:
    """Series → its value at every minute."""
    for team in range(0, reps, TEAM_SIZE):
        yield from _of("team", f'team="t{team // TEAM_SIZE}"', TEAM_SIZE, quiet=False)
    for rep in range(reps):
        yield from _of("rep", f'rep_id="r{rep}",team="t{rep // TEAM_SIZE}"', 1, quiet=rep % 10 == 0)


def document(reps: int, minutes: int) -> str:
    """What promtool is told; it fails unless one rep in ten rings for both reasons in the last minute."""
    clock = {
        "sales_exporter_clock_timestamp_seconds": f"0+60x{minutes}",
        "sales_exporter_age_seconds": f"0x{minutes}",
        'sales_source_newest_event_timestamp_seconds{source="/pbx"}': f"0+60x{minutes}",
    }
    series = clock | {name: f"{value}x{minutes}" for name, value in floor(reps)}
    state = "firing" if minutes > SHORT_MINUTES else "pending"
    query = f'count(ALERTS{{alertname=~"Rep.*",alertstate="{state}"}})'
    expected = {"expr": query, "eval_time": f"{minutes}m", "exp_samples": [{"labels": "{}", "value": 2 * (reps // 10)}]}
    test = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [expected],
    }
    return json.dumps({"rule_files": [str(path) for path in RULES], "evaluation_interval": "1m", "tests": [test]})


def cpu_seconds(reps: int, minutes: int) -> float:
    """CPU of promtool; raises CalledProcessError when its alerts are not those that they should be."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "floor.yml")
        path.write_text(document(reps, minutes))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(["promtool", "test", "rules", str(path)], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reps", type=int, default=1000)
    parser.add_argument("--minutes", type=int, default=60)
    asked = parser.parse_args(arguments)
    took = cpu_seconds(asked.reps, asked.minutes) - cpu_seconds(asked.reps, SHORT_MINUTES)
    each = 1000 * took / (asked.minutes - SHORT_MINUTES)
    print(f"{asked.reps} reps, {sum(1 for _ in floor(asked.reps))} series: {each:.0f} ms of CPU an evaluation")


if __name__ == "__main__":
    main()
