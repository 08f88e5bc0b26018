import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from floorpulse.cli import run
from kpi_state.events import ContractError
from kpi_state.published import INPUTS
from streams.quarantine import MAX_EVENT_BYTES
from tests.streams.floor import Floor, floor
from tests.streams.records import Record, event
from tests.streams.setaside import set_aside

TOO_EARLY = ContractError("time", "at most 300 s after its arrival", "1000 s after it")


@pytest.fixture
async def stream(kafka: str, tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(kafka, tmp_path) as made:
        yield made


@pytest.mark.kafka
async def test_the_list_says_where_and_why_and_nothing_of_persons(stream: Floor) -> None:
    await set_aside(stream, Record(b'{"who": "Anna Bos"}', b"anna@bos.example", partition=1, offset=3))
    await set_aside(stream, Record(b"[]", partition=0, offset=4, timestamp=1_700_000_001_000), TOO_EARLY)

    table, lines = stream.run("quarantine", "list"), stream.run("quarantine", "list", "--json", "--limit", "1")

    topic = stream.settings.topic("crm.events")
    assert [line.split("  ")[0].strip() for line in table.stdout.splitlines()] == [
        "Place",
        "─" * len(table.stdout.splitlines()[1].rstrip()),
        f"{topic}/0/4",
        f"{topic}/1/3",
    ]
    assert "data.deleted   true or false" in table.stdout
    assert table.stderr.startswith("2 quarantined: 1 ")
    assert not any(word in table.stdout + table.stderr for word in ("anna", "Anna", '"no"'))
    assert json.loads(lines.stdout) == {
        "place": f"{topic}/0/4",
        "quarantined": f"{stream.settings.topic('kpi.quarantine')}/0/0",
        "arrived": "2023-11-14T22:13:21Z",
        "arrived_ms": 1_700_000_001_000,
        "field": "time",
        "expected": "at most 300 s after its arrival",
        "bytes": 2,
    }
    assert lines.stderr.endswith("; the newest 1 are shown\n")
    assert [(result.returncode) for result in (table, lines)] == [0, 0]


@pytest.mark.kafka
async def test_a_reason_names_a_field_with_or_without_data(stream: Floor) -> None:
    await set_aside(stream, Record(b"a"))
    await set_aside(stream, Record(b"b", offset=1), ContractError("data.splits.anna", "a number", "x"))

    found = {name: stream.run("quarantine", "list", "--json", "--reason", name) for name in ("deleted", "data.splits")}

    assert [json.loads(result.stdout)["field"] for result in found.values()] == ["data.deleted", "data.splits.anna"]
    assert stream.run("quarantine", "list", "--reason", "delete").stderr == "0 quarantined\n"


@pytest.mark.kafka
async def test_show_gives_the_bytes_and_beside_them_the_reason(stream: Floor) -> None:
    place = await set_aside(
        stream, Record('{"who": "é"}\x1b'.encode(), b"k", headers=(("ce_id", b"1"),), partition=1, offset=3)
    )

    shown, nothing = stream.run("quarantine", "show", place), stream.run("quarantine", "show", "crm.events/0/77")

    assert (shown.returncode, shown.stdout) == (0, '{"who": "é"}\x1b\n')
    assert shown.stderr.splitlines() == [
        f"quarantined {place}",
        f"original    {stream.settings.topic('crm.events')}/1/3, arrived 2023-11-14T22:13:20Z",
        'reason      data.deleted: expected true or false, got "no"',
        "key         k",
        "header      ce_id: 1",
    ]
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert nothing.stderr == (
        "crm.events/0/77: nothing is quarantined there: `floorpulse quarantine list` has the places\n"
    )


@pytest.mark.kafka
async def test_resend_sends_what_keeps_the_contract_by_now_and_lists_the_rest(stream: Floor) -> None:
    early = event("lead-1")
    place = await set_aside(stream, Record(early, b"lead-1", headers=(("a", b"b"),), partition=1), TOO_EARLY)
    await set_aside(stream, Record(early, None, partition=3, offset=1), TOO_EARLY)
    await set_aside(stream, Record(b"junk", partition=2, offset=7))
    large = await set_aside(stream, Record(b"x" * (MAX_EVENT_BYTES + 1), partition=2, offset=8), TOO_EARLY)
    link = await set_aside(stream, Record(b"", topic="kpi.links", partition=2, offset=9))

    everything, chosen = stream.run("quarantine", "resend", "--all"), stream.run("quarantine", "resend", place)

    topic = stream.settings.topic("crm.events")
    assert (everything.returncode, everything.stderr) == (1, "2 records sent again, 3 not\n")
    assert sorted(line.partition(": ")[2] for line in everything.stdout.splitlines()) == [
        "event: expected one JSON object",
        "time: expected at most 300 s after its arrival",
        f"topic: expected one of {', '.join(map(stream.settings.topic, INPUTS))}",
    ]
    assert (chosen.returncode, chosen.stdout, chosen.stderr) == (0, "", "1 records sent again, 0 not\n")
    found = (await stream.records(topic))[topic]
    home = stream.home("lead-1")
    assert [(record.key, record.value, record.headers) for record in found[home] if record.key] == [
        (b"lead-1", early, (("a", b"b"),))
    ] * 2
    assert [(record.key, record.value) for record in found[3] if not record.key] == [(None, early)]
    assert stream.run("quarantine", "list").stderr.startswith("5 quarantined: ")
    assert [stream.run("quarantine", "show", each).returncode for each in (large, link)] == [0, 0]


@pytest.mark.parametrize("arguments", [[], ["crm.events/0/1", "--all"], ["--reason", "time", "--all"]])
def test_what_to_send_again_is_said_in_one_way(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["quarantine", "resend", *arguments]) == 2
    assert capsys.readouterr().err == (
        "floorpulse quarantine resend: name places, or a --reason, or --all. See floorpulse quarantine resend --help.\n"
    )


def test_what_is_no_place_is_refused_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["quarantine", "show", "there"]) == 2
    assert "expected TOPIC/PARTITION/OFFSET such as crm.events/3/17, got there." in capsys.readouterr().err
