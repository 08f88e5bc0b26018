import signal
import sys
from collections import Counter

import pytest

from bench.sampled import OTHER, STAGES, Sampler, stage_of, table


@pytest.mark.parametrize(
    ("path", "function", "stage"),
    [
        ("/x/kpi_state/decode.py", "_event", "decode an event"),
        ("/x/kpi_state/rows.py", "encode_row", "encode the row that is"),
        ("/x/kpi_state/rows.py", "get", None),
        ("/x/kpi_state/entities/lead.py", "view", "evaluate: views and links"),
        ("/x/site-packages/aiokafka/record/default_records.py", "append", "commit: write and wait for the brokers"),
        ("/x/site-packages/aiokafka/conn.py", "send", "talk to the brokers"),
        ("/x/site-packages/faust/app/base.py", "start", None),
    ],
)
def test_the_stage_of_a_function_is_that_of_its_file_or_its_own(path: str, function: str, stage: str | None) -> None:
    assert stage_of(path, function) == stage


def test_the_innermost_function_of_a_known_stage_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.sampled.STAGES", {f"{__file__.removeprefix('/')}:helper": "helping"})
    sampler = Sampler()

    def helper() -> None:
        sampler.look(0, sys._getframe())

    helper()
    sampler.look(0, None)

    assert sampler.samples == {"helping": 1, OTHER: 1}


def test_cpu_is_sampled_and_the_signal_given_back() -> None:
    before, sampler = signal.getsignal(signal.SIGPROF), Sampler()

    with sampler.sampling():
        while not sampler.samples:
            sum(range(10_000))

    assert sampler.samples.keys() == {OTHER}
    assert signal.getsignal(signal.SIGPROF) is before


def test_stages_add_up_to_the_whole() -> None:
    first, last = next(iter(STAGES.values())), OTHER

    assert table(Counter({last: 1, first: 3}), 40.0) == [
        f"{first:42}   30.0 µs    75 %",
        f"{last:42}   10.0 µs    25 %",
    ]
