import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from structlog.testing import capture_logs

from exporters.workers import Heard, ask_workers
from kpi_state.explain.asking import Ask, Share, Told, decode_ask, encode_told

TLS_HANDSHAKE = 22
"""First byte of what a client of TLS says. Source: RFC 8446."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def worker(handler: Handler) -> AsyncIterator[str]:
    site = web.Application()
    site.add_routes([web.post("/explain", handler)])
    server = TestServer(site)
    await server.start_server()
    try:
        yield str(server.make_url("")).rstrip("/")
    finally:
        await server.close()


def asking(partitions: list[int]) -> Ask:
    return Ask("1-a", "touchpoints", [("anna", "Q", 5, 0, ("call",))], partitions, 7)


async def tells(request: web.Request) -> web.Response:
    """Owns what it is asked about."""
    asked = decode_ask(await request.read())
    assert request.content_type == "application/json"
    shares = [Share(partition, 1, [(0, (1, 0, 0))], [], 0) for partition in asked.partitions]
    return web.Response(body=encode_told(Told("1-a", shares, [], 0.1)), content_type="application/json")


async def test_each_worker_is_asked_once_about_all_its_partitions() -> None:
    async with worker(tells) as one, worker(tells) as two:
        heard = await ask_workers({0: one, 1: two, 2: one}, asking)
    assert {each.url: each.partitions for each in heard} == {one: (0, 2), two: (1,)}
    assert all(each.told and [s.partition for s in each.told.partitions] == list(each.partitions) for each in heard)


@pytest.mark.parametrize(("token", "shown"), [("", None), ("correct-horse-battery", "Bearer correct-horse-battery")])
async def test_the_token_is_shown_where_there_is_one(token: str, shown: str | None) -> None:
    seen: list[str | None] = []

    async def looks(request: web.Request) -> web.StreamResponse:
        seen.append(request.headers.get("Authorization"))
        return await tells(request)

    async with worker(looks) as url:
        await ask_workers({0: url}, asking, token)
    assert seen == [shown]


async def trouble(handler: Handler) -> str:
    async with worker(handler) as url:
        (heard,) = await ask_workers({0: url}, asking, seconds=0.3)
    assert heard.told is None
    return heard.trouble


async def test_what_a_worker_refuses_is_passed_on_in_a_line() -> None:
    async def busy(_request: web.Request) -> web.Response:
        return web.json_response({"error": "partitions change hands\njust now"}, status=503)

    async def broken(_request: web.Request) -> web.Response:
        return web.Response(text="<html>", status=500)

    async def latin(_request: web.Request) -> web.Response:
        return web.Response(body='{"error": "geöffnet"}'.encode("latin-1"), status=502)

    assert await trouble(busy) == "it answered 503: partitions change hands just now"
    assert await trouble(broken) == "it answered 500: it does not say why"
    assert await trouble(latin) == "it answered 502: it does not say why"


async def test_an_answer_of_another_kind_is_not_believed() -> None:
    async def other(_request: web.Request) -> web.Response:
        return web.json_response({"partitions": "all"})

    async def deep(_request: web.Request) -> web.Response:
        return web.Response(body=b'{"x": ' + b"[" * 100_000)

    for answers in (other, deep):
        assert await trouble(answers) == "its answer cannot be read: is it of another version?"


async def test_a_worker_that_takes_too_long_is_not_waited_for() -> None:
    async def sleeps(_request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    assert await trouble(sleeps) == "it did not answer within 0.3 s"


@pytest.mark.parametrize("url", [f"http://127.0.0.1:{unused_port()}", "http://127.0.0.1:99999", "nonsense"])
async def test_a_worker_that_is_gone_is_said_and_the_others_are_heard(url: str) -> None:
    async with worker(tells) as well:
        heard = await ask_workers({0: url, 1: well}, asking)
    by_url: dict[str, Heard] = {each.url: each for each in heard}
    assert by_url[url].told is None
    assert by_url[url].trouble.startswith("it cannot be reached (")
    assert by_url[well].told is not None


async def test_where_nobody_can_be_asked_nobody_is() -> None:
    assert await ask_workers({}, asking) == []


async def test_a_token_that_others_can_read_on_the_way_is_said_once() -> None:
    owners = {
        0: "http://worker.invalid:1",
        1: "https://worker.invalid:1",
        2: "http://127.0.0.1:1",
        3: "http://[::1]:1",
        4: "http://localhost:1",
        5: "http://[worker.invalid",
    }
    with capture_logs() as said:
        await ask_workers(owners, asking)
        assert said == []
        await ask_workers(owners, asking, "correct-horse-battery")
        await ask_workers(owners, asking, "correct-horse-battery")

    assert [(each["event"], each["url"]) for each in said] == [("token_in_the_clear", "http://worker.invalid:1")]
    assert "https" in said[0]["remedy"]


async def test_a_worker_behind_tls_is_spoken_to_in_tls_alone() -> None:
    heard_bytes = asyncio.get_running_loop().create_future()

    async def listens(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard_bytes.set_result(await reader.read(1 << 16))
        writer.close()

    server = await asyncio.start_server(listens, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        (answer,) = await ask_workers({0: f"https://127.0.0.1:{port}/worker-1"}, asking, "correct-horse-battery")

    hello = await heard_bytes
    assert hello[0] == TLS_HANDSHAKE
    assert b"Bearer" not in hello
    assert answer.trouble.startswith("it cannot be reached (Client")
