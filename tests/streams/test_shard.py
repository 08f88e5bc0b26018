import asyncio
from dataclasses import replace
from typing import Any

import pytest
from aiokafka.errors import ProducerFenced

from kpi_state.published import TopicCounts, decode_worker, fingerprint_key, worker_key
from streams import shard as module
from streams.failpoints import Failpoints
from streams.tables import state_of
from streams.turns import AT_LEAST
from streams.work import position_of
from tests.streams.fakes import TOPIC, App, Producer, message, settle
from tests.streams.records import event

LEAD = event("lead-1", created_at="2023-11-14T22:00:00Z")
LEDGER, TALLY, ROSTER = (f"floorpulse-{name}-changelog" for name in ("ledger", "tally", "roster"))


def committed_position(app: App, topic: str = TOPIC) -> int:
    return position_of(state_of(app.fenced, 0), topic)


async def test_everything_a_batch_causes_is_one_transaction_and_then_it_is_acknowledged() -> None:
    app = App()
    shard, producer = app.shard()
    batch = message(0, 3, (0, LEAD), (1, b"junk"))

    await shard.put(batch)
    await settle()

    assert producer.calls == ["begin", "kpi.quarantine", LEDGER, TALLY, "commit"]
    assert batch.acked
    assert (shard.positions[TOPIC], committed_position(app)) == (3, 3)
    assert app.counts() == TopicCounts(read=2, quarantined=1)
    await shard.stop()


async def test_batches_of_all_topics_that_wait_are_one_commit() -> None:
    app = App()
    shard, producer = app.shard()
    one, two = message(0, 1, (0, LEAD)), message(1, 2, (1, LEAD))
    people = message(0, 1, (0, event("r1", kind="hr.rep.v1", team="North")), topic="hr.events")

    for batch in (one, people, two):
        await shard.put(batch)
    await settle()

    assert producer.calls == ["begin", LEDGER, TALLY, ROSTER, "commit"]
    assert (shard.positions[TOPIC], shard.positions["hr.events"]) == (2, 1)
    assert [one.acked, two.acked, people.acked] == [True, True, True]
    await shard.stop()


async def test_without_transactions_the_same_is_written_and_nothing_begun_or_committed() -> None:
    app = App(transactions=False)
    shard, producer = app.shard()

    await shard.put(message(0, 1, (0, LEAD)))
    await settle()

    assert producer.calls == [LEDGER, TALLY]
    await shard.stop()


async def test_what_was_applied_before_is_not_applied_again() -> None:
    app = App()
    shard, producer = app.shard()
    await shard.put(message(0, 2, (0, LEAD), (1, LEAD)))
    await settle()

    again, overlapping = message(0, 2, (0, LEAD), (1, LEAD)), message(1, 3, (1, LEAD), (2, LEAD))
    await shard.put(again)
    await settle()
    await shard.put(overlapping)
    await settle()

    assert [again.acked, overlapping.acked] == [True, True]
    assert app.counts().read == 3
    assert producer.calls.count("commit") == 2
    await shard.stop()


async def test_a_batch_beyond_the_position_is_fetched_again_and_not_applied() -> None:
    app = App()
    shard, producer = app.shard()
    beyond = message(5, 7, (5, LEAD), (6, LEAD))

    await shard.put(beyond)
    await settle()

    assert app.rereads == [(TOPIC, 0)]
    assert beyond.acked
    assert (shard.positions[TOPIC], producer.calls) == (0, [])
    await shard.stop()


async def test_a_hole_behind_batches_of_the_same_commit_is_fetched_from_where_they_end() -> None:
    app = App()
    shard, _ = app.shard()

    await shard.put(message(0, 2, (0, LEAD)))
    await shard.put(message(5, 7, (5, LEAD)))
    await settle()

    assert app.rereads == [(TOPIC, 2)]
    assert shard.positions[TOPIC] == 2
    await shard.stop()


async def test_markers_alone_move_the_position_without_a_commit_and_are_committed_with_the_next() -> None:
    app = App()
    shard, producer = app.shard()

    await shard.put(message(0, 4))
    await settle()
    assert (shard.positions[TOPIC], committed_position(app), producer.calls) == (4, 0, [])

    await shard.put(message(4, 5, (4, LEAD)))
    await settle()
    assert (shard.positions[TOPIC], committed_position(app)) == (5, 5)
    await shard.stop()


