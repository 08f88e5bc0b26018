import pytest
from aiokafka.errors import KafkaConnectionError

from streams import watchdog as module
from streams.turns import AT_LEAST
from streams.watchdog import PATIENCE, Watchdog
from tests.streams.fakes import TOPIC, App, message, settle
from tests.streams.records import event

LEAD = event("lead-1")


def watchdog(app: App) -> Watchdog:
    return Watchdog(app)  # type: ignore[arg-type]  # a fake has what it looks at


async def test_a_partition_that_stands_still_while_its_log_is_ahead_is_fetched_again() -> None:
    app = App()
    shard, _ = app.shard()
    app.ends = {TOPIC: 5}
    dog = watchdog(app)

    await dog.look()
    assert app.rereads == []
    await dog.look()
    assert app.rereads == [(TOPIC, 0)]
    await shard.stop()


async def test_a_partition_that_moves_on_is_left_alone() -> None:
    app = App()
    shard, _ = app.shard()
    app.ends = {TOPIC: 5}
    dog = watchdog(app)

    await dog.look()
    await shard.put(message(0, 2, (0, LEAD)))
    await settle()
    await dog.look()

    assert app.rereads == []
    await shard.stop()


async def test_a_partition_at_the_end_of_its_log_is_left_alone_for_ever() -> None:
    app = App()
    shard, _ = app.shard()
    dog = watchdog(app)

    for _look in range(PATIENCE + 3):
        await dog.look()

    assert app.rereads == []
    await shard.stop()


async def test_while_brokers_do_not_answer_nothing_is_concluded() -> None:
    app = App()
    shard, _ = app.shard()
    app.ends = KafkaConnectionError("away")
    dog = watchdog(app)

    for _look in range(PATIENCE + 3):
        await dog.look()

    assert app.rereads == []
    await shard.stop()


async def test_during_a_rebalance_nothing_is_concluded() -> None:
    app = App()
    shard, _ = app.shard()
    app.ends = {TOPIC: 5}
    dog = watchdog(app)

    await dog.look()
    app.rebalancing = True
    await dog.look()
    app.rebalancing = False
    await dog.look()

    assert app.rereads == []
    await shard.stop()


async def test_a_partition_that_cannot_be_moved_ends_the_process_with_its_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []

    def halt(happening: str, error: BaseException) -> None:
        said.append(f"{happening}: {error}")

    monkeypatch.setattr(module, "halt", halt)
    app = App()
    shard, _ = app.shard()
    app.ends = {TOPIC: 5}
    dog = watchdog(app)

    for _look in range(PATIENCE + 1):
        await dog.look()

    (line,) = said
    assert line.startswith("stands_still: crm.events partition 0 stands at 0, its log ends at 5: ")
    assert line.endswith("Start the worker again")
    await shard.stop()


async def test_a_shard_in_the_middle_of_a_commit_is_not_standing_still() -> None:
    app = App()
    shard, _ = app.shard()
    app.ends = {TOPIC: 5}
    dog = watchdog(app)

    async with shard._working:
        for _look in range(PATIENCE + 3):
            await dog.look()

    assert app.rereads == []
    await shard.stop()


async def test_who_waits_for_a_turn_is_at_work_no_longer_than_others_have_theirs() -> None:
    app = App()
    shard, _ = app.shard()
    app.ends = {TOPIC: 5}
    dog = watchdog(app)
    others = [app.turns.turn(lambda: 10_000) for _ in range(AT_LEAST)]
    for other in others:
        await other.__aenter__()
    await shard.put(message(0, 2, (0, LEAD)))
    for _look in range(PATIENCE + 3):
        await dog.look()
    assert (app.rereads, shard.positions[TOPIC]) == ([], 0)

    app.turns._end(next(iter(app.turns._going)))  # as its timer does, while what holds it goes on
    await settle()
    assert shard.positions[TOPIC] == 2

    for _look in range(2):
        await dog.look()
    assert app.rereads == [(TOPIC, 2)]
    for other in others:
        await other.__aexit__(None, None, None)
    await shard.stop()
