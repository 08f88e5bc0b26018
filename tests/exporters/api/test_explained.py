from typing import Any

import msgspec
import pytest
from msgspec import structs

from exporters.api import explained
from exporters.api.explained import PASSED, nothing
from kpi_state.apply import fingerprint
from kpi_state.buckets import QUARTER
from kpi_state.read.document import instant_text
from kpi_state.read.sample import Sample
from kpi_state.read.slots import Slot
from kpi_state.replay import Replay
from tests.exporters import explaining, served
from tests.exporters.explaining import Workers
from tests.exporters.floor import NOW, SETTINGS
from tests.exporters.served import error_of
from tests.statements import lead, rep, spoke

LEADS_OF_TWO = (
    rep("anna"),
    rep("ben"),
    lead("l1", "2024-06-01", created_at="2024-06-01", owner_id="anna"),
    lead("l2", "2024-06-03", created_at="2024-06-03", owner_id="ben"),
)


@pytest.mark.parametrize(
    ("slot", "where"),
    [
        (Slot("touchpoints", "rep", "anna", "day", "2024-06-06", ()), "touchpoints of rep anna in day 2024-06-06"),
        (Slot("open_lead_age", "org", "*", "now", "", ()), "open_lead_age of org * in now"),
        (
            Slot("annual_contract_value", "team", "A", "rolling_365d", "", (("currency", "EUR"),)),
            "annual_contract_value of team A in rolling_365d currency=EUR",
        ),
    ],
)
def test_a_number_that_is_not_there_is_named(slot: Slot, where: str) -> None:
    error = nothing(slot)
    assert (error.status, str(error)) == (404, f"nothing counts for {where}")


async def test_of_a_sum_of_too_many_cells_the_entities_of_the_first_ids_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workers, ask = Workers(), "/api/explain?kpi=touchpoints&grain=org&window=day"
    async with workers.answering(0, 1), workers.served.client() as client:
        every = await (await client.get(ask)).json()
        monkeypatch.setattr(explained, "MOST_CELLS", 1)
        monkeypatch.setattr(explained, "SOME_CELLS", 1)
        first = await (await client.get(ask)).json()
        anna = await (await client.get(ask.replace("grain=org", "grain=rep&key=anna"))).json()

    assert (every["complete"], every["ids_left"]) == (True, 0)
    assert first["sample"] == every["sample"]
    assert (first["complete"], first["ids_left"]) == (False, 1)
    (note,) = first["notes"]
    assert note.startswith("the entities of 1 ids were looked through, the first by name; those of up to 1 others")
    assert note.endswith(" are too many: ask for a team, a rep or a shorter window")
    assert first["entities"] == anna["entities"]
    assert len(first["entities"]) < len(every["entities"])
    assert (anna["complete"], anna["ids_left"]) == (True, 0)


async def test_a_number_of_too_many_cells_is_refused_with_what_to_ask_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explained, "MOST_CELLS", 1)
    async with Workers().served.client() as client:
        answer = await client.get("/api/explain?kpi=open_lead_age&grain=org&window=now")
        assert answer.status == 400
        assert await error_of(answer) == (
            "open_lead_age of org * in now: it is made of some 2 cells; ask for a rep, a team or a shorter window"
        )


async def told_while_time_passes(workers: Workers, passes: int, asked: str) -> dict[str, Any]:
    """The answer if so many microseconds pass while workers are asked."""
    ticks = iter([NOW, NOW, NOW + passes])
    workers.served.view._clock = lambda _seen: next(ticks)
    async with workers.answering(0, 1), workers.served.client() as client:
        answer = await client.get(f"/api/explain?grain=org&{asked}")
        told: dict[str, Any] = await answer.json()
        assert answer.status == 200, told
    return told


async def test_a_sum_is_that_of_the_instant_its_cells_were_taken_at() -> None:
    workers = Workers()
    told = await told_while_time_passes(workers, 4 * QUARTER, "kpi=touchpoints&window=rolling_1h")

    (there,) = (
        each
        for each in workers.mirror.rows.samples(NOW, supporting=True)
        if (each.kpi, each.grain, each.window) == ("touchpoints", "org", "rolling_1h") and not each.labels
    )
    assert (told["as_of"], msgspec.convert(told["sample"], Sample)) == (instant_text(NOW), there)
    assert (told["complete"], told["notes"]) == (True, [])


@pytest.mark.parametrize("some", [20_000, 1])
async def test_an_age_is_that_of_the_instant_it_is_said_to_be_of(some: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explained, "MOST_CELLS", some)
    monkeypatch.setattr(explained, "SOME_CELLS", some)
    workers, later = Workers(lines=LEADS_OF_TWO), NOW + 5_000_000
    told = await told_while_time_passes(workers, 5_000_000, "kpi=open_lead_age&window=now")

    (there,) = (
        each for each in workers.mirror.rows.samples(later) if (each.kpi, each.grain) == ("open_lead_age", "org")
    )
    assert (told["as_of"], msgspec.convert(told["sample"], Sample)) == (instant_text(later), there)
    assert (told["complete"], told["ids_left"]) == (some > 1, int(some == 1))


async def test_what_may_have_begun_to_count_while_workers_were_asked_is_said() -> None:
    told = await told_while_time_passes(Workers(), QUARTER, "kpi=open_lead_age&window=now")

    assert (told["complete"], told["notes"]) == (False, [PASSED])


async def test_numbers_that_nobody_counts_are_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    definitions = structs.replace(SETTINGS.definitions, distinct_numbers=False)
    settings = structs.replace(SETTINGS, definitions=definitions)
    monkeypatch.setattr(explaining, "SETTINGS", settings)
    monkeypatch.setattr(explaining, "OWN", fingerprint(definitions))
    monkeypatch.setattr(served, "seen", lambda: Replay(NOW, settings))
    lines = [rep("anna"), spoke("c1", "2024-06-06 10:00", "anna", phone="+31201234567")]
    workers = Workers(lines=lines)

    async with workers.answering(0, 1), workers.served.client() as client:
        answer = await client.get("/api/explain?kpi=outbound_calls&grain=org&window=day")
        said = await answer.json()

    assert said["sample"]["parts"] == {"calls": 1, "short": 0, "own": 0}
    assert [each["parts"] for each in said["entities"]] == [{"calls": 1, "short": 0, "own": 0}]
