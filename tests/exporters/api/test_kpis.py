import json

import pytest

from kpi_state.read.document import Input, document
from tests.exporters.floor import NOW, seen
from tests.exporters.served import Client, Served


async def test_all_kpis_are_the_bytes_that_replay_prints(client: Client) -> None:
    answer = await client.get("/api/kpis?all=1")
    assert answer.status == 200
    assert answer.content_type == "application/json"
    assert await answer.read() == seen().document()


@pytest.mark.parametrize("path", ["/api/kpis", "/api/kpis?all=0"])
async def test_without_all_only_the_current_windows_are_told(client: Client, path: str) -> None:
    replay = seen()
    wanted = document(NOW, Input(replay.read, 0, replay.quarantined), replay.samples(current=True))
    assert await (await client.get(path)).read() == wanted


async def test_one_page_adds_up_hours_that_are_named_by_different_offsets() -> None:
    async with Served().client() as client:
        told = json.loads(await (await client.get("/api/kpis")).read())["samples"]
    hours = [each for each in told if (each["kpi"], each["grain"], each["window"]) == ("touchpoints", "org", "hour")]
    assert {each["bucket"] for each in hours} == {"2024-06-06T17:00+02:00", "2024-06-06T21:00+05:30"}


@pytest.mark.parametrize(
    "asked", ["kpi=touchpoints", "team=Delhi", "grain=org&window=hour", "key=anna&kpi=lead_conversion", "supporting=1"]
)
async def test_the_current_windows_are_told_alike_by_the_picture_and_by_the_reader(asked: str) -> None:
    async with Served().client() as client:
        current = json.loads(await (await client.get(f"/api/kpis?{asked}")).read())
        everything = json.loads(await (await client.get(f"/api/kpis?all=1&{asked}")).read())

    assert current["samples"]
    assert all(sample in everything["samples"] for sample in current["samples"])
    assert (current["as_of"], current["input"]) == (everything["as_of"], everything["input"])
