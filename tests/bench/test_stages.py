import pytest

from bench import stages
from bench.stages import Core, lines
from kpi_state.definitions import ReadSettings
from kpi_state.events import decode
from kpi_state.replay import replay
from streams.snapshot import added_up


def test_partitions_in_memory_count_what_replay_counts() -> None:
    raw = lines(2_000)
    core = Core(4, 100)

    core.run([decode(line) for line in raw])

    expected = added_up([replay(raw, 1 << 62, ReadSettings()).state.tally])
    assert added_up([state.tally for state in core.states]) == expected
    assert core.links > 0


def test_every_stage_of_the_core_has_its_share(capsys: pytest.CaptureFixture[str]) -> None:
    stages.main(["--events", "3000", "--commit", "500"])

    out = capsys.readouterr().out
    assert "µs an event, links included" in out
    assert "evaluate: views and links" in out


@pytest.mark.kafka
def test_a_worker_on_kafka_is_sampled_too(capsys: pytest.CaptureFixture[str]) -> None:
    stages.main(["--events", "1000", "--worker"])

    out = capsys.readouterr().out.partition("all its threads and stages")[2]
    assert "evaluate: views and links" in out
    assert "commit: write and wait for the brokers" in out
