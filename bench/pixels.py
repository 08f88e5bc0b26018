"""From an event to the screen: a call is heard, and the Leaderboard in a real browser shows one touchpoint more.

    python -m bench.pixels --interval 1 --events 60

Prometheus scrapes the site of a real exporter every `interval` seconds, the board refreshes as often; each event comes
at a chance moment. Measured from the moment the exporter hears of the event until the browser has drawn the new number:
what Kafka and a worker take before is measured by bench.live. The board is drawn by Grafana's libraries (tests/boards).
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from scripts.boards.boards import FOLDER
from tests.boards import demo_floor
from tests.boards.browser import chromium, drawn
from tests.boards.floors import exporting
from tests.boards.prometheus_server import scraping
from tests.boards.renderer import serving
from tests.brokers import ROOT
from tests.statements import spoke

SHOWS = """(wanted) => [...document.querySelectorAll('[data-viz-panel-key="panel-1"] span')]
  .some((each) => each.textContent.trim() === wanted)"""
PATIENCE_MS = 60_000


def measured(interval_seconds: int, events: int, reps: int, seed: int) -> list[float]:
    """Seconds from hearing to drawing, of each event."""
    chance = random.Random(seed)
    seconds: list[float] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        exporter = stack.enter_context(exporting(demo_floor.crowd(reps)))
        exporter.at(demo_floor.CROWD_NOW)
        prometheus = stack.enter_context(scraping(folder, exporter, f"{interval_seconds}s"))
        site = stack.enter_context(serving(prometheus.url, ROOT / FOLDER))
        browser = stack.enter_context(chromium())
        board = stack.enter_context(drawn(browser, site, "leaderboard", refresh=f"{interval_seconds}s"))
        (first, *_) = prometheus.ask('sum(sales_team_touchpoints_touchpoints{window="day", channel=""})')
        shown = int(first["value"][1])
        for number in range(events):
            time.sleep(chance.uniform(0, interval_seconds))
            line = spoke(f"bench-{number}", "2026-03-12 14:00", "rep-000", phone=f"+3130{number:07}")
            began = time.perf_counter()
            exporter.hear(line)
            shown += 1
            board.page.wait_for_function(SHOWS, arg=str(shown), polling="raf", timeout=PATIENCE_MS)
            seconds.append(time.perf_counter() - began)
    return seconds


def quantile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * 1_000) * len(ordered) // 1_000) - 1)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interval", type=int, default=1, help="seconds between scrapes, and between refreshes")
    parser.add_argument("--events", type=int, default=60)
    parser.add_argument("--reps", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    seconds = measured(chosen.interval, chosen.events, chosen.reps, chosen.seed)
    print(
        json.dumps(
            {
                "interval_seconds": chosen.interval,
                "events": chosen.events,
                "reps": chosen.reps,
                "p50_seconds": round(quantile(seconds, 0.5), 2),
                "p99_seconds": round(quantile(seconds, 0.99), 2),
                "worst_seconds": round(max(seconds), 2),
                "python": platform.python_version(),
            }
        )
    )


if __name__ == "__main__":
    main()
