import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from bench import against, java
from bench.against import Run, floorpulse, kafka_streams, stock_faust, table
from bench.floor_topics import events_a_rep, rep_of
from bench.stages import lines
from kpi_state.buckets import Cell

CELL: Cell = ("touchpoints", "anna", ("Q", 7, 0), ("call",))


@pytest.mark.parametrize(
    ("data", "rep"),
    [
        ({"rep_id": "anna", "owner_id": "ben"}, "anna"),
        ({"owner_id": "ben", "rep_id": None}, "ben"),
        ({"set_by": "cleo"}, "cleo"),
        ({"status": "new"}, ""),
    ],
)
def test_an_event_is_of_the_first_rep_that_it_names(data: dict[str, str | None], rep: str) -> None:
    assert rep_of(data) == rep


def test_every_event_is_counted_once() -> None:
    events = lines(500)

    counted = events_a_rep(events)

    assert counted.total() == 500
    assert len(counted) > 10


def test_a_count_of_stock_faust_is_the_newest_of_any_partition() -> None:
    right = stock_faust(Counter(anna=3), "").right

    assert right([{b'"anna"': b"2"}, {b'"anna"': b"3"}])
    assert not right([{b'"anna"': b"2"}, {b'"anna"': b"1"}])


def test_a_count_of_kafka_streams_is_the_sum_of_the_partitions(tmp_path: Path) -> None:
    right = kafka_streams(Counter(anna=3), "", tmp_path).right

    assert right([{b"anna": (2).to_bytes(8, "big")}, {b"anna": (1).to_bytes(8, "big")}])
    assert not right([{b"anna": (2).to_bytes(8, "big")}, {}])


def test_tallies_of_floorpulse_are_those_of_replay_to_the_last_cell() -> None:
    row = b'["touchpoints","anna","Q",0,["call"]]'

    assert floorpulse({CELL: (1, 2, 3)}).right([{row: bytes([0x95, 3, 7, 1, 2, 3])}])
    assert not floorpulse({CELL: (1, 2, 4)}).right([{row: bytes([0x95, 3, 7, 1, 2, 3])}])


def test_ratios_are_of_medians_to_each_of_ours(tmp_path: Path) -> None:
    ours, fast, theirs = floorpulse({}), floorpulse({}, tmp_path), stock_faust(Counter(), "")
    runs = {
        ours.name: [Run(1.0, 0.5, 80_000_000)],
        fast.name: [Run(0.5, 0.25, 80_000_000)],
        theirs.name: [Run(n, 9.0, 60_000_000) for n in (10.0, 12.0, 99.0)],
    }

    lines_of = table(1_000, [ours, fast, theirs], runs)

    assert lines_of[0].endswith("| floorpulse is | floorpulse, compiled is |")
    assert lines_of[2] == "| floorpulse: 14 KPIs and more, exactly once | 1,000 | 1,000 | 500 | 80 | 1.00 × | 2.00 × |"
    assert lines_of[4] == "| stock Faust: 1 count, at least once | 83 | 100, 83, 10 | 9000 | 60 | 12.00 × | 24.00 × |"


@pytest.mark.kafka
def test_each_counts_the_same_events_and_is_timed(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if shutil.which("gcc"):
        core = request.getfixturevalue("compiled_core")
        monkeypatch.setattr(against, "compiled", lambda _folder: core)

    against.main(["--events", "400", "--rounds", "1"])

    rows = [line for line in capsys.readouterr().out.splitlines() if re.match(r"\| [A-Za-z]", line)]
    ours = [
        "floorpulse",
        *(["floorpulse, compiled", "floorpulse, compiled, no numbers"] if shutil.which("gcc") else []),
    ]
    names = [*ours, "stock Faust", "stock Faust with rows", *([] if java.missing() else ["Kafka Streams"])]
    assert [re.split(r"[|:]", row)[1].strip() for row in rows] == names
    assert json.loads(re.split(r"\|", rows[1])[6].split("×")[0]) > 0


@pytest.mark.kafka
def test_a_measurement_of_wrong_counts_is_void(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(against, "GIVE_UP_SECONDS", 3.0)
    monkeypatch.setattr(against, "events_a_rep", lambda _: Counter(nobody=1))

    with pytest.raises(RuntimeError, match="void"):
        against.main(["--events", "20", "--rounds", "1", "--leave-out", "streams", "--leave-out", "compiled"])
