import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from typing import Any, Literal

import pytest
from aiokafka import TopicPartition
from redis.exceptions import NoPermissionError
from structlog.testing import capture_logs

from exporters import clock as clocks
from exporters.clock import Clock
from exporters.current import one_a_window
from exporters.follower import STALE_SECONDS, Follower
from exporters.mirror import Mirror
from exporters.privacy import Disguise
from exporters.read_model import Picture
from exporters.redis_feed import LONGEST_REST_SECONDS, LONGEST_RETRY_SECONDS, LOOK_SECONDS, Feed, client
from exporters.shown import Shown
from kpi_state.apply import fingerprint
from kpi_state.definitions import Limits, Privacy
from kpi_state.read.sample import Person
from kpi_state.read.samples import Reader
from kpi_state.replay import Replay
from tests.brokers import ROOT
from tests.exporters.floor import EVENTS, NOW, SETTINGS, published, seen
from tests.exporters.pictures import picture
from tests.redis_servers import RedisServer
from tests.statements import lead, rep

Mode = Literal["names", "ids", "pseudonyms", "none"]


class Floor:
    """What an exporter followed, without Kafka, and what it feeds; time passes only when told."""

    def __init__(
        self, url: str, clock: Clock | None = None, privacy: Privacy | None = None, limits: Limits | None = None
    ) -> None:
        self.time = 0.0
        own = fingerprint(SETTINGS.definitions)
        self.follower = Follower(
            "nowhere:1", "tally", "roster", lambda: Mirror(Reader(SETTINGS), own), monotonic=lambda: self.time
        )
        self.follower.caught_up = True
        self.url = url
        self.redis: Any = client(url)
        self.feed = Feed(
            self.follower,
            clock or clocks.fixed(NOW),
            Shown(Disguise(privacy or Privacy(rep_labels="names"), b"key"), limits or Limits()),
            self.redis,
            "floor:",
            monotonic=lambda: self.time,
        )

    def follow(self, replay: Replay) -> None:
        """Everything that one partition published of it."""
        rows = list(published(replay))
        for table, key, value in rows:
            (self.follower.state.tally if table == "tally" else self.follower.state.roster)(0, key, value)
        self.follower._positions[TopicPartition("tally", 0)] = replay.read

    async def held(self) -> Picture:
        return await self.feed._writer._read(set())


@pytest.fixture
async def floor(redis_server: RedisServer) -> AsyncIterator[Floor]:
    """One that followed the floor of the tests, and a server."""
    await redis_server.start()
    floor = Floor(redis_server.url)
    floor.follow(seen())
    yield floor
    await floor.redis.aclose()


def shown(replay: Replay, people: Iterable[Person]) -> Picture:
    return held_of(replay, Disguise(Privacy(rep_labels="names")), people)


def held_of(replay: Replay, disguise: Disguise, people: Iterable[Person]) -> Picture:
    """The read model of a replay, made at once."""
    people, reader = list(people), replay.reader()
    samples = disguise.samples(one_a_window(reader.samples(replay.as_of, current=True, supporting=True)), people)
    return picture(samples, disguise.people(people), disguise.goals(reader.goals(replay.as_of), people))


def people(floor: Floor) -> list[Person]:
    return floor.follower.state.rows.people(NOW)


def said(logs: Iterable[Any]) -> list[tuple[str, str]]:
    return [(each["log_level"], each["doing"]) for each in logs if each["event"] == "read_model"]


async def test_what_is_there_equals_the_samples_current_at_the_clock(floor: Floor) -> None:
    assert await floor.feed.look() == LOOK_SECONDS

    held = await floor.held()
    assert held == shown(seen(), people(floor))
    assert len(held.boards) > 20
    assert (await floor.redis.hgetall("floor:now"))["version"] == str(len(EVENTS))


async def test_the_page_describes_every_key_and_every_field_of_a_change(floor: Floor) -> None:
    await floor.feed.look()
    page = (ROOT / "docs" / "redis.md").read_text()
    described = {
        name for row in re.findall(r"^\| (`.*?) \|", page, re.MULTILINE) for name in re.findall(r"`(.*?)`", row)
    }
    shapes = [re.sub("TEAM|REP|PLACE", ".+", name) for name in described]

    keys = [key.removeprefix("floor:") async for key in floor.redis.scan_iter()]
    assert [key for key in keys if not any(re.fullmatch(shape, key) for shape in shapes)] == []
    assert [shape for shape in shapes if not any(re.fullmatch(shape, key) for key in keys)] == []
    (_, change), *_ = await floor.redis.xrange("floor:changes", count=1)
    sentence = page[page.index("**A change**") :].partition("\n\n")[0]
    assert [field for field in change if f"`{field}`" not in sentence] == []


