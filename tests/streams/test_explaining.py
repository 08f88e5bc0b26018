import asyncio
import threading
from typing import Any

import pytest

from kpi_state.apply import State, fingerprint
from kpi_state.buckets import quarter
from kpi_state.definitions import Definitions
from kpi_state.explain.asking import Ask, Share, question
from kpi_state.explain.sought import Sought
from kpi_state.explain.telling import tell
from streams import explaining
from streams.explaining import (
    WAITING,
    AskedError,
    BusyError,
    Explainer,
    LateError,
    NotReadyError,
    OtherFingerprintError,
)
from tests.streams.fakes import App, Producer, message, settle
from tests.streams.records import NOON, event

OWN = fingerprint(Definitions())
CELL = ("leads_created", "rep-1", quarter(NOON * 1000), ("",))


def lead(number: int) -> bytes:
    return event(f"lead-{number}", number=number, created_at="2023-11-14T22:13:20Z", owner_id="rep-1")


def ask(*partitions: int, **changes: Any) -> Ask:
    return Ask(**{"fingerprint": OWN, "measure": "leads_created", "partitions": list(partitions), "most": 5,
                  "cells": question([CELL]), **changes})  # fmt: skip


def explainer(app: App) -> Explainer:
    some: Any = app
    return Explainer(some)


async def test_it_tells_what_its_partitions_contribute_and_which_are_not_its_own() -> None:
    app = App()
    shard, _ = app.shard()
    await shard.put(message(0, 2, (0, lead(0)), (1, lead(1))))
    await settle()

    told = await explainer(app).answer(ask(0, 3, 0))

    (share,) = told.partitions
    assert (told.fingerprint, told.not_owned) == (OWN, [3])
    assert (share.partition, share.totals, share.more) == (0, [(0, (2,))], 0)
    assert share.position == app.fenced["tally"].followed[0] > 100
    assert [entity.subject for entity in share.entities] == ["lead-0", "lead-1"]
    await shard.stop()


async def test_it_speaks_of_the_rows_between_two_commits_while_events_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    app = App()
    shard, _ = app.shard()
    telling, go_on = threading.Event(), threading.Event()
    real = tell

    def slow(*given: Any) -> Share:
        telling.set()
        assert go_on.wait(30)
        return real(*given)

    monkeypatch.setattr(explaining, "tell", slow)
    await shard.put(message(0, 1, (0, lead(0))))
    await settle()
    answering = asyncio.create_task(explainer(app).answer(ask(0)))
    while not telling.is_set():
        await asyncio.sleep(0)

    await shard.put(message(1, 2, (1, lead(1))))
    await settle()
    assert shard.positions["crm.events"] == 2
    go_on.set()

    assert (await answering).partitions[0].totals == [(0, (1,))]
    assert (await explainer(app).answer(ask(0))).partitions[0].totals == [(0, (2,))]
    await shard.stop()


async def test_it_waits_for_a_commit_that_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    app = App()
    shard, _ = app.shard()
    gate = asyncio.Event()

    async def held(self: Producer) -> None:
        await gate.wait()

    monkeypatch.setattr(Producer, "commit_transaction", held)
    await shard.put(message(0, 1, (0, lead(0))))
    await settle()
    answering = asyncio.create_task(explainer(app).answer(ask(0)))
    await settle()
    assert not answering.done()

    gate.set()

    assert (await answering).partitions[0].totals == [(0, (1,))]
    await shard.stop()


async def test_one_question_is_answered_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    app = App()
    shard, _ = app.shard()
    running: list[int] = []

    def one(_rows: State, _definitions: Definitions, _sought: Sought, partition: int, position: int) -> Share:
        running.append(1)
        assert len(running) == 1
        running.pop()
        return Share(partition, position, [], [], 0)

    monkeypatch.setattr(explaining, "tell", one)
    both = explainer(app)

    assert len(await asyncio.gather(*[both.answer(ask(0)) for _ in range(5)])) == 5
    await shard.stop()


