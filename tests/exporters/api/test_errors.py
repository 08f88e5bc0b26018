from structlog.testing import capture_logs

from tests.exporters.served import Client, Served, error_of


async def test_an_unknown_path_is_an_error_that_says_what_there_is(client: Client) -> None:
    answer = await client.get("/api/kpi")
    assert answer.status == 404
    there = (await error_of(answer)).removeprefix("nothing is here: there are ").split(", ")
    assert there == sorted(there)
    assert {"/api/kpis", "/api/reps/{rep}", "/healthz", "/metrics"} <= set(there)


async def test_nothing_can_be_written(client: Client) -> None:
    answer = await client.post("/api/kpis")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert await error_of(answer) == "only GET, HEAD"


async def test_a_fault_of_ours_is_an_error_without_our_secrets() -> None:
    floor = Served(clock=lambda seen: 1 // 0)
    async with floor.client() as client:
        answer = await client.get("/api/kpis")
        assert answer.status == 500
        assert await error_of(answer) == "this is a fault of the exporter: its log says which"
        assert (await client.get("/healthz")).status == 200


async def test_the_log_of_a_fault_of_ours_names_no_rep() -> None:
    floor = Served(clock=lambda seen: 1 // 0)
    async with floor.client() as client:
        with capture_logs() as logged:
            assert (await client.get("/api/reps/anna@example.com")).status == 500

    assert [(line["event"], line["path"]) for line in logged] == [("request_failed", "/api/reps/{rep}")]
