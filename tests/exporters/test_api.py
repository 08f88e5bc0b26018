import json
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from exporters import clock as clocks
from exporters.api import SOURCES_IN_HEADER, Api
from exporters.clock import Clock
from exporters.follower import STALE_SECONDS, Follower
from exporters.mirror import Mirror
from exporters.privacy import Disguise
from kpi_state.apply import fingerprint
from kpi_state.definitions import Privacy
from kpi_state.published import SourceCounts, encode_row, source_key
from kpi_state.read.document import Input, document
from kpi_state.read.samples import Reader
from kpi_state.replay import Replay
from tests.exporters.floor import EVENTS, NOW, SETTINGS, published, seen
from tests.statements import lead, rep, target

Client = TestClient[Request, Application]


class Floor:
    """An exporter that followed a floor: no Kafka, and time passes only when told."""

    def __init__(
        self,
        replay: Replay | None = None,
        clock: Clock | None = None,
        privacy: Privacy | None = None,
        label_values: int = 200,
    ) -> None:
        self.replay = replay or seen()
        self.time = 0.0
        own = fingerprint(SETTINGS.definitions)
        self.follower = Follower(
            "nowhere:1", "tally", "roster", lambda: Mirror(Reader(SETTINGS), own), monotonic=lambda: self.time
        )
        self.follower.caught_up = True
        for table, key, value in published(self.replay):
            (self.follower.state.tally if table == "tally" else self.follower.state.roster)(0, key, value)
        disguise = Disguise(privacy or Privacy(), b"key")
        self.api = Api(self.follower, clock or clocks.fixed(NOW), disguise, label_values)

    def client(self) -> Client:
        return TestClient(TestServer(self.api.application()))


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Floor().client() as client:
        yield client


async def error_of(answer: ClientResponse) -> str:
    said: dict[str, Any] = await answer.json()
    assert said.keys() == {"error"}
    assert isinstance(said["error"], str)
    return said["error"]


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


async def test_the_page_is_in_the_format_prometheus_reads(client: Client) -> None:
    answer = await client.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    text = await answer.text()
    assert f"sales_exporter_clock_timestamp_seconds {NOW / 1_000_000!r}\n" in text
    assert 'sales_topic_quarantined_total{topic="crm.events"} 1\n' in text
    assert 'sales_rep_info{rep_id="anna",team="Zuid \\"A\\"\\\\"} 1\n' in text
    assert 'sales_org_touchpoints_touchpoints{window="hour"} 2\n' in text


async def test_the_page_shows_so_many_values_of_a_free_label_and_the_document_all() -> None:
    events = [lead(f"l{n}", "2024-06-05", created_at="2024-06-05", origin=origin) for n, origin in enumerate("aab")]
    async with Floor(seen(events), label_values=1).client() as client:
        page = await (await client.get("/metrics")).text()
        document = await (await client.get("/api/kpis?all=1")).read()
    assert 'sales_org_leads_created_leads{window="week",origin="a"} 2\n' in page
    assert 'sales_org_leads_created_leads{window="week",origin="other"} 1\n' in page
    assert 'origin="b"' not in page
    assert document == seen(events).document()


async def test_one_page_adds_up_hours_that_are_named_by_different_offsets() -> None:
    async with Floor().client() as client:
        told = json.loads(await (await client.get("/api/kpis")).read())["samples"]
    hours = [each for each in told if (each["kpi"], each["grain"], each["window"]) == ("touchpoints", "org", "hour")]
    assert {each["bucket"] for each in hours} == {"2024-06-06T17:00+02:00", "2024-06-06T21:00+05:30"}


async def test_every_answer_of_the_api_says_how_fresh_it_is() -> None:
    floor = Floor()
    async with floor.client() as client:
        floor.time = 2.5
        for path in ("/api/kpis?all=1", "/api/kpis", "/api/goals", "/api/freshness"):
            headers = (await client.get(path)).headers
            assert json.loads(headers["Floorpulse-Freshness"]) == {"/crm": "2024-06-06T15:59:45Z"}
            assert headers["Floorpulse-Age-Seconds"] == "2.500"


async def test_of_many_sources_the_header_has_the_stalest() -> None:
    floor = Floor()
    for n in range(100):
        floor.follower.state.tally(0, source_key(f"/bron-é{n:02}"), encode_row(SourceCounts(newest=n * 1_000_000)))
    async with floor.client() as client:
        headers = (await client.get("/api/kpis")).headers
        said = json.loads(headers["Floorpulse-Freshness"])
        assert list(said) == [f"/bron-é{n:02}" for n in range(SOURCES_IN_HEADER)]
        assert len((await (await client.get("/api/freshness")).json())["sources"]) == 101