async def test_what_retention_deleted_while_running_is_counted_and_stepped_over() -> None:
    app = App()
    shard, _ = app.shard()
    app.first = 10

    await shard.put(message(10, 12, (10, LEAD), (11, LEAD)))
    await settle()

    assert app.counts() == TopicCounts(read=2, lost=10)
    assert (shard.positions[TOPIC], app.rereads) == (12, [])
    await shard.stop()


async def test_what_retention_deleted_while_nobody_ran_is_counted_with_the_first_commit() -> None:
    app = App()
    shard, _ = app.shard(crm_events=7)
    assert shard.positions[TOPIC] == 7

    await shard.put(message(7, 8, (7, LEAD)))
    await settle()
    assert app.counts() == TopicCounts(read=1, lost=7)

    await shard.put(message(8, 9, (8, LEAD)))
    await settle()
    assert app.counts() == TopicCounts(read=2, lost=7)
    await shard.stop()


async def test_its_own_commits_need_not_be_followed_again() -> None:
    app = App()
    shard, _ = app.shard()

    await shard.put(message(0, 1, (0, LEAD)))
    await settle()

    followed = {name: table.followed[0] for name, table in app.fenced.items()}
    assert followed["ledger"] == 101
    assert followed["tally"] > 101
    assert followed["roster"] == 0
    await shard.stop()


async def test_closing_drops_what_waits_and_moves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    app = App()
    shard, producer = app.shard()
    gate = asyncio.Event()

    async def held(self: Producer) -> None:
        self.calls.append("begin")
        await gate.wait()

    monkeypatch.setattr(Producer, "begin_transaction", held)
    running, waiting = message(0, 1, (0, LEAD)), message(1, 2, (1, LEAD))
    await shard.put(running)
    await settle()
    await shard.put(waiting)
    assert not shard.idle

    shard.close()
    stopping = asyncio.create_task(shard.stop())
    await settle()
    assert [waiting.acked, running.acked, stopping.done()] == [True, False, False]

    gate.set()
    await stopping
    assert running.acked
    assert (shard.positions[TOPIC], app.counts().read) == (1, 1)
    assert producer.calls[-2:] == ["commit", "stop"]


async def test_a_shard_that_waits_for_its_turn_is_not_idle_answers_questions_and_drops_all_when_it_is_closed() -> None:
    app = App()
    shard, producer = app.shard()
    first, second = message(0, 1, (0, LEAD)), message(1, 2, (1, LEAD))
    others = [app.turns.turn(lambda: 10_000) for _ in range(AT_LEAST)]
    for other in others:
        await other.__aenter__()

    await shard.put(first)
    await settle()
    await shard.put(second)
    assert (shard.idle, producer.calls) == (False, [])
    assert await shard.at_rest() == (state_of(app.fenced, 0), 0)

    shard.close()
    assert [first.acked, second.acked] == [False, True]
    for other in others:
        await other.__aexit__(None, None, None)
    await settle()
    assert (first.acked, producer.calls, shard.positions[TOPIC], shard.idle) == (True, [], 0, True)
    await shard.stop()


async def test_a_shard_that_is_stopped_while_it_waits_for_its_turn_lets_go_of_what_it_holds() -> None:
    app = App()
    shard, producer = app.shard()
    held = message(0, 1, (0, LEAD))
    others = [app.turns.turn(lambda: 10_000) for _ in range(AT_LEAST)]
    for other in others:
        await other.__aenter__()
    await shard.put(held)
    await settle()

    await shard.stop()

    assert (held.acked, producer.calls[:1], shard.idle) == (True, ["stop"], True)
    for other in others:
        await other.__aexit__(None, None, None)
    assert (app.turns._going, app.turns._waiting) == ({}, [])


async def test_everything_that_came_while_a_shard_waited_for_its_turn_is_one_commit() -> None:
    app = App()
    shard, producer = app.shard()
    others = [app.turns.turn(lambda: 10_000) for _ in range(AT_LEAST)]
    for other in others:
        await other.__aenter__()
    for n in range(3):
        await shard.put(message(n, n + 1, (n, LEAD)))
        await settle()

    await others[0].__aexit__(None, None, None)
    await settle()

    assert producer.calls == ["begin", LEDGER, TALLY, "commit"]
    assert (shard.positions[TOPIC], app.counts().read, shard.idle) == (3, 3, True)
    await others[1].__aexit__(None, None, None)
    await shard.stop()