async def test_the_user_of_the_page_may_read_and_nothing_else(floor: Floor) -> None:
    await floor.feed.look()
    (rule,) = re.findall(r"`ACL SETUSER (.*?)`", (ROOT / "docs" / "redis.md").read_text())
    await floor.redis.execute_command("ACL", "SETUSER", *rule.replace("floorpulse:", "floor:").split())

    reader: Any = client(f"{floor.url}&username=board&password=PASSWORD")
    assert await reader.zrevrange("floor:board:rep:touchpoints:day", 0, 9)
    assert await reader.xread({"floor:changes": "0"}, count=1, block=1)
    for forbidden in (reader.delete("floor:now"), reader.get("theirs"), reader.flushall()):
        with pytest.raises(NoPermissionError):
            await forbidden
    await reader.aclose()


async def test_a_look_at_the_same_adds_nothing_to_the_stream(floor: Floor) -> None:
    await floor.feed.look()
    before = await floor.redis.xlen("floor:changes")
    await floor.feed.look()

    assert before > 0
    assert await floor.redis.xlen("floor:changes") == before


async def test_an_event_adds_what_it_changes_and_nothing_else(floor: Floor) -> None:
    await floor.feed.look()
    (last, _), *_ = await floor.redis.xrevrange("floor:changes", count=1)
    more = seen((*EVENTS, lead("l9", "2024-06-06", owner_id="bela", created_at="2024-06-06", origin="fair")))
    old = await floor.held()
    floor.follow(more)
    await floor.feed.look()

    new = shown(more, people(floor))
    told = [fields for _, fields in await floor.redis.xrange("floor:changes", min=f"({last}")]
    assert await floor.held() == new
    assert {(each["grain"], each["key"]) for each in told} == {("rep", "bela"), ("team", "Delhi"), ("org", "*")}
    changed = {
        text
        for name in new.hashes.keys() - {"reps"}
        for place, text in new.hashes[name].items()
        if old.hashes[name].get(place) != text
    }
    assert {each["number"] for each in told} == changed
    assert {each["version"] for each in told} == {str(len(EVENTS) + 1)}


async def test_a_bucket_that_passed_goes(redis_server: RedisServer) -> None:
    await redis_server.start()
    now = NOW
    floor = Floor(redis_server.url, lambda _seen: now)
    floor.follow(seen())
    await floor.feed.look()
    assert await floor.redis.exists("floor:board:rep:touchpoints:hour")
    now += 3 * 3_600_000_000
    await floor.feed.look()

    assert not await floor.redis.exists("floor:board:rep:touchpoints:hour")
    assert await floor.held() == shown(seen(now=now), people(floor))
    await floor.redis.aclose()


async def test_a_rep_who_is_deleted_is_in_no_key_any_more(floor: Floor) -> None:
    await floor.feed.look()
    assert "bela" in (await floor.held()).hashes["reps"]
    more = seen((*EVENTS, rep("bela", "2024-06-06", deleted=True)))
    floor.follow(more)
    await floor.feed.look()

    held = await floor.held()
    assert "kpis:rep:bela" not in held.hashes
    assert "bela" not in held.hashes["reps"]
    assert not any("bela" in board for board in held.boards.values())
    assert held == shown(more, people(floor))


@pytest.mark.parametrize("mode", ["names", "ids", "pseudonyms", "none"])
async def test_people_are_shown_as_on_the_page(redis_server: RedisServer, mode: Mode) -> None:
    await redis_server.start()
    privacy = Privacy(rep_labels=mode, team_min_size=1)
    floor = Floor(redis_server.url, privacy=privacy)
    floor.follow(seen())
    await floor.feed.look()

    disguise = Disguise(privacy, b"key")
    held = await floor.held()
    assert held == held_of(seen(), disguise, people(floor))
    assert ("kpis:rep:anna" in held.hashes) == (mode in {"names", "ids"})
    assert ("Anna Bos" in str(held)) == (mode == "names")
    await floor.redis.aclose()


async def test_free_text_has_as_many_values_as_on_the_page(redis_server: RedisServer) -> None:
    await redis_server.start()
    floor = Floor(redis_server.url, limits=Limits(label_values=1))
    origins = {"web": 3, "fair": 2, "phone": 1}
    leads = [
        lead(f"o{origin}{n}", "2024-06-06 10:00", created_at="2024-06-06 10:00", owner_id="anna", origin=origin)
        for origin, count in origins.items()
        for n in range(count)
    ]
    floor.follow(seen((*EVENTS, *leads)))
    await floor.feed.look()

    board = "floor:board:rep:leads_created:day:origin="
    held = {
        key.removeprefix(board): await floor.redis.zscore(key, "anna")
        async for key in floor.redis.scan_iter(f"{board}*")
    }
    assert held == {"web": 3, "other": 3}
    await floor.redis.aclose()


