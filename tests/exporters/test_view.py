import msgspec

from tests.exporters.floor import EVENTS
from tests.exporters.served import Served, error_of


async def test_before_everything_published_was_read_there_are_no_numbers() -> None:
    floor = Served()
    floor.follower.caught_up = False
    async with floor.client() as client:
        for path in ("/metrics", "/api/kpis", "/api/kpis?all=1", "/api/goals", "/api/freshness"):
            answer = await client.get(path)
            assert answer.status == 503
            assert await error_of(answer) == "waiting for Kafka at nowhere:1"
        ready = await client.get("/readyz")
        assert (ready.status, (await ready.json())["reason"]) == (503, "waiting for Kafka at nowhere:1")
        assert (await client.get("/healthz")).status == 200


async def test_rows_are_applied_only_between_answers() -> None:
    floor = Served()
    async with floor.client() as client:
        async with floor.follower.lock:
            asked = client.get("/api/kpis?all=1")
            assert (await client.get("/healthz")).status == 200
        assert msgspec.json.decode(await (await asked).read())["input"]["read"] == len(EVENTS)
