import asyncio

import msgspec
import pytest

from exporters import view
from tests.exporters.floor import EVENTS, NOW
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


async def test_what_is_forgotten_while_somebody_waits_is_not_shown_half() -> None:
    floor = Served()
    async with floor.follower.lock:
        waiting = asyncio.create_task(floor.view.read(lambda _mirror, now: now))
        await asyncio.sleep(0)
        floor.follower._forget()

    with pytest.raises(view.NotReadyError):
        await waiting


def test_a_view_is_prepared_part_by_part_and_shows_then_what_it_would_show_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    floor, at_once = Served(), Served()
    monkeypatch.setattr(view, "ROWS_A_PART", 7)
    rows = len(floor.replay.state.tally)

    parts = 1
    while floor.view.prepare(floor.follower.state):
        assert not floor.view.shown.samples
        parts += 1

    assert parts == -(-rows // 7) > 1
    assert at_once.view.prepare(at_once.follower.state)
    at_once.view.shown.look(at_once.follower.state, NOW)
    assert dict(floor.view.shown.samples.items()) == dict(at_once.view.shown.samples.items()) != {}
