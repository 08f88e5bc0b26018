import asyncio
import gzip
import subprocess

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from msgspec.structs import replace

from exporters import clock as clocks
from exporters.api.site import application
from exporters.current import one_a_window
from exporters.follower import STALE_SECONDS
from exporters.scrape import accepts_gzip
from kpi_state.definitions import Limits, Privacy
from tests.exporters.floor import EVENTS, NOW, published, seen
from tests.exporters.served import Client, Served, error_of
from tests.exporters.test_prometheus import Series, expected, numbers
from tests.statements import lead, rep, spoke

FASTEST = 4
"""What gzip says of its first level, in the ninth byte (RFC 1952, XFL)."""


async def test_the_page_is_in_the_format_prometheus_reads(client: Client) -> None:
    answer = await client.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    text = await answer.text()
    assert f"sales_exporter_clock_timestamp_seconds {NOW / 1_000_000!r}\n" in text
    assert 'sales_topic_quarantined_total{topic="crm.events"} 1\n' in text
    assert 'sales_org_touchpoints_touchpoints{window="hour"} 2\n' in text


async def test_reps_are_on_a_page_of_their_own_and_nobody_else(client: Client) -> None:
    floor = numbers(await (await client.get("/metrics")).read())
    reps = numbers(await (await client.get("/metrics/reps")).read())

    assert ("sales_rep_info", (("rep_id", "anna"), ("team", 'Zuid "A"\\'))) in reps
    said = {name for name, _ in reps} - {"sales_exporter_series_left_out"}
    assert {name.split("_")[1] for name in said} == {"rep"}
    assert {"team", "org"} <= {name.split("_")[1] for name, _ in floor}
    assert not [name for name, _ in floor if name.startswith("sales_rep")]
    assert ("sales_org_working", ()) in floor


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_what_prometheus_reads_back_is_what_replay_says_of_the_windows_current_at_the_clock(
    encoding: str,
) -> None:
    reader = seen().reader()
    samples = one_a_window(reader.samples(NOW, current=True, supporting=True))
    wanted = expected(samples, reader.people(NOW))
    server = TestServer(application(Served().view))
    found: dict[Series, float] = {}
    async with server, ClientSession(auto_decompress=False) as session:
        for path in ("/metrics", "/metrics/reps"):
            answer = await session.get(server.make_url(path), headers={"Accept-Encoding": encoding})
            assert answer.headers.get("Content-Encoding", "identity") == encoding
            assert answer.headers["Vary"] == "Accept-Encoding"
            body = await answer.read()
            assert encoding == "identity" or body[8] == FASTEST
            found |= numbers(gzip.decompress(body) if encoding == "gzip" else body)
    assert {key: found.get(key) for key in wanted} == wanted
    beside = ("_target_", "_expected_", "_attainment_", "_pace_", "_baseline_", "_info", "_working", "_absent", "_reps")
    more = {name for name, labels in found.keys() - wanted.keys() if name.split("_")[1] in {"rep", "team", "org"}}
    assert {name for name in more if not any(part in name for part in beside)} == set()


async def test_where_reps_have_pseudonyms_no_page_names_a_team_that_is_too_small() -> None:
    more = (rep("cas", team="Delhi"), rep("dirk", team="Delhi"), rep("eva", team="Solo"))
    story = (*EVENTS, *more, spoke("z1", "2024-06-06 15:50", "eva", seconds=61))
    served = Served(seen(story), privacy=Privacy(rep_labels="pseudonyms", team_min_size=3))
    pseudonym = served.view.disguise.who(())("rep", "eva")
    async with served.client() as client:
        floor, reps = [await (await client.get(path)).text() for path in ("/metrics", "/metrics/reps")]
    assert f'{{rep_id="{pseudonym}"}}' in reps
    assert 'team="Delhi"' in reps
    assert "Solo" not in floor + reps


async def test_targets_and_what_is_reached_of_them_are_on_the_page_of_their_grain() -> None:
    reader = seen().reader()
    goals = {(goal.grain, goal.kpi, goal.key, goal.window): goal for goal in reader.goals(NOW)}
    ours = goals["rep", "lead_source", "anna", "month"]
    async with Served().client() as client:
        reps = numbers(await (await client.get("/metrics/reps")).read())
    labels = (("rep_id", "anna"), ("team", 'Zuid "A"\\'), ("window", "month"))
    assert reps["sales_rep_lead_source_target_ratio", labels] == float(ours.target) == 0.6
    value = reps.get(("sales_rep_lead_source_ratio", labels))
    attained = reps.get(("sales_rep_lead_source_attainment_ratio", labels))
    assert attained == (None if value is None else value / 0.6)


