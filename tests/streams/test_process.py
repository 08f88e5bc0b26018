import asyncio

import pytest

from streams import process, topics
from streams.errors import StreamError
from streams.process import prepared
from streams.settings import StreamSettings
from tests.streams.records import settings


def brokers(monkeypatch: pytest.MonkeyPatch, *, transactions: bool) -> None:
    async def check(_settings: StreamSettings) -> None:
        return

    async def has_transactions(_settings: StreamSettings) -> bool:
        return transactions

    monkeypatch.setattr(topics, "check", check)
    monkeypatch.setattr(topics, "has_transactions", has_transactions)


async def test_with_transactions_a_worker_uses_them_even_where_it_might_do_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    brokers(monkeypatch, transactions=True)

    assert (await prepared(settings(allow_no_transactions=True))).transactions is True


async def test_without_transactions_a_worker_refuses_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    brokers(monkeypatch, transactions=False)

    with pytest.raises(
        StreamError, match=r"has no transactions.*set \[kafka\] allow_no_transactions = true for a demo$"
    ):
        await prepared(settings())
    assert (await prepared(settings(allow_no_transactions=True))).transactions is False


async def test_told_to_stop_while_it_waits_for_brokers_nothing_is_prepared() -> None:
    stopping = asyncio.Event()

    async def never() -> StreamSettings:
        await asyncio.Event().wait()
        raise AssertionError

    waiting = asyncio.create_task(process._unless(stopping, never()))
    await asyncio.sleep(0)
    stopping.set()

    assert await waiting is None


async def test_what_is_prepared_in_time_is_used_and_what_fails_is_raised() -> None:
    async def ready() -> StreamSettings:
        return settings()

    async def refused() -> StreamSettings:
        raise StreamError("no")

    assert await process._unless(asyncio.Event(), ready()) == settings()
    with pytest.raises(StreamError, match="no"):
        await process._unless(asyncio.Event(), refused())
