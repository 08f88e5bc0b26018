import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, given, seed, settings

from exporters.api.openapi import PATH, openapi
from exporters.api.table import ENDPOINTS
from tests.exporters.served import Client, Served

DOCUMENT = openapi(ENDPOINTS)
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
EXAMPLES = 25


async def test_the_document_is_served(client: Client) -> None:
    answer = await client.get(PATH)
    assert answer.content_type == "application/json"
    assert await answer.json() == DOCUMENT


def test_every_endpoint_is_described_with_what_may_go_wrong() -> None:
    assert set(DOCUMENT["paths"]) == {each.path for each in ENDPOINTS}
    for path, methods in DOCUMENT["paths"].items():
        assert {"200", "400", "500"} <= methods["get"]["responses"].keys()
        if path.startswith("/api/"):
            assert {"304", "401", "503"} <= methods["get"]["responses"].keys()


@contextmanager
def listening(served: Served) -> Iterator[str]:
    """The site on loopback, in a thread of its own: who asks it waits for answers."""
    loop = asyncio.new_event_loop()
    server = TestServer(served.application())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(server.start_server(), loop).result(10)
        yield str(server.make_url("")).rstrip("/")
        asyncio.run_coroutine_threadsafe(server.close(), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.mark.parametrize("path", [each.path for each in ENDPOINTS])
def test_whatever_is_asked_the_answer_is_as_described(path: str) -> None:
    operation = SCHEMA[path]["GET"]
    with listening(Served()) as url:

        @seed(0)
        @settings(max_examples=EXAMPLES, database=None, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(base_url=url)

        ask()
