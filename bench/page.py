"""CPU milliseconds that pages for Prometheus take, beside `prometheus_client.generate_latest` of the same series.

python -m bench.page [--reps 1050]

A floor of so many reps in teams of ten, with calls, leads, contacts and open leads of each: at 1,050 reps some 140,000
series in the current windows. `look` is what the numbers that changed cost to count again and to evaluate, `page` what
their lines and the bytes of both pages cost then; Prometheus waits for both, unless somebody looked before: an exporter
looks every second (`exporters/ahead.py`). CPU time, since machines are shared; the garbage collector is off.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from statistics import median
from typing import Final, NamedTuple

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from exporters.metrics import family, part_figure, value_figure
from exporters.mirror import Mirror
from exporters.page import Page
from exporters.privacy import Disguise
from exporters.scrape import gzipped
from exporters.shown import Shown
from kpi_state.buckets import Cell
from kpi_state.definitions import Limits, Privacy, ReadSettings
from kpi_state.evaluate import WIDTHS
from kpi_state.events import decode
from kpi_state.facts import merge
from kpi_state.measures.registry import BY_STEM
from kpi_state.published import encode_group, encode_sums, locate
from kpi_state.read.document import Input, document
from kpi_state.read.sample import sampled
from kpi_state.read.samples import Reader
from kpi_state.rows import Row, encode_row, key_of

NOW: Final = 1_717_689_585_000_000  # 2024-06-06T15:59:45Z
QUARTER: Final = NOW // 900_000_000
ROUNDS: Final = 7
SCRAPE_SECONDS: Final = 5
TEAM: Final = 10
DIRTY: Final = 0.05
CHANNELS: Final = ("call", "email", "meeting")


class Measured(NamedTuple):
    """Milliseconds of what was done so and so often."""

    what: str
    look: list[float]
    page: list[float]
    gzip: list[float]


class Floor:
    """A floor as an exporter follows it."""

    def __init__(self, reps: int) -> None:
        self.reps = [f"rep-{n:06}" for n in range(reps)]
        self.mirror = Mirror(Reader(ReadSettings(targets={})), "")
        self.shown = Shown(Disguise(Privacy(rep_labels="ids")), Limits())
        self.pages = (Page(("team", "org")), Page(("rep",)))
        for n, rep in enumerate(self.reps):
            self.mirror.roster(0, key_of("rep", rep), _member(rep, f"Team {n // TEAM:04}"))

    def happen(self, reps: Iterable[str], times: int) -> None:
        """Something happened to all numbers of these reps, for the nth time."""
        for rep in reps:
            for (measure, _, bucket, labels), amounts in _cells(rep, times):
                group, place = locate((measure, rep, bucket, labels))
                self.mirror.tally(0, encode_group(group), encode_sums(WIDTHS[measure], {place: amounts}))

    def look(self, now: int) -> int:
        """Count and evaluate what changed."""
        return self.shown.look(self.mirror, now)

    def page(self, version: int) -> list[bytes]:
        """Both pages."""
        for page in self.pages:
            page.follow(self.shown, version)
        return [page.text({}, Limits().series) for page in self.pages]


def _member(rep: str, team: str) -> bytes:
    row = Row()
    event = (
        f'{{"specversion":"1.0","type":"hr.rep.v1","source":"/hr","id":"{rep}","subject":"{rep}",'
        f'"time":"2024-01-01T00:00:00Z","data":{{"team":"{team}"}}}}'
    )
    merge(row, decode(event.encode()))
    return encode_row("rep", row)


def _cells(rep: str, times: int) -> Iterator[tuple[Cell, tuple[int, ...]]]:
    now = ("Q", QUARTER, 0)
    for channel in CHANNELS:
        yield ("touchpoints", rep, now, (channel,)), (times, times + 1, times * 61_000_000)
    yield ("leads_created", rep, now, ("fair",)), (times,)
    yield ("lead_source", rep, now, ()), (times, times, 1)
    yield ("contact_to_lead", rep, now, ()), (times + 2, times)
    yield ("lead_conversion", rep, now, ()), (times + 2, times)
    yield ("open_lead_age", rep, ("X", NOW - 86_400_000_000 - times, 0), ()), (1,)


class Everything(Collector):
    """What is shown, as `prometheus_client` wants it."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """All families."""
        found: defaultdict[tuple[str, str, tuple[str, ...]], list[tuple[list[str], float]]] = defaultdict(list)
        for place, sample in self._shown.samples.items():
            kpi = BY_STEM[place.kpi]
            team = self._shown.people[place.key].team if place.key in self._shown.people else ""
            who = {"rep": {"rep_id": place.key, "team": team}, "team": {"team": place.key}, "org": {}}[place.grain]
            labels = {**who, "window": place.window, **sample.labels}
            said = [(part_figure(part), number) for part, number in sample.parts.items()]
            if (value := value_figure(kpi, sample.parts)) is not None and sample.value is not None:
                said.append((value, sample.value))
            for figure, number in said:
                each = family(kpi, place.grain, figure)
                found[each.name, each.help, tuple(labels)].append((list(labels.values()), number * figure.factor))
        for (name, text, names), samples in found.items():
            made = GaugeMetricFamily(name, text, labels=list(names))
            for values, number in samples:
                made.add_metric(values, number)
            yield made


def measure(floor: Floor, happen: Callable[[int], int], what: str, rounds: int | None = None) -> Measured:
    """What it costs to show what `happen(round)` did; it returns the instant."""
    found = Measured(what, [], [], [])
    for n in range(rounds or ROUNDS):
        now = happen(n)
        gc.collect()
        began = time.process_time()
        version = floor.look(now)
        looked = time.process_time()
        pages = floor.page(version)
        made = time.process_time()
        for page in pages:
            gzipped(page)
        done = time.process_time()
        for times, seconds in ((found.look, looked - began), (found.page, made - looked), (found.gzip, done - made)):
            times.append(seconds * 1_000)
    return found


def ahead(floor: Floor, dirty: list[str], happen: Callable[[list[str], int], int]) -> str:
    """The line about looking every second at what arrived, though the page is fetched every SCRAPE_SECONDS."""
    every: list[float] = []
    last: list[float] = []
    pages: list[float] = []
    now, version = NOW + 2 * ROUNDS, 0
    for _ in range(ROUNDS):
        looks: list[float] = []
        for part in range(SCRAPE_SECONDS):
            now = happen(dirty[part::SCRAPE_SECONDS], now + 1)  # to the next hour it is 15 seconds
            gc.collect()
            began = time.process_time()
            version = floor.look(now)
            looks.append((time.process_time() - began) * 1_000)
        began = time.process_time()
        floor.page(version)
        pages.append((time.process_time() - began) * 1_000)
        every.append(sum(looks))
        last.append(looks[-1])
    return (
        f"5 % of the reps within {SCRAPE_SECONDS} seconds, looked at every second: looks {_said(every)} ms, "
        f"of which the last {_said(last)} ms; page {_said(pages)} ms"
    )


def told(floor: Floor, now: int) -> str:
    """The line about `/api/kpis`: from the picture that everybody is shown, and as the reader would make it."""
    held: list[float] = []
    whole: list[float] = []
    anew: list[float] = []
    for _ in range(ROUNDS):
        gc.collect()
        began = time.process_time()
        numbers = dict(floor.shown.current())
        taken = time.process_time()
        document(now, Input(0, 0, 0), [sampled(slot, numbers[slot]) for slot in sorted(numbers)])
        done = time.process_time()
        document(now, Input(0, 0, 0), floor.mirror.rows.samples(now, current=True, supporting=True))
        anew.append((time.process_time() - done) * 1_000)
        held.append((taken - began) * 1_000)
        whole.append((done - began) * 1_000)
    return f"/api/kpis: {_said(held)} ms while others wait, {_said(whole)} ms in all; by the reader {_said(anew)} ms"


def run(reps: int) -> Iterator[str]:
    """A line for each thing measured."""
    floor = Floor(reps)
    dirty = floor.reps[:: round(1 / DIRTY)]
    times = iter(range(1, 1_000))

    def some(who: list[str], now: int = NOW) -> int:
        floor.happen(who, next(times))
        return now

    ways = [
        measure(floor, lambda _: some(floor.reps), "first, from published rows", 1),
        measure(floor, lambda _: some(floor.reps), "cold: every number is another"),
        measure(floor, lambda _: some(dirty), "5 % of the reps: all their numbers are others"),
        measure(floor, lambda _: NOW, "nothing changed"),
        measure(floor, lambda n: NOW + n + 1, "nothing but the clock: ages"),
        measure(floor, lambda n: some(dirty, NOW + ROUNDS + n + 1), "5 % of the reps, and the clock"),
    ]
    looked_ahead = ahead(floor, dirty, some)
    pages = floor.page(floor.look(NOW + 1_000))
    series = sum(page.shown for page in floor.pages)
    small = sum(len(gzipped(page)) for page in pages)
    yield f"{series:,} series, {sum(map(len, pages)) / 1e6:.1f} MB, gzip {small / 1e6:.2f} MB"
    for way in ways:
        both = [look + page for look, page in zip(way.look, way.page, strict=True)]
        yield (
            f"{way.what}: look {_said(way.look)} ms + page {_said(way.page)} ms = {_said(both)} ms; "
            f"gzip level 1 {_said(way.gzip)} ms"
        )
    yield looked_ahead
    yield told(floor, NOW + 1_000)
    registry = CollectorRegistry()
    registry.register(Everything(floor.shown))
    latest: list[float] = []
    for _ in range(3):
        gc.collect()
        began = time.process_time()
        generate_latest(registry)
        latest.append((time.process_time() - began) * 1_000)
    yield f"prometheus_client.generate_latest of the same series: {_said(latest)} ms"


def _said(times: list[float]) -> str:
    return f"{median(times):.1f} ({min(times):.1f} - {max(times):.1f})" if len(times) > 1 else f"{times[0]:.0f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reps", type=int, default=1_050)
    reps = parser.parse_args().reps
    gc.collect()
    gc.disable()
    for line in run(reps):
        print(line, flush=True)


if __name__ == "__main__":
    main()
