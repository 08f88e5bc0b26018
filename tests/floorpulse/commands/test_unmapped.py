import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from floorpulse.cli import run
from kpi_state.apply import State
from kpi_state.decode import decode
from streams.counters import Counters
from tests.statements import rep, spoke
from tests.streams.floor import Floor, floor
from tests.streams.load import Load

EVENTS = (
    rep("anna", name="Anna Bos", team="Delhi"),
    spoke("k1", "2024-06-05 10:00", "ana.bos", seconds=60),
    spoke("k2", "2024-06-05 11:00", "who:1", seconds=60),
)
LIST = ["unmapped", "list", "--as-of", "2024-06-06T00:00:00Z", "--set", "teams.Delhi.timezone=Asia/Kolkata"]


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"\n".join(EVENTS))
    return str(path)


def test_of_files_it_lists_who_is_unknown_and_whom_that_may_mean(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*LIST, file]) == 0

    said = capsys.readouterr()
    unknown, alike = (line.split() for line in said.out.splitlines()[2:])
    assert (unknown[:4], unknown[5:]) == (["who:1", "/telephony", "2024-06-05T11:00:00Z", "1"], ["–", "–"])
    assert alike[:4] == ["ana.bos", "/telephony", "2024-06-05T10:00:00Z", "1"]
    assert alike[5:] == ["anna", "name", "Anna", "Bos", "(93%)"]
    assert said.err == "2 unmapped ids\n"


def test_a_script_gets_one_object_a_line(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*LIST, "--json", file]) == 0

    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["raw"], first["newest"], first["suggestion"]) == ("who:1", "2024-06-05T11:00:00Z", None)
    assert first["sources"] == ["/telephony"]
    assert second["suggestion"] == {"rep": "anna", "because": "name Anna Bos", "likeness": 0.93}


def test_of_a_source_that_names_more_ids_than_are_kept_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    counters = Counters(rows := {}, most_named=1)
    for number, raw in enumerate(("x1", "x2", "x2")):
        event = decode(spoke(f"k{number}", "2024-06-05 10:00", raw, seconds=60))
        counters.applied(event, changed=True, delay_us=None, late_us=0)
    rows.update(counters.rows())

    async def published(*_: object) -> list[State]:
        return [State(tally=rows), State()]

    monkeypatch.setattr("floorpulse.commands.unmapped.states", published)

    assert run(LIST) == 0

    assert capsys.readouterr().err == (
        "/telephony names more ids than are kept of it (2 further namings): it may be missing among Sources\n"
        "0 unmapped ids\n"
    )


@pytest.fixture
async def stream(kafka: str, tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(kafka, tmp_path) as made:
        yield made


@pytest.mark.kafka
async def test_of_what_is_published_it_lists_the_same_as_of_the_files(stream: Floor, tmp_path: Path) -> None:
    load = Load(300)
    events = tmp_path / "load.jsonl"
    events.write_bytes(b"\n".join(record.value for record in load.records))
    await stream.send(load.records)
    stream.worker()
    await stream.exact(load)

    published, files = stream.run("unmapped", "list", "--json"), stream.run("unmapped", "list", "--json", str(events))

    assert published.returncode == 0, published.stderr
    assert published.stdout == files.stdout != ""
    assert published.stderr == files.stderr
