import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from msgspec import structs

from exporters.api.explained import WITHHELD, Explained
from kpi_state.definitions import Privacy
from kpi_state.events import decode
from kpi_state.explain.asking import Share
from kpi_state.explain.telling import tell
from kpi_state.read.sample import Sample
from tests.exporters import explaining
from tests.exporters.explaining import Workers
from tests.exporters.floor import NOW
from tests.exporters.served import error_of
from tests.statements import spoke

TALK: dict[str, Any] = {"kpi": "touchpoints", "grain": "rep", "key": "anna", "window": "day"}


async def ask(workers: Workers, status: int = 200, **asked: Any) -> Any:
    async with workers.served.client() as client:
        answer = await client.get(f"/api/explain?{urlencode(asked, doseq=True)}")
        assert answer.status == status, await answer.text()
        return json.loads(await answer.read()) if status == 200 else await error_of(answer)


def asked_of(sample: Sample) -> Mapping[str, Any]:
    return {
        "kpi": sample.kpi,
        "grain": sample.grain,
        "key": sample.key,
        "window": sample.window,
        "bucket": sample.bucket,
        "label": [f"{name}={value}" for name, value in sample.labels.items()],
    }


async def test_the_entities_of_all_workers_come_to_every_number_that_is_shown() -> None:
    workers = Workers()
    every = workers.mirror.rows.samples(NOW, supporting=True)
    samples = {(sample.kpi, sample.grain, sample.window, *sample.labels): sample for sample in every}.values()
    assert len({sample.kpi for sample in samples}) > 10
    async with workers.answering(0, 1):
        for sample in samples:
            told = await ask(workers, **asked_of(sample))
            explained = msgspec.convert(told, Explained)
            assert (explained.sample, explained.complete, explained.notes) == (sample, True, [])
            for part, amount in sample.parts.items():
                given = [entity.parts[part] for entity in explained.entities]
                whole = max(given) if part == "oldest_seconds" else sum(given)
                assert whole == pytest.approx(amount, abs=1e-6), (sample, part)


async def test_each_entity_says_where_it_lives_what_it_adds_and_who_said_so() -> None:
    workers = Workers()
    async with workers.answering(0, 1):
        told = await ask(workers, kpi="leads_created", grain="rep", key="anna", window="month")
    (entity,) = told["entities"]
    assert (entity["kind"], entity["subject"], entity["parts"]) == ("lead", "l1", {"leads": 1})
    assert entity["partition"] == workers.world.home("l1")
    assert {said["field"] for said in entity["decided_by"]} >= {"created_at", "owner_id"}
    assert told["sample"]["bucket"] == "2024-06"
    assert sorted((each["partitions"], each["trouble"]) for each in told["workers"]) == [([0], ""), ([1], "")]


async def test_so_many_entities_are_named_and_the_others_are_counted() -> None:
    workers = Workers()
    async with workers.answering(0, 1):
        every = await ask(workers, kpi="touchpoints", grain="org", window="day")
        one = await ask(workers, kpi="touchpoints", grain="org", window="day", limit=1)
        none = await ask(workers, kpi="touchpoints", grain="org", window="day", limit=0)
    count = len(every["entities"])
    assert (len(one["entities"]), one["more"]) == (1, count - 1)
    assert (none["entities"], none["more"], none["complete"]) == ([], count, True)


async def test_a_worker_that_cannot_be_asked_is_said_and_the_others_are_heard() -> None:
    workers = Workers()
    async with workers.answering(0, 1):
        pass
    async with workers.answering(1):
        told = await ask(workers, kpi="touchpoints", grain="org", window="month")
    assert told["complete"] is False
    assert told["notes"][0].startswith("worker http://127.0.0.1:")
    assert "of partition 0: it cannot be reached" in told["notes"][0]
    assert told["notes"][1].endswith("cells differ from what is shown")
    assert all(entity["partition"] == 1 for entity in told["entities"])


