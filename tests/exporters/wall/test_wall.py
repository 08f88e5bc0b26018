"""The stream of the wall, asked over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession
from msgspec.structs import replace

from exporters.wall import wall
from kpi_state.definitions import Privacy, RepLabels
from tests.exporters.wall.floor import NOW, Floor, call, floor


class Stream:
    def __init__(self, answer: ClientResponse) -> None:
        self.answer = answer

    async def next(self) -> dict[str, Any]:
        line = await self.answer.content.readline()
        assert line.startswith(b"data: "), line
        assert await self.answer.content.readline() == b"\n"
        said: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
        return said

    async def change(self) -> dict[str, Any]:
        """The next message that changes a row."""
        while not (message := await self.next())["rows"] and not message["gone"]:
            pass
        return message


@asynccontextmanager
async def looking(of: Floor, token: str = "") -> AsyncIterator[Stream]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with ClientSession() as session, session.get(of.url + "/events", headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        yield Stream(answer)


async def test_first_come_all_rows_then_what_changed() -> None:
    async with floor(3) as of, looking(of) as stream:
        whole = await stream.next()
        assert whole["kind"] == "whole"
        points = {(row["grain"], row["key"]): row["points"] for row in whole["rows"]}
        assert points["rep", "rep-2"] == 3
        assert points["org", "*"] == 6
        await of.happen(call("rep-2", 99))
        change = await stream.change()
        assert change["kind"] == "change"
        moved = {(row["grain"], row["key"]): row["points"] for row in change["rows"]}
        assert moved == {("rep", "rep-2"): 4, ("team", "Team 2"): 4, ("org", "*"): 7}


async def test_a_row_says_name_team_target_and_what_is_due() -> None:
    async with floor(1) as of, looking(of) as stream:
        rows = {row["grain"]: row for row in (await stream.next())["rows"]}
        assert rows["rep"] == rows["rep"] | {"name": "Anna Bos", "team": "Team 0", "target": 12, "attempts": 1}
        assert 0 < rows["rep"]["expected"] <= 12


async def test_everybody_who_looks_is_told() -> None:
    async with floor(2) as of, looking(of) as one, looking(of) as other:
        await one.next()
        await other.next()
        await of.happen(call("rep-1", 99))
        assert (await one.change())["rows"] == (await other.change())["rows"]


async def test_the_time_and_the_sources_come_every_second_when_nothing_changes() -> None:
    async with floor(1) as of, looking(of) as stream:
        await stream.next()
        tick = await stream.next()
        assert (tick["kind"], tick["rows"], tick["gone"]) == ("change", [], [])
        assert tick["as_of"] == "2024-06-06T15:59:45Z"
        assert tick["sources"] == [{"name": "/crm", "behind_seconds": 0.0}]


async def test_what_is_not_current_says_why() -> None:
    async with floor(1) as of, looking(of) as stream:
        assert (await stream.next())["reason"] == ""
        of.served.time = 60
        assert (await stream.next())["reason"].startswith("stale for 60 s")


async def test_up_to_when_numbers_are_whole_stands_still_while_they_are_stale() -> None:
    async with floor(1) as of, looking(of) as stream:
        of.served.time = 5
        while (message := await stream.next())["current_at"] != "2024-06-06T15:59:40Z":
            pass
        assert message["reason"] == ""
        of.served.time, of.now = 60, NOW + 55_000_000
        while not (message := await stream.next())["reason"]:
            pass
        assert (message["as_of"], message["current_at"]) == ("2024-06-06T16:00:40Z", "2024-06-06T15:59:40Z")


async def test_a_new_day_begins_at_nought_by_itself() -> None:
    """Nothing is published at midnight; the clock alone says it."""
    async with floor(1) as of, looking(of) as stream:
        await stream.next()
        of.now += 86_400_000_000
        points: dict[str, int] = {}
        gone: list[list[str]] = []
        while len(points) + len(gone) < 3:
            message = await stream.change()
            points |= {row["grain"]: row["points"] for row in message["rows"]}
            gone += message["gone"]
        assert not any(points.values())
        await of.happen(call("rep-0", 100, "2024-06-07"))
        assert {row["grain"]: row["points"] for row in (await stream.change())["rows"]} == dict.fromkeys(
            ("rep", "team", "org"), 1
        )


async def test_what_is_due_by_now_goes_on_with_the_clock() -> None:
    async with floor(2) as of, looking(of) as stream:
        before = {row["key"]: row["expected"] for row in (await stream.next())["rows"]}
        of.now = NOW - 4 * 3_600_000_000
        change = await stream.change()
        assert {row["key"] for row in change["rows"]} == before.keys()
        assert all(row["expected"] < before[row["key"]] for row in change["rows"])


async def test_numbers_that_are_being_read_anew_stay_and_say_so() -> None:
    async with floor(1) as of, looking(of) as stream:
        await stream.next()
        of.follower.caught_up = False
        of.follower.doing = "reading the published state from its beginning"
        of.follower.moved.set()
        while not (message := await stream.next())["reason"]:
            pass
        assert (message["reason"], message["gone"]) == (of.follower.doing, [])


async def test_half_a_history_is_no_wall() -> None:
    async with floor(1) as of:
        of.follower.caught_up = False
        async with ClientSession() as session, session.get(of.url + "/events") as answer:
            assert answer.status == 503
            assert "waiting for Kafka" in (await answer.json())["error"]


async def test_who_goes_while_nothing_can_be_read_takes_nobody_along() -> None:
    """The run must not end of it, since the exporter ends with it."""
    async with floor(1) as of:
        async with looking(of) as stream:
            await stream.next()
        made = wall.Wall(of.served.view)
        run = asyncio.create_task(made.run())
        client = wall.Client(asyncio.Queue(), None)
        async with made._looking:
            made._clients.add(client)
            made._somebody.set()
            await asyncio.sleep(0)  # the run waits for its turn
            made._clients.discard(client)
            of.follower.caught_up = False
        while made._somebody.is_set() and not run.done():
            await asyncio.sleep(0)
        assert not run.done()
        run.cancel()


async def test_who_cannot_keep_up_is_disconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wall, "QUEUED", 1)
    async with floor(1) as of, looking(of) as slow:
        await slow.next()
        made = wall.Wall(of.served.view)
        task = asyncio.create_task(asyncio.Event().wait())
        client = wall.Client(asyncio.Queue(1), task)
        made._clients.add(client)
        await made._look()
        assert not task.cancelling()
        await made._look()
        assert task.cancelling()
        assert not made._clients
        await asyncio.gather(task, return_exceptions=True)


async def test_more_screens_than_are_allowed_are_refused_until_one_goes() -> None:
    async with floor(1) as of, ClientSession() as session:
        view = of.served.view
        view.settings = replace(view.settings, limits=replace(view.settings.limits, walls=2))

        async def said() -> tuple[str, ...]:
            async with session.get(of.url.replace("/wall", "/metrics/process")) as answer:
                lines = (await answer.text()).splitlines()
            return tuple(line for line in lines if line.startswith("sales_exporter_walls"))

        async with looking(of) as one:
            await one.next()
            async with looking(of) as two:
                await two.next()
                async with session.get(of.url + "/events") as answer:
                    assert answer.status == 503
                    assert await answer.json() == {
                        "error": "as many screens show the wall as [limits] walls allows (2): raise it or close one"
                    }
                assert "sales_exporter_walls 2.0" in await said()
                assert "sales_exporter_walls_refused_total 1.0" in await said()
                async with session.get(of.url) as page:
                    assert page.status == 200
            while "sales_exporter_walls 1.0" not in await said():
                await one.next()
            async with looking(of) as three:
                assert (await three.next())["kind"] == "whole"
            await one.next()


async def test_an_exporter_that_is_told_to_stop_lets_who_looks_go() -> None:
    async with floor(1) as of, looking(of) as stream:
        await stream.next()
        await asyncio.wait_for(of.stop(), 4)  # less than what a request that is being answered gets
        await stream.answer.content.read()
        assert stream.answer.content.at_eof()


async def test_a_fault_ends_the_run_and_with_it_the_exporter() -> None:
    async with floor(1) as of, looking(of) as stream:
        await stream.next()
        of.follower.state = None  # type: ignore[assignment]
        assert of.run is not None
        with pytest.raises(AttributeError):
            await of.run


async def test_a_wall_without_names_has_none() -> None:
    async with floor(3, Privacy(rep_labels="none", team_min_size=1)) as of, looking(of) as stream:
        whole = await stream.next()
        assert whole["people"] is False
        assert {row["grain"] for row in whole["rows"]} == {"team", "org"}


@pytest.mark.parametrize(("labels", "named"), [("names", True), ("ids", False), ("pseudonyms", False)])
async def test_names_are_sent_only_where_they_may_be(labels: RepLabels, named: bool) -> None:
    async with floor(3, Privacy(rep_labels=labels, team_min_size=1)) as of, looking(of) as stream:
        reps = [row for row in (await stream.next())["rows"] if row["grain"] == "rep"]
        assert len(reps) == 3
        assert {bool(row["name"]) for row in reps} == {named}
        assert any(row["key"] == "rep-0" for row in reps) == (labels != "pseudonyms")


async def test_a_team_that_is_too_small_is_not_sent() -> None:
    async with floor(9, Privacy(rep_labels="none", team_min_size=3)) as of, looking(of) as stream:
        teams = {row["key"] for row in (await stream.next())["rows"] if row["grain"] == "team"}
        assert teams == {"Team 0"}  # of nine reps in four teams it alone has three


async def test_the_page_is_for_anybody_and_its_numbers_for_who_shows_the_token() -> None:
    async with floor(1, token="secret") as of:
        async with ClientSession() as session:
            for path in ("", "/wall.css", "/wall.js"):
                async with session.get(of.url + path) as answer:
                    assert answer.status == 200
            async with session.get(of.url + "/events") as answer:
                assert answer.status == 401
        async with looking(of, "secret") as stream:
            assert (await stream.next())["kind"] == "whole"


async def test_the_page_needs_nothing_from_elsewhere_and_is_not_sent_again() -> None:
    async with floor(1) as of, ClientSession() as session, session.get(of.url) as answer:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        text = await answer.text()
        assert "http" not in text
        async with session.get(of.url, headers={"If-None-Match": answer.headers["ETag"]}) as again:
            assert again.status == 304
