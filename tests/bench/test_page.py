"""What is measured is right: the page has what `prometheus_client` says of the same floor, and the work was done."""

import re

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest

from bench import page
from exporters.page import LEFT_OUT
from tests.exporters.test_prometheus import numbers

BESIDE = ("_info", "_working", "_absent", "_reps", "_baseline_", "_baseline", LEFT_OUT.name)


def compared(floor: page.Floor, now: int = page.NOW) -> int:
    """How many series both pages have, which must be the same."""
    pages = floor.page(floor.look(now))
    registry = CollectorRegistry()
    registry.register(page.Everything(floor.shown))
    found = {key: value for text in pages for key, value in numbers(text).items()}
    ours = {key: value for key, value in found.items() if not any(part in key[0] for part in BESIDE)}
    assert ours == numbers(generate_latest(registry))
    return len(ours)


def test_both_ways_say_the_same_of_the_same_floor() -> None:
    floor = page.Floor(12)
    floor.happen(floor.reps, 1)

    assert compared(floor) > 12 * 100


def test_one_in_twenty_reps_changes_one_in_twenty_series_of_reps() -> None:
    floor = page.Floor(40)
    floor.happen(floor.reps, 1)
    before = numbers(floor.page(floor.look(page.NOW))[1])
    floor.happen(floor.reps[:: round(1 / page.DIRTY)], 2)
    after = numbers(floor.page(floor.look(page.NOW))[1])

    changed = [key for key, value in after.items() if before[key] != value]
    assert after.keys() == before.keys()
    assert {dict(labels)["rep_id"] for _, labels in changed} == {"rep-000000", "rep-000020"}
    assert 0.03 < len(changed) / len(after) <= page.DIRTY
    assert compared(floor) > 40 * 100


def test_a_line_is_said_of_every_way_and_of_the_other_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "ROUNDS", 2)
    lines = list(page.run(20))

    assert re.fullmatch(r"[0-9,]+ series, [0-9.]+ MB, gzip [0-9.]+ MB", lines[0])
    assert [
        re.sub(r": look [0-9.]+.* ms \+ page [0-9.]+.* ms = [0-9.]+.* ms; gzip level 1 [0-9.]+.* ms$", "", line)
        for line in lines[1:7]
    ] == [
        "first, from published rows",
        "cold: every number is another",
        "5 % of the reps: all their numbers are others",
        "nothing changed",
        "nothing but the clock: ages",
        "5 % of the reps, and the clock",
    ]
    assert re.fullmatch(
        r"5 % of the reps within 5 seconds, looked at every second: looks [0-9.]+.* ms, "
        r"of which the last [0-9.]+.* ms; page [0-9.]+.* ms",
        lines[7],
    )
    assert re.fullmatch(
        r"/api/kpis: [0-9.]+.* ms while others wait, [0-9.]+.* ms in all; by the reader [0-9.]+.* ms", lines[8]
    )
    assert re.fullmatch(
        r"prometheus_client\.generate_latest of the same series: [0-9.]+ \([0-9.]+ - [0-9.]+\) ms", lines[9]
    )
