import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from redis.exceptions import ConnectionError as ConnectionLostError
from redis.exceptions import ResponseError

from exporters import redis_writer
from exporters.current import one_a_window
from exporters.read_model import Picture
from exporters.redis_feed import client
from exporters.redis_writer import Outcome, Version, Writer
from kpi_state.read.sample import Sample
from tests.exporters.floor import NOW, seen
from tests.exporters.pictures import picture
from tests.redis_servers import RedisServer

PREFIX = "floor:"


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Any]:
    await redis_server.start()
    async with client(redis_server.url) as redis:
        yield redis


def floor() -> Picture:
    return picture(one_a_window(seen().samples(current=True)), [])


def counts(values: Mapping[str, int]) -> Picture:
    """Of reps and how many leads they have."""
    return picture(
        [Sample("leads_created", "rep", rep, "day", "", {}, {"leads": n}, n) for rep, n in values.items()], []
    )


async def write(writer: Writer, new: Picture, *positions: int, as_of: int = NOW) -> Outcome:
    return await writer.write(
        new, Version({f"log-{n}": each for n, each in enumerate(positions)}, as_of), {"/crm": NOW}
    )


async def held(redis: Any) -> Picture:
    """All there is, found without the set of keys."""
    hashes: dict[str, dict[str, str]] = {}
    boards: dict[str, dict[str, float]] = {}
    async for key in redis.scan_iter(match=f"{PREFIX}*"):
        name = key.removeprefix(PREFIX)
        if name.startswith("board:"):
            boards[name] = dict(await redis.zrange(key, 0, -1, withscores=True))
        elif name.startswith(("kpis:", "reps")):
            hashes[name] = await redis.hgetall(key)
    return Picture(hashes, boards)


async def changes(redis: Any) -> int:
    return int(await redis.xlen(f"{PREFIX}changes"))


async def all_of(redis: Any) -> dict[str, Any]:
    """Everything with its bytes, but the pen, which counts the steps."""
    keys = {key async for key in redis.scan_iter()} - {f"{PREFIX}pen"}
    return {key: await redis.dump(key) for key in keys if not key.endswith((":changes", ":now", ":version"))}


async def test_what_is_there_is_the_picture(redis: Any) -> None:
    assert await write(Writer(redis, PREFIX, "a"), floor(), 3, 4) == "written"

    assert await held(redis) == floor()
    assert await changes(redis) == sum(len(fields) for fields in floor().hashes.values())
    assert await redis.hgetall(f"{PREFIX}now") == {
        "as_of": "2024-06-06T15:59:45Z",
        "version": "7",
        "source:/crm": "2024-06-06T15:59:45Z",
    }


async def test_repeats_and_restarts_change_nothing(redis: Any) -> None:
    first = Writer(redis, PREFIX, "a")
    await write(first, floor(), 3)
    before, told = await all_of(redis), await changes(redis)

    for _ in range(2):
        assert await write(first, floor(), 3) == "written"
    await redis.delete(f"{PREFIX}pen")  # as when its time is over
    assert await write(Writer(redis, PREFIX, "b"), floor(), 3) == "written"

    assert await all_of(redis) == before
    assert await changes(redis) == told


async def test_who_is_no_longer_current_is_removed_and_the_key_with_the_last_one(redis: Any) -> None:
    writer = Writer(redis, PREFIX, "a")
    await write(writer, counts({"anna": 1, "bela": 2}), 1)
    await write(writer, counts({"bela": 2}), 2)
    assert await held(redis) == counts({"bela": 2})
    await write(writer, counts({}), 3)

    assert {key async for key in redis.scan_iter()} == {
        f"{PREFIX}{name}" for name in ("pen", "version", "now", "changes")
    }


async def test_a_new_writer_removes_what_the_last_one_left(redis: Any) -> None:
    await write(Writer(redis, PREFIX, "a"), counts({"anna": 1, "bela": 2}), 1)
    await redis.delete(f"{PREFIX}pen")

    await write(Writer(redis, PREFIX, "b"), counts({"anna": 3}), 2)

    assert await held(redis) == counts({"anna": 3})


async def test_a_new_writer_looks_into_its_keys_where_nobody_says_that_they_exist(redis: Any) -> None:
    await write(Writer(redis, PREFIX, "a"), counts({"anna": 1, "bela": 2}), 1)
    await redis.delete(f"{PREFIX}pen", f"{PREFIX}keys", f"{PREFIX}kpis:rep:bela")

    await write(Writer(redis, PREFIX, "b"), counts({"anna": 1}), 2)

    assert await held(redis) == counts({"anna": 1})


async def test_one_writes_and_the_other_waits_for_the_pen(redis: Any) -> None:
    fast, slow = Writer(redis, PREFIX, "a"), Writer(redis, PREFIX, "b")
    assert await slow.has_turn()
    assert await write(fast, counts({"anna": 2}), 2) == "written"
    assert not await slow.has_turn()
    assert await fast.has_turn()
    assert await write(slow, counts({"anna": 1}), 1) == "other"
    assert await write(slow, counts({"anna": 3}), 3) == "other"
    assert await held(redis) == counts({"anna": 2})
    assert 0 < await redis.ttl(f"{PREFIX}pen") <= redis_writer.PEN_SECONDS


