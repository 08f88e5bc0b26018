from exporters.follower import STALE_SECONDS
from tests.exporters.served import Served


async def test_what_is_stale_is_served_and_not_ready() -> None:
    floor = Served()
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
