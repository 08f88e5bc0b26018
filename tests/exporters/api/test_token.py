import pytest

from tests.exporters.served import Served, error_of

TOKEN = "correct-horse-battery"


@pytest.mark.parametrize(
    "shown",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer correct-horse",
        f"Basic {TOKEN}",
        TOKEN,
        f"Bearer {TOKEN}x",
        "Bearer é\udcff",
    ],
)
@pytest.mark.parametrize("path", ["/metrics", "/api/kpis", "/nothing"])
async def test_who_does_not_show_the_token_learns_nothing_but_what_is_wanted(path: str, shown: str | None) -> None:
    headers = {} if shown is None else {"Authorization": shown}
    async with Served(token=TOKEN).client() as client:
        answer = await client.get(path, headers=headers)
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        said = await error_of(answer)
    assert said == "this needs the header Authorization: Bearer TOKEN, with the token of [api]"


async def test_who_shows_the_token_is_answered() -> None:
    async with Served(token=TOKEN).client() as client:
        for scheme in ("Bearer", "bearer"):
            for path in ("/metrics", "/api/kpis"):
                assert (await client.get(path, headers={"Authorization": f"{scheme} {TOKEN}"})).status == 200
        assert (await client.get("/nothing", headers={"Authorization": f"Bearer {TOKEN}"})).status == 404


async def test_whether_it_lives_and_is_ready_needs_no_token() -> None:
    async with Served(token=TOKEN).client() as client:
        assert (await client.get("/healthz")).status == 200
        assert (await client.get("/readyz")).status == 200


async def test_without_a_token_everybody_is_answered() -> None:
    async with Served().client() as client:
        assert (await client.get("/api/kpis")).status == 200
