"""The metrics of a worker for Prometheus: what it counted and how it stands, looked up when it is scraped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from kpi_state.published import INPUTS, LINKS, TABLES
from streams.meters import Histogram, Meters

if TYPE_CHECKING:
    from streams.app import StreamApp

HELP: Final = {
    "sales_worker_ready": "1 while the worker owns its partitions, 0 while they change hands.",
    "sales_worker_partition_owned": "1 for each partition that this worker owns.",
    "sales_worker_rows": "Rows in memory.",
    "sales_worker_waiting_records": "Records fetched and not yet applied.",
    "sales_worker_lag_records": "Offsets of an input between what is applied and its end, as of the last look.",
    "sales_worker_records": "Records applied, set aside or sent on since the start of this process.",
    "sales_worker_lost_records": "Records that retention deleted before they were read, since the start.",
    "sales_worker_takeovers": "Times partitions were taken over, after the start and each rebalance.",
    "sales_worker_rows_followed": "Rows of the changelogs read when partitions were taken over.",
    "sales_worker_following_seconds": "Time that took.",
    "sales_worker_commit_records": "Records a commit.",
    "sales_worker_apply_seconds": "Time to apply the records of a commit.",
    "sales_worker_transaction_seconds": "Time to settle, write and commit them.",
}
"""Family → what it says. Counters have `_total` in their samples."""


class WorkerCollector(Collector):
    """Reads a worker when Prometheus asks; before `app` is set there is nothing to say but that it is not ready."""

    def __init__(self) -> None:
        self.app: StreamApp | None = None

    def describe(self) -> Iterable[Metric]:
        """Nothing, so that registering it asks for nothing."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Every family, as of now."""
        ready = GaugeMetricFamily("sales_worker_ready", HELP["sales_worker_ready"])
        ready.add_metric([], float(self.app is not None and self.app.ready))
        yield ready
        if self.app is not None:
            yield from _state(self.app)
            yield from _counted(self.app.meters)


def _state(app: StreamApp) -> Iterator[Metric]:
    shards = dict(app.fenced.shards)
    owned = _gauge("sales_worker_partition_owned", ["partition"])
    waiting = _gauge("sales_worker_waiting_records", ["partition"])
    rows = _gauge("sales_worker_rows", ["table"])
    lag = _gauge("sales_worker_lag_records", ["topic", "partition"])
    for partition, shard in shards.items():
        owned.add_metric([str(partition)], 1)
        waiting.add_metric([str(partition)], shard.waiting_records)
        for topic in (*INPUTS, LINKS):
            if (behind := app.fenced.behind(topic, partition)) is not None:
                lag.add_metric([topic, str(partition)], behind)
    for table in TABLES:
        rows.add_metric([table], sum(map(len, app.fenced.rows(table).rows.values())))
    yield from (owned, waiting, rows, lag)


def _counted(meters: Meters) -> Iterator[Metric]:
    for name, by_topic in (("sales_worker_records", meters.records), ("sales_worker_lost_records", meters.lost)):
        family = CounterMetricFamily(name, HELP[name], labels=["topic"])
        for topic in (*INPUTS, LINKS):
            family.add_metric([topic], by_topic[topic])
        yield family
    for name, value in (
        ("sales_worker_takeovers", meters.takeovers),
        ("sales_worker_rows_followed", meters.rows_followed),
        ("sales_worker_following_seconds", meters.following_seconds),
    ):
        yield CounterMetricFamily(name, HELP[name], value=value)
    yield _histogram("sales_worker_commit_records", meters.commit_records)
    yield _histogram("sales_worker_apply_seconds", meters.apply_seconds)
    yield _histogram("sales_worker_transaction_seconds", meters.transaction_seconds)


def _gauge(name: str, labels: list[str]) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, HELP[name], labels=labels)


def _histogram(name: str, seen: Histogram) -> HistogramMetricFamily:
    bounds = [*(str(float(bound)) for bound in seen.bounds), "+Inf"]
    buckets = list(zip(bounds, accumulate(seen.counts), strict=True))
    return HistogramMetricFamily(name, HELP[name], buckets=buckets, sum_value=seen.total)
