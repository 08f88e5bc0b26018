from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from streams.collector import HELP, WorkerCollector
from tests.streams.fakes import App, message, settle
from tests.streams.records import event

LEAD = event("lead-1", created_at="2023-11-14T22:00:00Z")


def scraped(app: App | None) -> dict[tuple[str, tuple[str, ...]], float]:
    """(sample, values of its labels) → value, as Prometheus reads the page."""
    collector, registry, some = WorkerCollector(), CollectorRegistry(), app
    registry.register(collector)
    shown: Any = some
    collector.app = shown
    families = text_string_to_metric_families(generate_latest(registry).decode())
    return {
        (sample.name, tuple(sample.labels.values())): sample.value for family in families for sample in family.samples
    }


async def test_a_worker_that_has_not_begun_says_only_that_it_is_not_ready() -> None:
    assert scraped(None) == {("sales_worker_ready", ()): 0}


async def test_what_a_worker_did_and_holds_is_looked_up_when_it_is_scraped() -> None:
    app = App()
    shard, _ = app.shard(crm_events=3)
    app.fenced.behinds = {"crm.events": 5}
    assert scraped(app)["sales_worker_commit_records_count", ()] == 0

    await shard.put(message(3, 5, (3, LEAD), (4, b"junk")))
    await settle()
    page = scraped(app)

    assert page["sales_worker_ready", ()] == 1
    assert page["sales_worker_partition_owned", ("0",)] == 1
    assert page["sales_worker_waiting_records", ("0",)] == 0
    assert page["sales_worker_rows", ("ledger",)] == 1
    assert page["sales_worker_lag_records", ("0", "crm.events")] == 5
    assert ("sales_worker_lag_records", ("0", "hr.events")) not in page
    assert page["sales_worker_records_total", ("crm.events",)] == 2
    assert page["sales_worker_records_total", ("hr.events",)] == 0
    assert page["sales_worker_lost_records_total", ("crm.events",)] == 3
    assert page["sales_worker_commit_records_count", ()] == 1
    assert page["sales_worker_commit_records_sum", ()] == 2
    assert page["sales_worker_commit_records_bucket", ("1.0",)] == 0
    assert page["sales_worker_commit_records_bucket", ("10.0",)] == 1
    assert page["sales_worker_commit_records_bucket", ("+Inf",)] == 1
    assert page["sales_worker_transaction_seconds_count", ()] == 1
    assert page["sales_worker_apply_seconds_sum", ()] > 0
    await shard.stop()


async def test_a_partition_that_is_given_up_is_no_longer_on_the_page() -> None:
    app = App()
    shard, _ = app.shard()
    assert ("sales_worker_partition_owned", ("0",)) in scraped(app)

    app.fenced.shards.clear()

    assert ("sales_worker_partition_owned", ("0",)) not in scraped(app)
    await shard.stop()


async def test_records_that_wait_are_counted() -> None:
    app = App()
    shard, _ = app.shard()
    async with shard._working:
        await settle()
        for batch in (message(0, 2, (0, LEAD), (1, LEAD)), message(2, 3, (2, LEAD))):
            await shard.put(batch)

        assert scraped(app)["sales_worker_waiting_records", ("0",)] == 3
    await settle()
    assert scraped(app)["sales_worker_waiting_records", ("0",)] == 0
    await shard.stop()


async def test_every_family_has_a_help_that_is_used() -> None:
    app = App()
    shard, _ = app.shard()
    app.fenced.behinds = {"crm.events": 5}

    assert set(HELP) == {name for name, _ in _families(app)}
    assert all(help_ == HELP[name] for name, help_ in _families(app))
    await shard.stop()


def _families(app: Any) -> list[tuple[str, str]]:
    collector = WorkerCollector()
    collector.app = app
    assert list(collector.describe()) == []
    return [(family.name, family.documentation) for family in collector.collect()]
