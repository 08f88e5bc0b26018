import pytest

from exporters import clock as clocks
from tests.exporters.floor import NOW
from tests.exporters.served import Client, Served


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
async def test_what_is_known_is_not_sent_again(client: Client, form: str) -> None:
    first = await client.get("/api/kpis")
    tag = first.headers["ETag"]
    assert (first.headers["Cache-Control"], tag[0], tag[-1]) == ("no-cache", '"', '"')
    again = await client.get("/api/kpis", headers={"If-None-Match": form.format(tag)})
    assert (again.status, await again.read(), again.headers["ETag"]) == (304, b"", tag)
    assert again.headers["Cache-Control"] == "no-cache"
    assert "Floorpulse-Age-Seconds" in again.headers


@pytest.mark.parametrize("known", ['"other"', "", "nonsense"])
async def test_what_is_not_known_is_sent(client: Client, known: str) -> None:
    answer = await client.get("/api/kpis", headers={"If-None-Match": known})
    assert answer.status == 200
    assert await answer.read()


async def test_other_bytes_have_another_tag(client: Client) -> None:
    tags = {(await client.get(path)).headers["ETag"] for path in ("/api/kpis", "/api/kpis?all=1", "/api/goals")}
    assert len(tags) == 3
    later = Served(clock=clocks.fixed(NOW + 1_000_000))
    async with later.client() as other:
        assert (await other.get("/api/kpis")).headers["ETag"] not in tags


async def test_errors_and_what_is_no_number_have_no_tag(client: Client) -> None:
    for path in ("/api/kpis?all=x", "/healthz", "/metrics"):
        assert "ETag" not in (await client.get(path)).headers
