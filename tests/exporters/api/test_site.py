import json

from exporters.api.site import SOURCES_IN_HEADER
from kpi_state.definitions import Privacy
from kpi_state.published import SourceCounts, encode_row, source_key
from tests.exporters.served import Served


async def test_every_answer_of_the_api_says_how_fresh_it_is() -> None:
    floor = Served()
    async with floor.client() as client:
        floor.time = 2.5
        for path in ("/api/kpis?all=1", "/api/kpis", "/api/goals", "/api/freshness"):
            headers = (await client.get(path)).headers
            assert json.loads(headers["Floorpulse-Freshness"]) == {"/crm": "2024-06-06T15:59:45Z"}
            assert headers["Floorpulse-Age-Seconds"] == "2.500"


async def test_of_many_sources_the_header_has_the_stalest() -> None:
    floor = Served()
    for n in range(100):
        floor.follower.state.tally(0, source_key(f"/bron-é{n:02}"), encode_row(SourceCounts(newest=n * 1_000_000)))
    async with floor.client() as client:
        headers = (await client.get("/api/kpis")).headers
        said = json.loads(headers["Floorpulse-Freshness"])
        assert list(said) == [f"/bron-é{n:02}" for n in range(SOURCES_IN_HEADER)]
        assert len((await (await client.get("/api/freshness")).json())["sources"]) == 101


async def test_privacy_holds_for_every_answer() -> None:
    floor = Served(privacy=Privacy(rep_labels="none", team_min_size=1))
    async with floor.client() as client:
        for path in ("/metrics", "/api/kpis?all=1", "/api/kpis", "/api/goals"):
            text = await (await client.get(path)).text()
            assert "anna" not in text
            assert "Zuid" in text