async def test_freshness_tells_what_was_seen_of_every_source_and_topic(client: Client) -> None:
    assert await (await client.get("/api/freshness")).json() == {
        "clock": "2024-06-06T15:59:45Z",
        "ready": True,
        "reason": "",
        "age_seconds": 0,
        "records_behind": 0,
        "sources": {
            "/crm": {
                "newest": "2024-06-06T15:59:45Z",
                "applied": len(EVENTS) - 1,
                "unchanged": 0,
                "late": 0,
                "unknown_fields": 0,
                "scaled_splits": 0,
            }
        },
        "topics": {"crm.events": {"read": len(EVENTS), "quarantined": 1, "forwarded": 0, "lost": 0}},
    }


async def test_goals_are_targets_in_the_unit_of_their_kpi() -> None:
    events = [
        rep("anna", team="Zuid", timezone="Europe/Amsterdam", first_day="2024-05-01"),
        target("touchpoints/rep:anna/day/2024-06-01", "2024-06-01", value=60),
    ]
    async with Floor(seen(events)).client() as client:
        answer = await (await client.get("/api/goals")).json()
    assert answer["as_of"] == "2024-06-06T15:59:45Z"
    (goal,) = [goal for goal in answer["goals"] if (goal["kpi"], goal["key"]) == ("touchpoints", "anna")]
    assert goal == {"kpi": "touchpoints", "grain": "rep", "key": "anna", "window": "day", "target": 60, "expected": 60}
    ratio = next(goal for goal in answer["goals"] if (goal["kpi"], goal["grain"]) == ("lead_source", "org"))
    assert (ratio["target"], ratio["expected"]) == (0.6, None)


async def test_before_everything_published_was_read_there_are_no_numbers() -> None:
    floor = Floor()
    floor.follower.caught_up = False
    async with floor.client() as client:
        for path in ("/metrics", "/api/kpis", "/api/kpis?all=1", "/api/goals", "/api/freshness"):
            answer = await client.get(path)
            assert answer.status == 503
            assert await error_of(answer) == "waiting for Kafka at nowhere:1"
        ready = await client.get("/readyz")
        assert (ready.status, (await ready.json())["reason"]) == (503, "waiting for Kafka at nowhere:1")
        assert (await client.get("/healthz")).status == 200


async def test_what_is_stale_is_served_and_not_ready() -> None:
    floor = Floor()
    async with floor.client() as client:
        assert (await client.get("/readyz")).status == 200
        floor.time = STALE_SECONDS + 1
        ready = await client.get("/readyz")
        assert ready.status == 503
        said = await ready.json()
        assert (said["ready"], said["age_seconds"]) == (False, STALE_SECONDS + 1)
        assert said["reason"] == "stale for 16 s: waiting for Kafka at nowhere:1"
        page = await client.get("/metrics")
        assert page.status == 200
        assert "sales_exporter_age_seconds 16.0\n" in await page.text()


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/api/kpis?all=yes", "all is 'yes': expected 0 or 1"),
        ("/api/kpis?team=A", "unknown parameter 'team': there is all"),
        ("/api/kpis?all=1&all=0", "parameter 'all' is given more than once"),
        ("/metrics?all=1", "unknown parameter 'all': there are none here"),
    ],
)
async def test_a_parameter_that_cannot_be_is_an_error_in_a_line(client: Client, path: str, error: str) -> None:
    answer = await client.get(path)
    assert answer.status == 400
    assert await error_of(answer) == error


async def test_an_unknown_path_is_an_error_that_says_what_there_is(client: Client) -> None:
    answer = await client.get("/api/kpi")
    assert answer.status == 404
    there = "/api/freshness, /api/goals, /api/kpis, /healthz, /metrics, /readyz"
    assert await error_of(answer) == f"nothing is here: there are {there}"


async def test_nothing_can_be_written(client: Client) -> None:
    answer = await client.post("/api/kpis")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert await error_of(answer) == "only GET, HEAD"


async def test_a_fault_of_ours_is_an_error_without_our_secrets() -> None:
    floor = Floor(clock=lambda seen: 1 // 0)
    async with floor.client() as client:
        answer = await client.get("/api/kpis")
        assert answer.status == 500
        assert await error_of(answer) == "this is a fault of the exporter: its log says which"
        assert (await client.get("/healthz")).status == 200


async def test_privacy_holds_for_every_answer() -> None:
    floor = Floor(privacy=Privacy(rep_labels="none", team_min_size=1))
    async with floor.client() as client:
        for path in ("/metrics", "/api/kpis?all=1", "/api/kpis", "/api/goals"):
            text = await (await client.get(path)).text()
            assert "anna" not in text
            assert "Zuid" in text


async def test_rows_are_applied_only_between_answers() -> None:
    floor = Floor()
    async with floor.client() as client:
        async with floor.follower.lock:
            asked = client.get("/api/kpis?all=1")
            assert (await client.get("/healthz")).status == 200
        assert msgspec.json.decode(await (await asked).read())["input"]["read"] == len(EVENTS)