async def test_a_question_about_other_definitions_is_refused() -> None:
    with pytest.raises(OtherFingerprintError, match=rf"about 1-other, this worker counts with {OWN}: use the same"):
        await explainer(App()).answer(ask(0, fingerprint="1-other"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"measure": "luck"}, "nothing contributes to 'luck'"),
        ({"measure": "ramp_up"}, "nothing contributes to 'ramp_up'"),
        ({"cells": question([CELL]) * 50_001}, "50001 cells are asked for: expected at most 50000"),
        ({"most": 1001}, "most is 1001: expected 0 to 1000"),
        ({"most": -1}, "most is -1: expected 0 to 1000"),
        ({"seconds": 0}, "seconds is 0: expected more than 0, at most 60"),
        ({"seconds": 61.5}, "seconds is 61.5: expected more than 0, at most 60"),
    ],
)
async def test_a_question_that_makes_no_sense_says_why(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(AskedError, match=said):
        await explainer(App()).answer(ask(0, **wrong))


async def test_while_partitions_change_hands_nothing_is_told() -> None:
    app = App()
    app.ready = False

    with pytest.raises(NotReadyError, match="ask again in a second"):
        await explainer(app).answer(ask(0))


async def test_what_changes_hands_while_a_question_waits_its_turn_is_not_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = App()
    shard, _ = app.shard()
    telling, go_on = threading.Event(), threading.Event()

    def slow(_rows: State, _definitions: Definitions, _sought: Sought, partition: int, position: int) -> Share:
        telling.set()
        assert go_on.wait(30)
        return Share(partition, position, [], [], 0)

    monkeypatch.setattr(explaining, "tell", slow)
    some = explainer(app)
    first, second = asyncio.create_task(some.answer(ask(0))), asyncio.create_task(some.answer(ask(0)))
    while not telling.is_set():
        await asyncio.sleep(0)
    app.ready = False
    go_on.set()

    assert (await first).partitions
    with pytest.raises(NotReadyError):
        await second
    await shard.stop()


async def test_what_changes_hands_while_a_question_waits_for_a_commit_is_not_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = App()
    shard, _ = app.shard()
    gate = asyncio.Event()

    async def held(self: Producer) -> None:
        await gate.wait()

    monkeypatch.setattr(Producer, "commit_transaction", held)
    await shard.put(message(0, 1, (0, lead(0))))
    await settle()
    answering = asyncio.create_task(explainer(app).answer(ask(0)))
    await settle()
    shard.close()
    gate.set()

    with pytest.raises(NotReadyError):
        await answering
    await shard.stop()


class Held:
    """What tells, in the place of `tell`, only once it is let go or the question was dropped."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.telling, self.go_on = threading.Event(), threading.Event()
        self.dropped: list[bool] = []
        monkeypatch.setattr(explaining, "tell", self.tell)

    def tell(self, _rows: State, _definitions: Definitions, sought: Sought, partition: int, position: int) -> Share:
        self.telling.set()
        while not (sought.dropped or self.go_on.wait(0.01)):
            pass
        self.dropped.append(sought.dropped)
        return Share(partition, position, [], [], 0)

    async def begun(self) -> None:
        while not self.telling.is_set():
            await asyncio.sleep(0)


async def test_so_many_questions_may_wait_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    app, held = App(), Held(monkeypatch)
    shard, _ = app.shard()
    some = explainer(app)
    asking = [asyncio.create_task(some.answer(ask(0, seconds=60))) for _ in range(1 + WAITING)]
    await held.begun()

    with pytest.raises(BusyError, match="4 other questions wait for their turn: ask again in a few seconds"):
        await some.answer(ask(0))

    held.go_on.set()
    assert len(await asyncio.gather(*asking)) == 1 + WAITING
    assert (await some.answer(ask(0))).partitions
    await shard.stop()


async def test_what_nobody_waits_for_any_more_is_dropped_and_the_next_question_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app, held = App(), Held(monkeypatch)
    shard, _ = app.shard()
    some = explainer(app)
    first = asyncio.create_task(some.answer(ask(0, seconds=60)))
    await held.begun()
    waiting, last = [asyncio.create_task(some.answer(ask(0, seconds=60))) for _ in range(2)]
    await settle()

    waiting.cancel()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert held.dropped == [True]
    held.go_on.set()

    assert (await last).partitions
    assert held.dropped == [True, False]
    assert waiting.cancelled()
    await shard.stop()


async def test_the_next_question_waits_until_one_that_was_left_is_made_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    making, go_on = threading.Event(), threading.Event()

    def slow(asked: Ask) -> Sought:
        making.set()
        assert go_on.wait(30)
        return Sought(asked)

    monkeypatch.setattr(explaining, "Sought", slow)
    app = App()
    shard, _ = app.shard()
    some = explainer(app)
    first = asyncio.create_task(some.answer(ask(0, seconds=60)))
    while not making.is_set():
        await asyncio.sleep(0)
    making.clear()
    second = asyncio.create_task(some.answer(ask(0, seconds=60)))
    first.cancel()
    await settle()

    assert not first.done()
    assert not making.is_set()

    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert (await second).partitions
    await shard.stop()


async def test_a_question_whose_time_is_up_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    app, held = App(), Held(monkeypatch)
    shard, _ = app.shard()

    with pytest.raises(LateError, match=r"there was no answer within the 0.05 s that the question allows: ask again"):
        await explainer(app).answer(ask(0, seconds=0.05))

    assert held.dropped in ([], [True])  # it may not even have begun
    await shard.stop()
