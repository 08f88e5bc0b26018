import asyncio
import copy
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, given, seed, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from exporters.api.openapi import PATH, openapi
from exporters.api.table import ENDPOINTS
from tests.exporters.served import Client, Served

DOCUMENT = openapi(ENDPOINTS)
EXAMPLES = 25
KNOWN = {
    "rep": ["anna", "bela", "unmapped"],
    "team": ["Delhi", 'Zuid "A"\\'],
    "key": ["anna", "Delhi", "*"],
    "window": ["day", "month", "fiscal_year", "now"],
    "bucket": ["2024-06-06", "2024-06", "FY2024", ""],
    "label": ["channel=call", "currency=EUR"],
}
"""Parameter → what means something on the floor that is asked: of any text nearly all is a name that nobody has."""


def asked_about() -> dict[str, Any]:
    """The document with the names above, and one that nobody has, in place of any text."""
    document = copy.deepcopy(DOCUMENT)
    for methods in document["paths"].values():
        for parameter in methods["get"].get("parameters", []):
            if known := KNOWN.get(parameter["name"]):
                schema = parameter["schema"]
                text = schema["items"] if schema.get("type") == "array" else schema
                text.clear()
                text["enum"] = [*known, "2024"]
    return document


SCHEMA = schemathesis.openapi.from_dict(asked_about())
POSITIVE, NEGATIVE = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
ASKED = [(endpoint.path, POSITIVE) for endpoint in ENDPOINTS]
ASKED += [(path, NEGATIVE) for path in ("/api/leaderboard", "/api/explain")]


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
    finally:
        asyncio.run_coroutine_threadsafe(server.close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.mark.parametrize(("path", "mode"), ASKED)
def test_whatever_is_asked_the_answer_is_as_described(path: str, mode: schemathesis.GenerationMode) -> None:
    operation = SCHEMA[path]["GET"]
    answered: Counter[int] = Counter()
    with listening(Served()) as url:

        @seed(0)
        @settings(max_examples=EXAMPLES, database=None, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case[Any]) -> None:
            # What a name means is not for the document to say: a rep whom nobody knows is refused.
            answer = case.call_and_validate(base_url=url, excluded_checks=[positive_data_acceptance])
            answered[answer.status_code] += 1

        ask()
    # A number that can be explained is hard to guess: tests/exporters/api/test_explain.py asks for some.
    assert answered[200] or mode is NEGATIVE or path == "/api/explain", answered
