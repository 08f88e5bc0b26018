import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientSession

from kpi_state.apply import fingerprint
from kpi_state.definitions import Definitions
from kpi_state.explain.asking import Ask, decode_told, encode_ask
from streams import serving as module
from streams.errors import StreamError
from streams.explaining import AskedError, BusyError, Explainer, LateError, NotReadyError
from streams.serving import Listen, Site, serving
from tests.streams.fakes import App

QUESTION = Ask(fingerprint(Definitions()), "leads_created", [], [0, 1])
JSON = {"Content-Type": "application/json"}


@asynccontextmanager
async def site(app: App | None, token: str = "") -> AsyncIterator[ClientSession]:
    """A client of a worker's site on a free port."""
    made = Site(token)
    if app is not None:
        some: Any = app
        made.open(some)
    async with serving(Listen("127.0.0.1", 0, token=token), made) as url, ClientSession(url) as client:
        yield client


async def test_before_it_owns_anything_it_lives_and_is_not_ready() -> None:
    async with site(None) as client:
        alive, ready = await client.get("/healthz"), await client.get("/readyz")
        told = await client.post("/explain", data=encode_ask(QUESTION), headers=JSON)

        assert (alive.status, ready.status, told.status) == (200, 503, 503)
        assert await ready.json() == {"ready": False, "partitions": []}
        assert "sales_worker_ready 0.0" in await (await client.get("/metrics")).text()


async def test_it_says_what_it_owns_and_how_its_process_is() -> None:
    app = App()
    shard, _ = app.shard()
    async with site(app) as client:
        assert await (await client.get("/readyz")).json() == {"ready": True, "partitions": [0]}
        page = await client.get("/metrics")

        assert page.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        text = await page.text()
        for name in ("sales_worker_ready 1.0", "process_resident_memory_bytes", "python_gc_objects_collected_total"):
            assert name in text
    await shard.stop()


async def test_while_partitions_change_hands_it_is_not_ready() -> None:
    app = App()
    app.ready = False
    async with site(app) as client:
        assert (await client.get("/readyz")).status == 503
        assert (await client.post("/explain", data=encode_ask(QUESTION), headers=JSON)).status == 503


async def test_a_question_is_answered() -> None:
    app = App()
    shard, _ = app.shard()
    async with site(app) as client:
        answer = await client.post("/explain", data=encode_ask(QUESTION), headers=JSON)

        told = decode_told(await answer.read())
        assert (answer.status, answer.content_type) == (200, "application/json")
        assert ([share.partition for share in told.partitions], told.not_owned) == ([0], [1])
    await shard.stop()


@pytest.mark.parametrize(
    ("sent", "headers", "status", "said"),
    [
        (b"{}", JSON, 400, "the question is not understood: Object missing required field `fingerprint`"),
        (b"{", JSON, 400, "the question is not understood"),
        (b'{"fingerprint": "\xff"}', JSON, 400, "the question is not understood: 'utf-8' codec"),
        (b'{"x": ' + b"[" * 100_000, JSON, 400, "the question is not understood: maximum recursion depth"),
        (encode_ask(QUESTION), {"Content-Type": "text/plain"}, 415, "expected Content-Type: application/json"),
        (encode_ask(Ask("1-x", "leads_created", [], [])), JSON, 409, "the question is about 1-x"),
        (encode_ask(Ask(QUESTION.fingerprint, "luck", [], [])), JSON, 400, "nothing contributes to 'luck'"),
    ],
)
async def test_what_is_wrong_with_a_question_is_one_line(
    sent: bytes, headers: dict[str, str], status: int, said: str
) -> None:
    async with site(App()) as client:
        answer = await client.post("/explain", data=sent, headers=headers)

        assert answer.status == status
        error = (await answer.json())["error"]
        assert error.startswith(said)
        assert "\n" not in error