@pytest.mark.parametrize("said", [(7_000, (1, 1, 1)), (-1, (1, 1, 1)), (0, (1,))])
async def test_a_worker_that_speaks_of_other_cells_is_not_believed(
    said: tuple[int, tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def astray(*given: Any) -> Share:
        share = tell(*given)
        return structs.replace(share, totals=[*share.totals, said]) if share.partition == 0 else share

    monkeypatch.setattr(explaining, "tell", astray)
    workers = Workers()
    async with workers.answering(0, 1):
        told = await ask(workers, kpi="touchpoints", grain="org", window="month")
    assert told["complete"] is False
    assert told["notes"][0].endswith("of partition 0: it answers about what was not asked: is it of another version?")
    assert [each["trouble"] == "" for each in told["workers"] if each["partitions"] == [1]] == [True]
    assert {entity["partition"] for entity in told["entities"]} == {1}


async def test_a_partition_that_nobody_answers_for_is_said() -> None:
    workers = Workers()
    async with workers.answering(1):
        told = await ask(workers, kpi="touchpoints", grain="org", window="month")
    assert told["complete"] is False
    assert told["notes"][0] == "partition 0: no worker says where it can be asked; start workers with --listen"


async def test_a_partition_that_changed_hands_is_said() -> None:
    workers = Workers()
    async with workers.answering(0, 1):
        workers.mirror._workers[1] = workers.mirror._workers[0]
        told = await ask(workers, kpi="touchpoints", grain="org", window="month")
    assert told["complete"] is False
    assert told["notes"][0] == "partition 1 changed hands: ask again in a second"


async def test_a_sum_of_another_moment_is_said_to_be_one() -> None:
    workers = Workers()
    workers.world.run([decode(spoke("k3", "2024-06-06 15:51", "anna", phone="+31201234567", seconds=10))])
    async with workers.answering(0, 1, ahead=3):
        told = await ask(workers, **TALK)
    assert told["sample"]["parts"]["attempts"] == 2
    assert sum(entity["parts"]["attempts"] for entity in told["entities"]) == 3
    assert told["complete"] is False
    assert told["notes"] == [
        "1 of 2 cells differ from what is shown: they are of another moment, up to 3 records away; ask again"
    ]


async def test_numbers_about_people_need_no_worker() -> None:
    workers = Workers()
    told = await ask(workers, kpi="rep_retention", grain="org", window="rolling_365d")
    assert (told["complete"], told["workers"]) == (True, [])
    assert {entity["kind"] for entity in told["entities"]} == {"rep"}
    for part, amount in told["sample"]["parts"].items():
        assert sum(each["parts"][part] for each in told["entities"]) == amount


async def test_where_people_are_hidden_the_sum_is_checked_and_nothing_is_told_of_them() -> None:
    workers = Workers(Privacy(rep_labels="none", team_min_size=1))
    async with workers.answering(0, 1):
        said = await ask(workers, 403, **TALK)
        told = await ask(workers, kpi="touchpoints", grain="team", key="Delhi", window="day")
        people = await ask(workers, kpi="rep_retention", grain="org", window="rolling_365d")
    assert said == 'nothing is said of single reps: [privacy] rep_labels is "none"'
    assert (told["complete"], told["notes"], told["entities"]) == (True, [WITHHELD], [])
    assert told["more"] > 0
    assert (people["entities"], people["notes"]) == ([], [WITHHELD])


async def test_pseudonyms_are_asked_about_by_the_pseudonym() -> None:
    workers = Workers(Privacy(rep_labels="pseudonyms", pseudonym_key_file="key", team_min_size=1))
    anna = workers.served.view.disguise.who(())("rep", "anna")
    async with workers.answering(0, 1):
        told = await ask(workers, **(TALK | {"key": anna}))
        error = await ask(workers, 404, **TALK)
    assert (told["sample"]["key"], told["sample"]["parts"]["touchpoints"]) == (anna, 2)
    assert (told["complete"], told["entities"]) == (True, [])
    assert "anna" not in json.dumps(told)
    assert error.startswith("rep: there is no 'anna'")


@pytest.mark.parametrize(
    ("asked", "status", "error"),
    [
        ({"key": "ann"}, 404, "rep: there is no 'ann'; did you mean 'anna'?"),
        ({"window": "now"}, 400, "window is 'now': touchpoints has hour, day, week, month, rolling_1h, rolling_7d"),
        ({"window": "rolling_1h", "bucket": "1999-01"}, 400,
         "bucket is '1999-01': rolling_1h has no periods, leave bucket out"),
        ({"grain": "org"}, 400, "key is 'anna': of grain=org it is *, or left out"),
        ({"bucket": "2024-01-01"}, 404, "nothing counts for touchpoints of rep anna in day 2024-01-01"),
        ({"key": "unmapped"}, 404, "nothing counts for touchpoints of rep unmapped in day"),
        ({"label": "product=x"}, 400, "label: touchpoints has channel"),
        ({"label": "channel=fax"}, 404, "nothing counts for touchpoints of rep anna in day channel=fax"),
        ({"kpi": "annual_contract_value", "window": "fiscal_year", "grain": "org", "key": "*", "bucket": "FY2000"}, 404,
         "nothing counts for annual_contract_value of org * in fiscal_year FY2000 currency=EUR"),
        ({"kpi": "rep_retention", "window": "fiscal_year", "grain": "org", "key": "*", "bucket": "FY1999"}, 404,
         "nothing counts for rep_retention of org * in fiscal_year FY1999"),
    ],
)  # fmt: skip
async def test_a_number_that_is_not_there_is_an_error_in_a_line(asked: dict[str, str], status: int, error: str) -> None:
    workers = Workers()
    async with workers.answering(0, 1):
        assert await ask(workers, status, **(TALK | asked)) == error


async def test_hours_of_several_zones_are_asked_for_one_by_one() -> None:
    workers = Workers()
    async with workers.answering(0, 1):
        error = await ask(workers, 400, kpi="touchpoints", grain="org", window="hour")
        told = await ask(workers, kpi="touchpoints", grain="org", window="hour", bucket="2024-06-06T17:00+02:00")
    assert error == "bucket: its hours are of several zones; say which, such as 2026-02-20T10:00+01:00"
    assert told["complete"] is True
