"""Every measurement of docs/performance.md, one after the other: python -m bench [--full] [NAME…].

Small sizes show in a few minutes that everything runs; `--full` takes about half an hour and is what the page is
written from. Above each stands the load of the machine: ratios of one run say more than its seconds. NAME is a module
of bench/.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Final

from bench.programs import ROOT

NO_MEASUREMENTS: Final = frozenset({"sampled"})
"""Modules with a `main` that measures nothing by itself."""
SIZES: Final[Mapping[str, tuple[str, str]]] = {
    "stages": ("--events 20000 --worker", "--events 100000 --worker"),
    "against": ("--events 5000 --rounds 1", "--events 100000 --rounds 2"),
    "visible": ("--rates 500 --seconds 3", "--rates 500,1000,5000 --seconds 15"),
    "wall": ("--rates 20 --seconds 3", "--rates 20,500 --seconds 20"),
    "live": ("--rate 500 --seconds 3", "--rate 500 --seconds 15"),
    "follow": ("--events 5000", "--events 100000"),
    "replay": ("--events 20000", "--events 1000000"),
    "fanin": ("--many 300 --repeat 20", ""),
    "memory": ("--contacts 500", "--contacts 9000"),
    "read_model": ("--reps 100", ""),
    "alerting": ("--reps 10 --weeks 2", ""),
    "reader": ("--reps 20 --days 10", ""),
    "rules": ("--reps 50 --minutes 30", ""),
    "explain": ("--events 3000", ""),
}
"""Module → its options in small size, and in full; a module that is not here has neither."""


def measurements() -> list[str]:
    """Modules that measure, those named above first."""
    others = [path.stem for path in sorted((ROOT / "bench").glob("[a-z]*.py")) if "def main(" in path.read_text()]
    return [name for name in dict.fromkeys([*SIZES, *others]) if name in others and name not in NO_MEASUREMENTS]


def commands(names: Sequence[str], *, full: bool) -> dict[str, list[str]]:
    """Module → the command that measures."""
    sizes = {name: SIZES.get(name, ("", ""))[full] for name in names or measurements()}
    return {name: ["-m", f"bench.{name}", *size.split()] for name, size in sizes.items()}


def load() -> str:
    """How busy this machine is."""
    return f"load {', '.join(f'{each:.1f}' for each in os.getloadavg())} on {os.cpu_count()} cores"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run them; how many failed."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(measurements()))
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args(arguments)
    if unknown := set(options.names).difference(measurements()):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(measurements())}")
    failed = 0
    for name, command in commands(options.names, full=options.full).items():
        print(f"\n## {name}: python {' '.join(command)}  ({load()})\n", flush=True)
        failed += subprocess.run([sys.executable, *command], cwd=ROOT, check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