async def test_a_token_that_begins_like_another_is_another(redis: Any) -> None:
    await write(Writer(redis, PREFIX, "a1"), counts({"anna": 2}), 2)

    assert not await Writer(redis, PREFIX, "a").has_turn()
    assert await write(Writer(redis, PREFIX, "a"), counts({}), 3) == "other"


@pytest.mark.parametrize(
    "version",
    [
        Version({"log-0": 4, "log-1": 9}, NOW),
        Version({"log-0": 5}, NOW),
        Version({"log-0": 9, "log-1": 4}, NOW + 1),
        Version({"log-0": 5, "log-1": 5}, NOW - 1),
        Version({"other-0": 99, "other-1": 99}, NOW),
    ],
    ids=str,
)
async def test_a_slow_writer_never_puts_an_older_picture_over_a_newer_one(redis: Any, version: Version) -> None:
    await write(Writer(redis, PREFIX, "a"), counts({"anna": 2}), 5, 5)
    await redis.delete(f"{PREFIX}pen")
    slow = Writer(redis, PREFIX, "b")

    assert await slow.write(counts({"anna": 1}), version, {}) == "behind"
    assert await held(redis) == counts({"anna": 2})
    assert await redis.get(f"{PREFIX}pen") is None
    assert await write(slow, counts({"anna": 3}), 5, 6) == "written"
    assert await held(redis) == counts({"anna": 3})


async def test_a_writer_whose_own_picture_goes_back_is_refused_too(redis: Any) -> None:
    writer = Writer(redis, PREFIX, "a")
    await write(writer, counts({"anna": 2}), 5)

    assert await write(writer, counts({"anna": 1}), 4) == "behind"
    assert await held(redis) == counts({"anna": 2})


async def test_an_older_version_is_accepted_when_nobody_wrote_for_long(redis: Any) -> None:
    await write(Writer(redis, PREFIX, "a"), counts({"anna": 2}), 5)
    assert 0 < await redis.ttl(f"{PREFIX}version") <= redis_writer.VERSION_SECONDS
    await redis.delete(f"{PREFIX}version", f"{PREFIX}pen")

    assert await write(Writer(redis, PREFIX, "b"), counts({"anna": 1}), 1) == "written"
    assert await held(redis) == counts({"anna": 1})


async def test_a_writer_that_slept_while_another_wrote_changes_nothing(redis: Any) -> None:
    sleeper, other = Writer(redis, PREFIX, "a"), Writer(redis, PREFIX, "b")
    await write(sleeper, counts({"anna": 1}), 1)
    await redis.delete(f"{PREFIX}pen")
    await write(other, counts({"anna": 2, "bela": 1}), 2)
    assert await write(sleeper, counts({"anna": 3}), 3) == "other"
    await redis.delete(f"{PREFIX}pen")

    assert await write(sleeper, counts({"anna": 1}), 4) == "written"  # as it left it, but not as it is
    assert await held(redis) == counts({"anna": 1})


async def test_two_writers_in_any_order_never_go_back_and_end_at_the_newest(redis: Any) -> None:
    draw = random.Random(4)
    writers = [Writer(redis, PREFIX, token) for token in "ab"]
    followed = [[0, 0], [0, 0]]
    last = {"first": 0, "second": 0}
    for _ in range(150):
        who = draw.randrange(2)
        followed[who][draw.randrange(2)] += draw.randrange(3)
        if draw.random() < 0.3:
            await redis.delete(f"{PREFIX}pen")
        first, second = followed[who]
        outcome = await write(writers[who], counts({"first": first + 1, "second": second + 1}), first, second)
        found = {
            each: int(await redis.zscore(f"{PREFIX}board:rep:leads_created:day", each)) for each in ("first", "second")
        }
        if outcome == "written":
            assert found == {"first": first + 1, "second": second + 1}
        assert all(found[each] >= last[each] for each in last)
        last = {each: int(score) for each, score in found.items()}
    entries = [fields for _, fields in await redis.xrange(f"{PREFIX}changes")]
    for rep in ("first", "second"):
        numbers = [each["number"] for each in entries if each["key"] == rep]
        assert len(numbers) == len(set(numbers)), "a change was told twice"


async def test_an_emptied_server_is_filled_again(redis: Any) -> None:
    writer = Writer(redis, PREFIX, "a")
    await write(writer, floor(), 1)
    await redis.flushall()

    assert await write(writer, floor(), 1) == "written"
    assert await held(redis) == floor()


