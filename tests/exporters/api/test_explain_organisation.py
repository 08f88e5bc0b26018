"""An organisation of 300 reps: what workers tell of its numbers is what `floorpulse explain` says from the events."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import pytest

from exporters.api import explained as module
from kpi_state.explain.explain import explain
from kpi_state.explain.explanation import Explanation, Line
from kpi_state.explain.question import Question
from tests.explaining import numbered
from tests.exporters.explaining import Workers
from tests.exporters.floor import NOW, SETTINGS
from tests.statements import contact, lead, mailed, rep, spoke

REPS = 300
ZONES = ("Europe/Amsterdam", "Asia/Kolkata", "America/New_York")
DAY = "2024-06-06"


def who(n: int) -> str:
    return f"rep-{n:03}"


def sent_by(n: int) -> str:
    """By what id the calls of a rep name them: a few by an extension."""
    return f"x{n}" if n % 50 == 7 else who(n)


@lru_cache(1)
def events() -> tuple[bytes, ...]:

    def said() -> Iterator[bytes]:
        for n in range(REPS):
            yield rep(who(n), team=f"team {n % 7}", timezone=ZONES[n % 3], extensions=[f"x{n}"])
            yield contact(f"c{n}", "2024-06-01", phones=[f"+3120{n:07}"])
            yield lead(f"l{n}", "2024-06-05", owner_id=who(n), created_at=f"2024-06-0{4 + n % 3}", contact_id=f"c{n}")
            for hour in (0, 14):
                yield spoke(
                    f"k{n}-{hour}", f"{DAY} {hour:02}:{n % 60:02}", sent_by(n), phone=f"+3120{n:07}", seconds=n % 90
                )
            yield mailed(f"m{n}", f"2024-06-0{5 + n % 2} 21:30", who(n), contact_id=f"c{n}")

    return tuple(said())


@lru_cache(1)
def workers() -> Workers:
    return Workers(lines=events(), partitions=3)


async def from_workers(**asked: Any) -> Any:
    async with workers().answering(0, 1, 2), workers().served.client() as client:
        answer = await client.get(f"/api/explain?{urlencode(asked)}")
        assert answer.status == 200, await answer.text()
        return json.loads(await answer.read())


Reason = tuple[str, Any, str, str, str]


def agree(told: dict[str, Any], line: Line) -> None:
    """The entity adds the same for the same reasons; a worker, which is asked for cells, also says what labels them."""
    assert told["parts"] == line.parts
    tell: list[Reason] = [(s["field"], s["value"], s["time"], s["source"], s["id"]) for s in told["decided_by"]]
    whole: list[Reason] = [(s.field, s.value, s.time, s.source, s.id) for s in line.decided_by]
    assert [reason for reason in tell if reason in whole] == whole
    assert {reason[0] for reason in tell if reason not in whole} <= {"channel", "origin"}
    assert {(via["says"], via["kind"], via["subject"]) for via in told["via"]} == {
        (via.says, via.kind, via.subject) for via in line.via
    }


@lru_cache(3)
def from_events(kpi: str, window: str, bucket: str) -> Explanation:
    return explain(lambda: numbered(events()), NOW, SETTINGS, Question(kpi, "*", window, bucket))


@pytest.mark.parametrize(
    ("kpi", "window", "bucket", "least"),
    [("touchpoints", "day", DAY, 800), ("leads_created", "month", "2024-06", 299)],
)
async def test_its_numbers_are_explained_as_from_the_events(kpi: str, window: str, bucket: str, least: int) -> None:
    whole = from_events(kpi, window, bucket)
    lines = {(line.kind, line.subject): line for line in whole.entities}

    told = await from_workers(kpi=kpi, grain="org", window=window, bucket=bucket, limit=400)

    assert (told["complete"], told["notes"], told["ids_left"]) == (True, [], 0)
    assert told["sample"]["parts"] == whole.sample.parts
    assert len(told["entities"]) + told["more"] == len(lines) > least
    assert len(told["entities"]) == min(400, len(lines))
    for entity in told["entities"]:
        agree(entity, lines[entity["kind"], entity["subject"]])


async def test_of_a_number_of_too_many_cells_the_first_ids_are_explained_as_from_the_events(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_CELLS", 100)
    monkeypatch.setattr(module, "SOME_CELLS", 40)
    whole = from_events("touchpoints", "day", DAY)
    lines = {(line.kind, line.subject): line for line in whole.entities}

    told = await from_workers(kpi="touchpoints", grain="org", window="day", bucket=DAY, limit=1_000)

    assert told["sample"]["parts"] == whole.sample.parts
    assert (told["complete"], told["more"]) == (False, 0)
    ids = sorted(sent for n in range(REPS) for sent in {who(n), sent_by(n)})
    looked = set(ids[: len(ids) - told["ids_left"]])
    assert 5 < len(looked) < 50
    assert "too many: ask for a team, a rep or a shorter window" in told["notes"][0]
    named = {(entity["kind"], entity["subject"]) for entity in told["entities"]}
    assert named == {each for each, line in lines.items() if line.rep in looked}
    for entity in told["entities"]:
        agree(entity, lines[entity["kind"], entity["subject"]])
