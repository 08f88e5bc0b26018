"""CPU time of saying who contributes to a number: of the exporter that asks, and of a worker that has all rows.

python -m bench.explain [--events 40000] [--reps 0 --contacts 13500] [--partitions 1] [--most 50] [--replay]

On the demo floor, or with --reps on an organisation of so many, each of whom has five new contacts a day (bench/memory
says what happens to one: some 25 rows). 300 reps have 330,000 rows after 13,500 contacts, in nine days. What
only an exporter's first question costs is told apart. --replay explains a number from the events, too.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from os import getloadavg

from bench.memory import Floor
from bench.stages import Core, lines
from exporters.api.explained import MOST_CELLS, SOME_CELLS
from floorpulse.cli import core as compiled_or_not
from kpi_state.apply import fingerprint
from kpi_state.definitions import Definitions, ReadSettings
from kpi_state.events import decode
from kpi_state.explain.asking import Ask, Told, decode_ask, decode_told, differences, encode_ask, encode_told, question
from kpi_state.explain.cells import some_cells
from kpi_state.explain.contributions import measured
from kpi_state.explain.explain import explain
from kpi_state.explain.question import Question, slot_of
from kpi_state.explain.sought import Sought
from kpi_state.explain.telling import tell
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.sample import Sample
from kpi_state.read.samples import Reader
from streams.garbage import set_aside

CONTACTS_A_REP = 5
AT_ONCE = 100_000
"""Events in memory at a time."""
ASKED = (
    ("touchpoints", "rep", "day"),
    ("touchpoints", "rep", "month"),
    ("touchpoints", "team", "day"),
    ("touchpoints", "org", "day"),
    ("touchpoints", "org", "month"),
    ("outbound_calls", "org", "day"),
    ("leads_created", "org", "month"),
    ("leads_created", "rep", "month"),
    ("lead_conversion", "rep", "month"),
    ("lead_conversion", "org", "month"),
    ("customer_lifetime_value", "rep", "to_date"),
)


def crowd(reps: int, contacts: int) -> Iterator[bytes]:
    """Events of an organisation."""
    floor = Floor(reps, CONTACTS_A_REP * reps)
    yield from floor.people()
    for n in range(contacts):
        yield from floor.contact(n)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=40_000)
    parser.add_argument("--reps", type=int, default=0)
    parser.add_argument("--contacts", type=int, default=13_500)
    parser.add_argument("--partitions", type=int, default=1)
    parser.add_argument("--most", type=int, default=50)
    parser.add_argument("--replay", action="store_true", help="explain one number from the events too")
    options = parser.parse_args()

    said = crowd(options.reps, options.contacts) if options.reps else iter(lines(options.events))
    core, now = Core(options.partitions, 2_000), 0
    while events := [decode(line) for line in islice(said, AT_ONCE)]:
        now = max(now, *(event.stamp[0] for event in events))
        core.run(events)
    settings = ReadSettings()
    reader = Reader(settings)
    for partition, state in enumerate(core.states):
        for key, value in state.roster.items():
            reader.roster(key, value)
        for key, value in state.tally.items():
            reader.tally(partition, key, value)
    samples = reader.samples(now, supporting=True)
    set_aside()  # as workers and exporters do once they have read everything
    began = time.process_time()
    reader.rows_near("touchpoints", slot_of(samples[0]), now)
    filed = time.process_time() - began
    rows = [len(state.ledger) for state in core.states]
    kinds = Counter(key.partition(b"/")[0].decode() for state in core.states for key in state.ledger).most_common(4)
    print(f"rows              {sum(rows)} on {len(rows)} partitions, most on one {max(rows)}: {dict(kinds)}")
    published = sum(len(state.tally) for state in core.states)
    print(f"first question    {filed:.2f} s more: {published} published rows are filed by day")
    print(f"core              {compiled_or_not()}, load {getloadavg()[0]:.1f}")
    print(f"{'':46s} exporter: cells   ms | worker: entities  copy ms  tell ms | adds up")
    for stem, grain, window in ASKED:
        found = [s for s in samples if (s.kpi, s.grain, s.window) == (stem, grain, window) and not s.labels]
        found = found or [s for s in samples if (s.kpi, s.grain, s.window) == (stem, grain, window)]
        if found:
            _measure(core, reader, max(found, key=lambda sample: sum(sample.parts.values())), now, options.most)
    if options.replay:
        busiest = next(s for s in samples if (s.kpi, s.grain, s.window) == ("touchpoints", "rep", "day"))
        asked = Question(busiest.kpi, busiest.key, busiest.window, busiest.bucket)
        raw = list(crowd(options.reps, options.contacts)) if options.reps else lines(options.events)
        began = time.process_time()
        explain(lambda: ((str(n), line) for n, line in enumerate(raw)), now, settings, asked, options.most)
        print(f"`floorpulse explain` of {busiest.kpi} of a rep's day: {time.process_time() - began:.1f} s")


def _measure(core: Core, reader: Reader, sample: Sample, now: int, most: int) -> None:
    began = time.process_time()
    measure = measured(BY_STEM[sample.kpi])
    assert measure is not None
    some = some_cells(reader, measure.stem, slot_of(sample), now, MOST_CELLS, SOME_CELLS)
    partitions = list(range(len(core.states)))
    sent = encode_ask(Ask(fingerprint(Definitions()), measure.stem, question(some.cells), partitions, most))
    asked = time.process_time()
    for state in core.states:
        dict(state.ledger)
    copied = time.process_time()
    sought = Sought(decode_ask(sent))
    shares = [tell(state, Definitions(), sought, n, 0) for n, state in enumerate(core.states)]
    answer = encode_told(Told("", shares, [], 0.0))
    told = time.process_time()
    differs = differences(some.cells, [decode_told(answer)])
    compared = time.process_time()
    who = sum(len(share.entities) + share.more for share in shares)
    name = f"{sample.kpi} {sample.grain} {sample.window} {sample.bucket}"
    left = f", {some.ids} ids of up to {some.ids + some.ids_left}" if some.ids_left else ""
    print(
        f"{name:46s} {len(some.cells):15d} {(asked - began + compared - told) * 1e3:5.0f}   {who:16d}"
        f"  {(copied - asked) * 1e3:7.0f}  {(told - copied) * 1e3:7.0f}   {'no' if differs else 'yes'}{left}"
    )


if __name__ == "__main__":
    main()
