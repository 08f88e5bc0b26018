from exporters.follower import STALE_SECONDS
from tests.exporters.floor import NOW, seen
from tests.exporters.served import Client, Served, error_of
from tests.statements import lead


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
    async with Served(seen(events), label_values=1).client() as client:
        page = await (await client.get("/metrics")).text()
        document = await (await client.get("/api/kpis?all=1")).read()
    assert 'sales_org_leads_created_leads{window="week",origin="a"} 2\n' in page
    assert 'sales_org_leads_created_leads{window="week",origin="other"} 1\n' in page
    assert 'origin="b"' not in page
    assert document == seen(events).document()


async def test_a_stale_page_is_served_and_says_its_age() -> None:
    floor = Served()
    floor.time = STALE_SECONDS + 1
    async with floor.client() as client:
        page = await client.get("/metrics")
        assert page.status == 200
        assert "sales_exporter_age_seconds 16.0\n" in await page.text()


async def test_the_page_has_no_parameters() -> None:
    async with Served().client() as client:
        answer = await client.get("/metrics?all=1")
        assert answer.status == 400
        assert await error_of(answer) == "unknown parameter 'all': there are none here"