async def test_half_a_history_and_what_is_stale_is_not_written(floor: Floor) -> None:
    floor.follower.caught_up = False
    await floor.feed.look()
    floor.follower.caught_up, floor.time = True, STALE_SECONDS + 1
    await floor.feed.look()

    assert await floor.redis.dbsize() == 0


async def test_redis_being_away_is_said_once_and_waited_for_longer_and_longer(
    floor: Floor, redis_server: RedisServer
) -> None:
    with capture_logs() as logs:
        await floor.feed.look()
        redis_server.kill()
        waits = [await floor.feed.look() for _ in range(8)]
        await redis_server.start()
        assert await floor.feed.look() == LOOK_SECONDS
        await floor.feed.look()

    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0]
    assert max(waits) == LONGEST_RETRY_SECONDS
    assert said(logs) == [("info", "writing"), ("warning", "waiting for Redis"), ("info", "writing")]
    assert await floor.held() == shown(seen(), people(floor))


async def test_no_line_of_the_log_names_anybody(floor: Floor) -> None:
    await floor.redis.set("floor:kpis:rep:anna", "in the way")
    with capture_logs() as logs:
        await floor.feed.look()

    assert logs == [
        {"event": "read_model", "log_level": "warning", "doing": "waiting for Redis", "seen": "ResponseError"}
    ]


async def test_a_second_exporter_stands_by_without_counting_and_takes_over(
    floor: Floor, redis_server: RedisServer
) -> None:
    counted = 0

    def clock(_seen: object) -> int:
        nonlocal counted
        counted += 1
        return NOW

    second = Floor(redis_server.url, clock)
    second.follow(seen())
    await floor.feed.look()
    told = await floor.redis.xlen("floor:changes")
    with capture_logs() as logs:
        for _ in range(3):
            await second.feed.look()
        assert counted == 0
        await floor.redis.delete("floor:pen")
        await second.feed.look()
    assert said(logs) == [("info", "standing by: another exporter writes"), ("info", "writing")]
    assert await floor.redis.xlen("floor:changes") == told
    await second.redis.aclose()


async def test_one_that_followed_less_waits_and_says_so(floor: Floor, redis_server: RedisServer) -> None:
    slow = Floor(redis_server.url)
    slow.follow(seen(EVENTS[:5]))
    await floor.feed.look()
    await floor.redis.delete("floor:pen")
    with capture_logs() as logs:
        await slow.feed.look()
        assert await floor.held() == shown(seen(), people(floor))
        slow.follow(seen())
        await slow.feed.look()
    waiting = "waiting: what is there was made of later events, or for a later instant"
    assert said(logs) == [("info", waiting), ("info", "writing")]
    await slow.redis.aclose()


async def test_what_somebody_removed_is_there_again_after_a_while(floor: Floor) -> None:
    await floor.feed.look()
    await floor.redis.delete("floor:kpis:org")
    floor.time, floor.follower._complete_at = 301.0, 301.0
    await floor.feed.look()

    assert await floor.held() == shown(seen(), people(floor))


@pytest.mark.parametrize(("took", "rest"), [(0.01, LOOK_SECONDS), (0.5, 2.0), (60.0, LONGEST_REST_SECONDS)])
async def test_a_look_that_took_long_is_followed_by_a_rest(floor: Floor, took: float, rest: float) -> None:
    def slow(_seen: object) -> int:
        floor.time += took
        return NOW

    floor.feed._clock = slow
    assert await floor.feed.look() == rest


async def test_it_runs_until_cancelled_and_a_fault_of_a_picture_ends_it(floor: Floor) -> None:
    running = asyncio.create_task(floor.feed.run())
    while not await floor.redis.exists("floor:now"):
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    def broken(_seen: object) -> int:
        raise LookupError("no clock")

    floor.feed._clock = broken
    with pytest.raises(LookupError, match="no clock"):
        await floor.feed.run()


async def test_a_server_that_is_nowhere_is_waited_for() -> None:
    floor = Floor("unix:///nowhere/redis.sock")
    floor.follow(seen())
    with capture_logs() as logs:
        assert await floor.feed.look() == 0.5
    assert logs == [
        {"event": "read_model", "log_level": "warning", "doing": "waiting for Redis", "seen": "ConnectionError"}
    ]
    await floor.redis.aclose()


@pytest.mark.parametrize("url", ["redis://:secret@host:port", "redis://:secret@host/0?db=x"])
def test_a_url_that_cannot_be_read_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        client(url)