async def test_a_page_that_is_fetched_again_shows_what_came_since() -> None:
    served = Served(clock=clocks.fixed(NOW))
    async with served.client() as client:
        before = numbers(await (await client.get("/metrics/reps")).read())
        again = numbers(await (await client.get("/metrics/reps")).read())
        assert again == before
        more = seen((*EVENTS, spoke("k9", "2024-06-06 15:59", "anna", phone="+31209999999", seconds=90)))
        for table, key, value in published(more):
            (served.follower.state.tally if table == "tally" else served.follower.state.roster)(0, key, value)
        after = numbers(await (await client.get("/metrics/reps")).read())
    async with Served(more).client() as client:
        assert after == numbers(await (await client.get("/metrics/reps")).read())
    assert after != before


async def test_the_process_answers_before_anything_was_read() -> None:
    served = Served()
    served.follower.caught_up = False
    async with served.client() as client:
        statuses = [(await client.get(path)).status for path in ("/metrics", "/metrics/reps")]
        process = await client.get("/metrics/process")
        assert (statuses, process.status) == ([503, 503], 200)
        assert "process_cpu_seconds_total" in await process.text()


async def test_the_process_says_what_its_pages_cost(client: Client) -> None:
    page = await (await client.get("/metrics/reps")).read()
    said = await (await client.get("/metrics/process")).text()

    assert 'sales_exporter_pages_total{page="reps"} 1.0\n' in said
    assert f'sales_exporter_page_bytes{{page="reps"}} {float(len(page))}\n' in said
    assert f'sales_exporter_page_series{{page="reps"}} {len(numbers(page)) - 1}.0\n' in said
    assert 'page="floor"' not in said


async def test_two_scrapes_at_once_are_two_whole_pages(client: Client) -> None:
    pages = await asyncio.gather(*(client.get("/metrics/reps") for _ in range(4)))

    assert len({await page.read() for page in pages}) == 1


async def test_series_beyond_the_limit_are_left_out_and_counted() -> None:
    served = Served()
    served.view.settings = replace(served.view.settings, limits=Limits(series=30))
    async with served.client() as client:
        found = numbers(await (await client.get("/metrics/reps")).read())
    left_out = found.pop(("sales_exporter_series_left_out", ()))
    async with Served().client() as client:
        every = numbers(await (await client.get("/metrics/reps")).read())
    assert 0 < len(found) <= 30
    assert left_out == len(every) - 1 - len(found)


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip", True),
        ("deflate, gzip;q=0.8", True),
        ("br;q=1.0, *;q=0.5", True),
        ("X-GZIP", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("", False),
        ("identity", False),
        ("notgzip", False),
        ("gzip;q=x", False),
    ],
)
def test_who_takes_gzip_says_so(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


async def test_the_page_shows_so_many_values_of_a_free_label_and_the_document_all() -> None:
    events = [lead(f"l{n}", "2024-06-05", created_at="2024-06-05", origin=origin) for n, origin in enumerate("aab")]
    async with Served(seen(events), label_values=1).client() as client:
        page = await (await client.get("/metrics")).text()
        document = await (await client.get("/api/kpis?all=1")).read()
    assert 'sales_org_leads_created_leads{window="week",origin="a"} 2\n' in page
    assert 'sales_org_leads_created_leads{window="week",origin="other"} 1\n' in page
    assert 'sales_exporter_label_values_folded{label="origin"} 1\n' in page
    assert 'origin="b"' not in page
    assert document == seen(events).document()


async def test_a_stale_page_is_served_and_says_its_age() -> None:
    floor = Served()
    floor.time = STALE_SECONDS + 1
    async with floor.client() as client:
        page = await client.get("/metrics")
        assert page.status == 200
        assert "sales_exporter_age_seconds 16.0\n" in await page.text()


@pytest.mark.parametrize("path", ["/metrics", "/metrics/reps", "/metrics/process"])
async def test_pages_have_no_parameters(path: str) -> None:
    async with Served().client() as client:
        answer = await client.get(f"{path}?all=1")
        assert answer.status == 400
        assert await error_of(answer) == "unknown parameter 'all': there are none here"


@pytest.mark.promtool
@pytest.mark.parametrize("path", ["/metrics", "/metrics/reps", "/metrics/process"])
async def test_promtool_finds_nothing_to_say_about_a_page_that_is_served(client: Client, path: str) -> None:
    body = await (await client.get(path)).read()
    done = await asyncio.to_thread(
        subprocess.run, ["promtool", "check", "metrics"], input=body, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")