async def test_emptied_between_two_steps_it_is_filled_again(redis: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_writer, "STEP_COMMANDS", 3)
    writer = Writer(redis, PREFIX, "a")
    step = writer._step
    steps = 0

    async def flushing(**arguments: Any) -> Any:
        nonlocal steps
        steps += 1
        if steps == 4:
            await redis.flushall()
        return await step(**arguments)

    monkeypatch.setattr(writer, "_step", flushing)
    assert await write(writer, floor(), 1) == "lost"
    assert await write(writer, floor(), 1) == "written"
    assert await held(redis) == floor()


async def test_a_server_killed_and_started_empty_is_filled_again(redis: Any, redis_server: RedisServer) -> None:
    writer = Writer(redis, PREFIX, "a")
    await write(writer, floor(), 1)
    redis_server.kill()
    with pytest.raises(ConnectionLostError):
        await write(writer, floor(), 2)
    await redis_server.start()

    assert await write(writer, floor(), 2) == "written"
    assert await held(redis) == floor()


async def test_a_server_that_comes_back_with_an_older_copy_is_put_right(redis: Any, redis_server: RedisServer) -> None:
    writer = Writer(redis, PREFIX, "a")
    await write(writer, counts({"anna": 1, "old": 1}), 1)
    await redis.save()
    await write(writer, counts({"anna": 2}), 2)
    redis_server.kill()
    await redis_server.start()
    assert await held(redis) == counts({"anna": 1, "old": 1})

    assert await write(writer, counts({"anna": 2}), 2) == "written"
    assert await held(redis) == counts({"anna": 2})


async def test_a_lost_answer_changes_nothing_but_the_time(redis: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = Writer(redis, PREFIX, "a")
    await write(writer, counts({"anna": 1}), 1)
    step = writer._step

    async def answer_lost(**arguments: Any) -> Any:
        await step(**arguments)
        raise ConnectionLostError

    with monkeypatch.context() as patch:
        patch.setattr(writer, "_step", answer_lost)
        with pytest.raises(ConnectionLostError):
            await write(writer, counts({"anna": 2}), 2)
    told = await changes(redis)
    assert await write(writer, counts({"anna": 2}), 2) == "written"
    assert await held(redis) == counts({"anna": 2})
    assert await changes(redis) == told == 2


async def test_what_somebody_else_changed_is_put_right_when_all_is_read_again(redis: Any) -> None:
    writer = Writer(redis, PREFIX, "a")
    await write(writer, counts({"anna": 1, "bela": 2}), 1)
    await redis.delete(f"{PREFIX}kpis:rep:anna")
    await redis.zadd(f"{PREFIX}board:rep:leads_created:day", {"intruder": 9})
    writer.forget()

    await write(writer, counts({"anna": 1, "bela": 2}), 1)
    assert await held(redis) == counts({"anna": 1, "bela": 2})


async def test_everything_ends_when_nobody_writes(redis: Any) -> None:
    writer = Writer(redis, PREFIX, "a")
    await write(writer, floor(), 1)
    await write(writer, counts({"anna": 1}), 2)

    ends = {key.removeprefix(PREFIX): await redis.ttl(key) async for key in redis.scan_iter()}
    assert ends.keys() == {*counts({"anna": 1}).names(), "keys", "changes", "now", "pen", "version"}
    assert all(0 < seconds <= redis_writer.STREAM_SECONDS for seconds in ends.values())


async def test_the_end_of_what_is_current_is_put_off(redis: Any) -> None:
    writer = Writer(redis, PREFIX, "a")
    await write(writer, counts({"anna": 1}), 1)
    for name in ("keys", "kpis:rep:anna", "board:rep:leads_created:day"):
        await redis.expire(PREFIX + name, 5)
    writer.forget()
    await write(writer, counts({"anna": 1}), 1)

    for name in ("keys", "kpis:rep:anna", "board:rep:leads_created:day"):
        assert await redis.ttl(PREFIX + name) > 5


async def test_a_key_of_somebody_else_in_the_way_is_an_error_and_nothing_is_lost(redis: Any) -> None:
    await redis.set(f"{PREFIX}reps:x", "theirs")
    await redis.set(f"{PREFIX}kpis:rep:anna", "theirs")
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        await write(Writer(redis, PREFIX, "a"), counts({"anna": 1}), 1)
    assert await redis.get(f"{PREFIX}kpis:rep:anna") == "theirs"
    assert await redis.get(f"{PREFIX}reps:x") == "theirs"


async def test_others_keys_stay(redis: Any) -> None:
    await redis.set("theirs", "x")
    writer = Writer(redis, PREFIX, "a")
    await write(writer, floor(), 1)
    await write(writer, counts({}), 2)

    assert await redis.get("theirs") == "x"


async def test_two_prefixes_are_two_read_models(redis: Any) -> None:
    await asyncio.gather(
        write(Writer(redis, PREFIX, "a"), counts({"anna": 1}), 1),
        write(Writer(redis, "{other}:", "b"), counts({"anna": 2}), 1),
    )

    assert await held(redis) == counts({"anna": 1})
    assert await redis.zscore("{other}:board:rep:leads_created:day", "anna") == 2
