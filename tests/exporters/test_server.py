import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import ClientSession, web

from exporters.server import AddressError, serve


def application() -> web.Application:
    async def hello(_request: web.Request) -> web.Response:
        return web.Response(text="hello")

    site = web.Application()
    site.add_routes([web.get("/", hello)])
    return site


async def forever() -> None:
    await asyncio.Event().wait()


class Announced:
    """Waits for the address."""

    def __init__(self) -> None:
        self.url = ""
        self.known = asyncio.Event()

    def __call__(self, url: str) -> None:
        self.url = url
        self.known.set()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_free_port_is_announced_answers_and_is_free_again_after_a_signal(number: signal.Signals) -> None:
    announced = Announced()
    serving = asyncio.create_task(serve(application(), forever, "127.0.0.1", 0, announced))
    await announced.known.wait()
    async with ClientSession() as client, client.get(announced.url) as answer:
        assert await answer.text() == "hello"
    os.kill(os.getpid(), number)
    await serving
    port = int(announced.url.rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)):
        pass


async def test_what_is_being_answered_when_the_signal_comes_is_answered() -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_request: web.Request) -> web.Response:
        asked.set()
        await go_on.wait()
        return web.Response(text="done")

    site = web.Application()
    site.add_routes([web.get("/", slow)])
    announced = Announced()
    serving = asyncio.create_task(serve(site, forever, "127.0.0.1", 0, announced))
    await announced.known.wait()
    async with ClientSession() as client:
        answering = asyncio.create_task(client.get(announced.url))
        await asked.wait()
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0)
        go_on.set()
        assert await (await answering).text() == "done"
    await serving


async def test_a_port_in_use_is_one_line_with_the_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressError) as raised:
            await serve(application(), forever, "127.0.0.1", port, Announced())
    assert str(raised.value) == f"port {port} of 127.0.0.1 is in use: give another --port, or 0 for any free one"


async def test_an_address_of_another_machine_is_one_line_with_the_remedy() -> None:
    with pytest.raises(
        AddressError, match=r"^cannot listen on 192\.0\.2\.1 port 0 \(.*\): give another --host or --port$"
    ):
        await serve(application(), forever, "192.0.2.1", 0, Announced())


async def broken() -> None:
    raise LookupError("rows that cannot be read")


async def test_what_stops_the_following_stops_the_server() -> None:
    with pytest.raises(LookupError, match="rows that cannot be read"):
        await serve(application(), broken, "127.0.0.1", 0, Announced())


async def test_the_following_is_ended_with_the_server() -> None:
    ended = asyncio.Event()

    async def follow() -> None:
        try:
            await forever()
        finally:
            ended.set()

    announced = Announced()
    following: Callable[[], Awaitable[None]] = follow
    serving = asyncio.create_task(serve(application(), following, "127.0.0.1", 0, announced))
    await announced.known.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    await serving
    assert ended.is_set()
