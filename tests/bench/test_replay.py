"""DuckDB, asked in SQL that knows nothing of this project, and `replay` find the same; a difference voids it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from bench import replay
from bench.replay import by_duckdb, by_replay, compare
from bench.stages import lines


def written(tmp_path: Path, events: Iterable[bytes]) -> Path:
    file = tmp_path / "events.jsonl"
    file.write_bytes(b"".join(line + b"\n" for line in events))
    return file


def event(type_: str, subject: str, hour: int, **data: Any) -> bytes:
    time = f"2026-03-02T{hour:02}:00:00Z"
    said = {"id": f"{subject}/{hour}", "source": "/x", "type": type_, "subject": subject, "time": time, "data": data}
    return json.dumps(said, separators=(",", ":")).encode()


def call(subject: str, hour: int, seconds: int, **more: Any) -> bytes:
    facts = {"rep_id": "anna", "phone": "+31201", "direction": "outbound", "disposition": "answered"}
    return event("telephony.call.v1", subject, hour, **facts, talk_seconds=seconds, **more)


def test_both_find_the_same_on_the_demo_floor(tmp_path: Path) -> None:
    file = written(tmp_path, lines(8_000))

    figures, _ = by_replay(file)

    assert by_duckdb(file, 1)[0] == figures
    assert {json.loads(key)[0] for key in figures} == {"leads_created", "touchpoints"}
    assert any(converted for _, converted in figures.values())


def test_both_count_a_slot_once_and_a_touch_from_30_seconds_on(tmp_path: Path) -> None:
    calls = [call("c1", 9, 40), call("c2", 9, 50), call("c3", 10, 29), call("c4", 11, 30), call("c5", 12, 90)]
    file = written(tmp_path, [*calls, event("telephony.call.v1", "c5", 13, deleted=True)])

    figures = {'["touchpoints", "anna", 20514]': [2, 0]}

    assert by_replay(file)[0] == figures
    assert by_duckdb(file, 2)[0] == figures


def test_both_give_a_lead_to_its_first_owner_and_what_was_merged_into_it_converts_it(tmp_path: Path) -> None:
    created = {"created_at": "2026-03-01T09:00:00Z"}
    file = written(
        tmp_path,
        [
            event("crm.lead.v1", "l1", 9, owner_id="anna", **created),
            event("crm.lead.v1", "l1", 10, owner_id="ben"),
            event("crm.lead.v1", "l2", 9, owner_id="cleo", merged_into="l1", **created),
            event("crm.lead.v1", "l3", 9, owner_id="anna", merged_into="l1", **created),
            event("crm.lead.v1", "l3", 11, merged_into=None),
            event("crm.opportunity.v1", "o1", 12, lead_id="l2"),
        ],
    )

    figures = {'["leads_created", "anna", 20513]': [2, 1]}

    assert by_replay(file)[0] == figures
    assert by_duckdb(file, 1)[0] == figures


def test_each_is_measured_in_a_process_of_its_own() -> None:
    table = compare(300)

    assert [row.split("|")[1].strip() for row in table[2:]] == list(replay.CONTENDERS)


def test_a_difference_voids_the_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    found = iter(({"a": [1, 0]}, {"a": [1, 0]}, {"a": [2, 0]}))
    monkeypatch.setattr(replay, "outcome", lambda *_: replay.Outcome(next(found), 1.0, 1.0, 1, ""))

    with pytest.raises(RuntimeError, match="all cores differs from replay in 1 figures"):
        compare(5)
