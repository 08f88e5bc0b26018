"""How long a worker takes to say who contributes to a number, beside explaining it from the events, on the demo floor.

python -m bench.explain [--events 40000] [--partitions 1] [--most 50]
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

from bench.stages import Core, lines
from kpi_state.apply import fingerprint
from kpi_state.definitions import Definitions, ReadSettings
from kpi_state.events import decode
from kpi_state.explain.asking import Ask, Told, differences, question
from kpi_state.explain.cells import cells_in
from kpi_state.explain.contributions import measured
from kpi_state.explain.explain import explain
from kpi_state.explain.question import Question, slot_of
from kpi_state.explain.sought import Sought
from kpi_state.explain.telling import tell
from kpi_state.kpis.registry import BY_STEM
from kpi_state.read.sample import Sample
from kpi_state.read.samples import Reader

ASKED = (
    ("touchpoints", "rep", "day"),
    ("touchpoints", "rep", "month"),
    ("touchpoints", "org", "month"),
    ("leads_created", "rep", "month"),
    ("lead_conversion", "rep", "month"),
    ("lead_conversion", "org", "month"),
    ("customer_lifetime_value", "rep", "to_date"),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=40_000)
    parser.add_argument("--partitions", type=int, default=1)
    parser.add_argument("--most", type=int, default=50)
    parser.add_argument("--replay", action="store_true", help="explain one number from the events too")
    options = parser.parse_args()

    raw = lines(options.events)
    events = [decode(line) for line in raw]
    now = max(event.stamp[0] for event in events)
    core = Core(options.partitions, 2_000)
    core.run(events)
    settings = ReadSettings()
    reader = Reader(settings)
    for partition, state in enumerate(core.states):
        for key, value in state.roster.items():
            reader.roster(key, value)
        for key, value in state.tally.items():
            reader.tally(partition, key, value)
    samples = reader.samples(now)
    rows = [len(state.ledger) for state in core.states]
    kinds = Counter(key.partition(b"/")[0].decode() for state in core.states for key in state.ledger).most_common(4)
    print(f"rows              {sum(rows)} on {len(rows)} partitions, most on one {max(rows)}: {dict(kinds)}")
    print(
        "number                                       cells  found in ms  contributors  copied ms  told in ms  adds up"
    )
    for stem, grain, window in ASKED:
        found = [s for s in samples if (s.kpi, s.grain, s.window) == (stem, grain, window) and not s.labels]
        found = found or [s for s in samples if (s.kpi, s.grain, s.window) == (stem, grain, window)]
        if found:
            _measure(core, reader, max(found, key=lambda sample: sum(sample.parts.values())), now, options.most)
    if options.replay:
        busiest = next(s for s in samples if (s.kpi, s.grain, s.window) == ("touchpoints", "rep", "day"))
        began = time.perf_counter()
        asked = Question(busiest.kpi, busiest.key, busiest.window, busiest.bucket)
        explain(lambda: ((str(n), line) for n, line in enumerate(raw)), now, settings, asked, options.most)
        print(f"`floorpulse explain` of {busiest.kpi} of a rep's day: {time.perf_counter() - began:.1f} s")


def _measure(core: Core, reader: Reader, sample: Sample, now: int, most: int) -> None:
    began = time.perf_counter()
    measure = measured(BY_STEM[sample.kpi])
    assert measure is not None
    cells = cells_in(reader, measure.stem, slot_of(sample), now)
    asked = Ask(fingerprint(Definitions()), measure.stem, question(cells), list(range(len(core.states))), most)
    found = time.perf_counter()
    for state in core.states:
        dict(state.ledger)
    copied = time.perf_counter()
    sought = Sought(asked)
    shares = [tell(state, Definitions(), sought, n, 0) for n, state in enumerate(core.states)]
    told = time.perf_counter()
    differs = differences(cells, [Told(asked.fingerprint, shares, [], 0.0)])
    who = sum(len(share.entities) + share.more for share in shares)
    name = f"{sample.kpi} {sample.grain} {sample.window} {sample.bucket}"
    print(
        f"{name:44s} {len(cells):5d}  {(found - began) * 1e3:11.0f}  {who:12d}  {(copied - found) * 1e3:9.1f}"
        f"  {(told - copied) * 1e3:10.0f}  {'no' if differs else 'yes'}"
    )


if __name__ == "__main__":
    main()