async def test_a_question_that_would_take_long_to_read_is_refused_unread() -> None:
    async with site(App()) as client:
        answer = await client.post("/explain", data=BytesIO(b" " * ((4 << 20) + 1)), headers=JSON)

        assert answer.status == 413
        assert (await answer.json())["error"].startswith("Maximum request body size 4194304 exceeded")


@pytest.mark.parametrize("error", [BusyError(), LateError(2), NotReadyError()])
async def test_where_there_may_be_an_answer_later_it_says_so(
    error: AskedError, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def later(_self: Explainer, _asked: Ask) -> None:
        raise error

    monkeypatch.setattr(Explainer, "answer", later)
    async with site(App()) as client:
        answer = await client.post("/explain", data=encode_ask(QUESTION), headers=JSON)

        assert (answer.status, await answer.json()) == (503, {"error": str(error)})


async def test_who_leaves_takes_the_question_along(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, left = asyncio.Event(), asyncio.Event()

    async def endless(_self: Explainer, _asked: Ask) -> None:
        asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            left.set()

    monkeypatch.setattr(Explainer, "answer", endless)
    async with site(App()) as client:
        asking = asyncio.create_task(client.post("/explain", data=encode_ask(QUESTION), headers=JSON).__aenter__())
        await asked.wait()

        asking.cancel()

        await left.wait()


@pytest.mark.parametrize("given", [None, "Bearer wrong", "secret", "Bearer sécret"])
async def test_with_a_token_only_who_shows_it_sees_more_than_whether_it_is_well(given: str | None) -> None:
    shown = {} if given is None else {"Authorization": given}
    async with site(App(), "secret") as client:
        for answer in (
            await client.get("/metrics", headers=shown),
            await client.post("/explain", data=encode_ask(QUESTION), headers={**JSON, **shown}),
        ):
            assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert (await client.get("/healthz")).status == 200
        assert (await client.get("/readyz")).status == 200
        assert (await client.get("/metrics", headers={"Authorization": "Bearer secret"})).status == 200


async def test_a_token_that_is_no_text_is_a_wrong_one() -> None:
    async with serving(Listen("127.0.0.1", 0, token="secret"), Site("secret")) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\r\n\r\n")

        assert await reader.readline() == b"HTTP/1.1 401 Unauthorized\r\n"
        writer.close()
        await writer.wait_closed()


async def test_what_is_not_there_is_an_error_in_json_too() -> None:
    async with site(App()) as client:
        answer = await client.get("/nothing")
        assert (answer.status, await answer.json()) == (404, {"error": "404: Not Found"})


async def test_a_fault_of_ours_is_logged_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_self: Explainer, _asked: Ask) -> None:
        raise ValueError("a name")

    monkeypatch.setattr(Explainer, "answer", broken)
    async with site(App()) as client:
        answer = await client.post("/explain", data=encode_ask(QUESTION), headers=JSON)

        assert answer.status == 500
        assert await answer.json() == {"error": "this is a fault of the worker: its log says which"}


async def test_an_address_that_is_taken_is_refused_with_the_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StreamError, match=rf"^port {port} of 127.0.0.1 is in use: give another one to --listen"):
            async with serving(Listen("127.0.0.1", port), Site()):
                raise AssertionError


async def test_an_address_of_another_machine_is_refused_with_the_remedy() -> None:
    with pytest.raises(StreamError, match=r"^cannot listen on 192.0.2.1 port 0 .*: give another address to --listen$"):
        async with serving(Listen("192.0.2.1", 0), Site()):
            raise AssertionError


def test_others_reach_it_by_its_address_or_by_the_name_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "desk-1")

    assert [module._url(host, 9465) for host in ("127.0.0.1", "0.0.0.0", "::1", "::")] == [
        "http://127.0.0.1:9465",
        "http://desk-1:9465",
        "http://[::1]:9465",
        "http://desk-1:9465",
    ]


async def test_a_url_that_is_given_is_what_others_reach_it_by() -> None:
    async with serving(Listen("127.0.0.1", 0, url="https://worker-1.example"), Site()) as url:
        assert url == "https://worker-1.example"