async def test_what_comes_to_a_closed_shard_is_dropped() -> None:
    app = App()
    shard, producer = app.shard()
    shard.close()

    late = message(0, 1, (0, LEAD))
    await shard.put(late)
    await settle()

    assert late.acked
    assert producer.calls == []
    await shard.stop()


async def test_a_commit_that_fails_ends_the_process_before_anything_is_acknowledged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended: list[tuple[str, str]] = []

    def halt(happening: str, error: BaseException, **_: Any) -> None:
        ended.append((happening, type(error).__name__))

    async def fenced(self: Producer) -> None:
        raise ProducerFenced

    monkeypatch.setattr(module, "halt", halt)
    monkeypatch.setattr(Producer, "commit_transaction", fenced)
    app = App()
    shard, _ = app.shard()
    batch = message(0, 1, (0, LEAD))

    await shard.put(batch)
    await settle()

    assert ended == [("commit_failed", "ProducerFenced")]
    assert not batch.acked
    assert shard.positions[TOPIC] == 0
    await shard.stop()


async def test_others_get_the_event_loop_while_a_large_batch_is_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "APPLY_RECORDS", 10)
    app = App()
    shard, producer = app.shard()
    turns: list[int] = []

    async def other() -> None:
        while not producer.calls:
            turns.append(app.counts().read)
            await asyncio.sleep(0)

    await shard.put(message(0, 50, *[(n, event(f"lead-{n}", number=n)) for n in range(50)]))
    await other()

    assert len(turns) >= 5
    await settle()
    assert app.counts().read == 50
    await shard.stop()


@pytest.mark.parametrize("limit", [1, 3])
async def test_a_commit_stops_growing_at_its_limit(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr(module, "COMMIT_RECORDS", limit)
    app = App()
    shard, producer = app.shard()

    for n in range(6):
        await shard.put(message(n, n + 1, (n, LEAD)))
    await settle()
    await settle()

    assert producer.calls.count("commit") == 6 // limit
    assert app.counts().read == 6
    await shard.stop()


def owner(app: App) -> str | None:
    row = app.fenced["tally"].rows[0].get(worker_key())
    return None if row is None else decode_worker(row).url


async def test_a_new_owner_is_published_in_a_transaction_that_moves_no_position() -> None:
    app = App(url="http://one:1")
    shard, producer = app.shard(crm_events=7)

    await shard.announce()

    assert producer.calls == ["begin", TALLY, "commit"]
    assert {record.key for record in producer.records(TALLY)} == {worker_key(), fingerprint_key()}
    assert (owner(app), committed_position(app), app.counts()) == ("http://one:1", 0, TopicCounts())
    await shard.put(message(7, 8, (7, LEAD)))
    await settle()
    assert app.counts() == TopicCounts(read=1, lost=7)
    await shard.stop()


async def test_an_owner_that_is_published_already_writes_nothing() -> None:
    app = App(url="http://one:1")
    shard, producer = app.shard()
    await shard.announce()
    written = list(producer.calls)

    await shard.announce()

    assert producer.calls == written
    await shard.stop()


async def test_the_next_owner_replaces_the_row_and_one_that_does_not_listen_removes_it() -> None:
    app = App(url="http://one:1")
    first, _ = app.shard()
    await first.announce()
    await first.stop()
    app.settings = replace(app.settings, url="http://two:2")
    second, _ = app.shard()
    await second.announce()
    assert owner(app) == "http://two:2"
    await second.stop()

    app.settings = replace(app.settings, url="")
    third, producer = app.shard()
    await third.announce()

    assert owner(app) is None
    assert [(record.key, record.value) for record in producer.records(TALLY)] == [(worker_key(), None)]
    await third.stop()


async def test_a_closed_shard_announces_nobody() -> None:
    app = App(url="http://one:1")
    shard, producer = app.shard()
    shard.close()

    await shard.announce()

    assert producer.calls == []
    await shard.stop()


async def test_announcing_ends_at_no_failpoint_that_is_meant_for_events() -> None:
    app = App(url="http://one:1", failpoints=Failpoints({"after_write": 1.0}))
    shard, producer = app.shard()

    await shard.announce()

    assert producer.calls[-1] == "commit"
    await shard.stop()
