import json

import pytest

from floorpulse.cli import run
from kpi_state.published import SourceCounts, TopicCounts
from streams.group import Member
from streams.settings import StreamSettings
from streams.status import Status, TopicStatus

FOUND = Status(
    "desk",
    "1-a",
    ["1-a"],
    [
        TopicStatus("crm.events", 2, [5, 7], 12, 3, TopicCounts(9, 1, 2, 0)),
        TopicStatus("kpi.quarantine", 2, [1, 0], 1, None, None),
    ],
    [Member("faust-1", "10.0.0.1", (0,)), Member("faust-2", "10.0.0.2", ())],
    {"/crm": SourceCounts(1_700_000_000_000_000, 8, 1, 1, 2, 0)},
    {"/crm": {"time": 3, "data.phone": 1}, "/junk": {"event": 2}, "": {"event": 1}},
    {("incomplete", "/crm"): 5, ("merge_too_deep", "/crm"): 6, ("incomplete", ""): 7},
)


def said(found: Status, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    async def status(_settings: StreamSettings) -> Status:
        return found

    monkeypatch.setattr("floorpulse.commands.status.status", status)
    assert run(["status", *options]) == 0
    return capsys.readouterr().out


def test_topics_workers_and_sources_stand_in_tables(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [" ".join(line.split()) for line in said(FOUND, monkeypatch, capsys).splitlines()]

    assert lines[0] == "desk: counted with these settings, fingerprint 1-a"
    assert "Topic Partitions Records Not applied Read Quarantined Forwarded Lost" in lines
    assert "crm.events 2 12 3 9 1 2 0" in lines
    assert "kpi.quarantine 2 1 – – – – –" in lines
    assert "faust-1 10.0.0.1 0" in lines
    assert "faust-2 10.0.0.2 –" in lines
    assert "/crm 2023-11-14T22:13:20Z 8 1 1 2 4 5" in lines
    assert "/junk – 0 0 0 0 2 0" in lines


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (FOUND._replace(fingerprints=[]), "desk: nothing was applied yet; these settings have fingerprint 1-a"),
        (
            FOUND._replace(fingerprints=["1-b"]),
            (
                "desk: counted with fingerprint 1-b, these settings have 1-a: start workers with the floor.toml and "
                "the version it was counted with, or run `floorpulse rebuild`"
            ),
        ),
    ],
    ids=["none", "another"],
)
def test_a_fingerprint_that_is_not_ours_is_said_with_the_remedy(
    found: Status, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(found._replace(members=[]), monkeypatch, capsys)

    assert out.splitlines()[0] == line
    assert "no worker runs" in out


def test_a_script_gets_all_of_it_as_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(said(FOUND, monkeypatch, capsys, "--json")) == {
        "app_id": "desk",
        "fingerprint": {"settings": "1-a", "state": ["1-a"]},
        "topics": [
            {
                "topic": "crm.events",
                "partitions": 2,
                "ends": [5, 7],
                "records": 12,
                "not_applied": 3,
                "read": 9,
                "quarantined": 1,
                "forwarded": 2,
                "lost": 0,
            },
            {
                "topic": "kpi.quarantine",
                "partitions": 2,
                "ends": [1, 0],
                "records": 1,
                "not_applied": None,
                "read": None,
                "quarantined": None,
                "forwarded": None,
                "lost": None,
            },
        ],
        "workers": [
            {"name": "faust-1", "host": "10.0.0.1", "partitions": [0]},
            {"name": "faust-2", "host": "10.0.0.2", "partitions": []},
        ],
        "sources": {
            "/crm": {
                "newest": "2023-11-14T22:13:20Z",
                "applied": 8,
                "unchanged": 1,
                "late": 1,
                "unknown_fields": 2,
                "scaled_splits": 0,
                "heartbeats": 0,
                "forwarded": 0,
                "oldest": None,
                "named_ids": 0,
                "unlisted": 0,
                "quarantined": {"time": 3, "data.phone": 1},
                "incomplete_facts": 5,
                "merge_too_deep": 6,
            },
            "/junk": {
                "newest": None,
                "applied": 0,
                "unchanged": 0,
                "late": 0,
                "unknown_fields": 0,
                "scaled_splits": 0,
                "heartbeats": 0,
                "forwarded": 0,
                "oldest": None,
                "named_ids": 0,
                "unlisted": 0,
                "quarantined": {"event": 2},
                "incomplete_facts": 0,
                "merge_too_deep": 0,
            },
        },
    }
