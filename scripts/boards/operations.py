"""Operations, for who runs floorpulse: is everything read, applied and shown, how fast, and what was set aside."""

from __future__ import annotations

from typing import Final

from scripts.boards import variables
from scripts.boards.layout import rows
from scripts.boards.model import Board, Panel, Query
from scripts.boards.panels import LOOK, WELL, lines, span, stat, steps, table
from scripts.boards.queries import read
from scripts.boards.shared import RESTATED, freshness

FIGURE_SIZE: Final = 40
NEWEST: Final = "max by (source) (sales_source_newest_event_timestamp_seconds)"
CLOCK: Final = "max(sales_exporter_clock_timestamp_seconds)"
OURS: Final = 'job=~"floorpulse.*"'
NO_WORKER: Final = "Prometheus scrapes no worker"


def board() -> Board:
    """The board."""
    return Board(
        slug="operations",
        title="Operations",
        description="From the events of each source to the pages of exporters: what is read, late or set aside.",
        variables=[
            *variables.whose(hide=True),
            variables.custom("period", "Rates over", {"5 minutes": "5m", "1 hour": "1h", "1 day": "1d"}),
        ],
        panels=rows(
            (4, [(4, each) for each in (freshness(32), _behind(), _quarantined(), _lost(), _unmapped(), _workers())]),
            (8, [(17, _sources()), (7, _facts())]),
            (7, [(8, _throughput()), (8, _lag()), (8, _latency())]),
            (7, [(8, _takeovers()), (8, _pages()), (8, _series())]),
        ),
        since="now-1h",
        annotations=[RESTATED],
    )


def _none_is_well(title: str, description: str, query: str, empty: str = "") -> Panel:
    return stat(
        title,
        description,
        Query(expr=query, legend="now"),
        unit="none",
        decimals=0,
        thresholds=steps((None, WELL), (1, LOOK)),
        mappings=[span("✔ none", 0, 0, WELL)],
        value_size=FIGURE_SIZE,
        empty=empty,
    )


def _behind() -> Panel:
    return stat(
        "Not shown yet",
        "Published records that the exporter furthest behind has not shown yet, and how old what it shows may be.",
        Query(expr="max(sales_exporter_records_behind)", legend="records"),
        Query(expr="max(sales_exporter_age_seconds) * 1000", legend="age"),
        unit="none",
        decimals=0,
        color=WELL,
        names=True,
        value_size=28,
        title_size=14,
        overrides={"age": {"unit": "ms", "decimals": 0}},
    )


def _quarantined() -> Panel:
    return _none_is_well(
        "Set aside",
        "Records that break the event contract, kept whole: floorpulse quarantine list shows them with their reasons.",
        "sum(max by (topic) (sales_topic_quarantined_total))",
    )


def _lost() -> Panel:
    return _none_is_well(
        "Lost",
        "Records that retention deleted before they were read. Send them again from the source.",
        "sum(max by (topic) (sales_topic_lost_total))",
    )


def _unmapped() -> Panel:
    return _none_is_well(
        "Ids nobody holds",
        "Ids that events name and nobody in the roster held then: floorpulse unmapped list names them.",
        "max(sales_unmapped_ids)",
    )


def _workers() -> Panel:
    return stat(
        "Workers",
        "Workers that are ready, and partitions that have an owner.",
        Query(expr="sum(sales_worker_ready)", legend="ready"),
        Query(expr="sum(max by (partition) (sales_worker_partition_owned))", legend="partitions owned"),
        unit="none",
        decimals=0,
        color=WELL,
        names=True,
        value_size=28,
        title_size=14,
        empty=NO_WORKER,
    )


def _sources() -> Panel:
    def of(counter: str) -> str:
        return f"max by (source) (sales_source_{counter}_total)"

    return table(
        "Sources",
        "Each system that tells events: how long ago its newest event happened by the clock of the numbers, what its "
        "events came to. Coverage: events taken in over those its heartbeat says there are.",
        {
            "Newest event": f"{CLOCK} - on () group_right () {NEWEST}",
            "Applied": of("applied"),
            "Unchanged": of("unchanged"),
            "Late": of("late"),
            "Set aside": "sum by (source) (max by (source, reason) (sales_source_quarantined_total)) "
            f"or 0 * {of('applied')}",
            "Unknown fields": of("unknown_fields"),
            "Unmapped ids": "max by (source) (sales_source_unmapped_ids)",
            "Coverage": "max by (source) (sales_source_coverage_ratio)",
        },
        key="source",
        keys={"source": "Source"},
        columns={
            "Newest event": {"unit": "s", "decimals": 0},
            "Applied": {"unit": "none"},
            "Unchanged": {"unit": "none"},
            "Late": {"unit": "none"},
            "Set aside": {"unit": "none"},
            "Unknown fields": {"unit": "none"},
            "Unmapped ids": {"unit": "none"},
            "Coverage": {"unit": "percentunit", "decimals": 1},
        },
        sort="Newest event",
    )


def _facts() -> Panel:
    return table(
        "Facts that nobody stated",
        "Facts that a KPI needs and that no event states, and the source to ask: the one that spoke of it last. None "
        "is named where nobody has spoken of the thing itself, but only others of it.",
        {"Missing": "max by (kind, field, source) (sales_incomplete_facts)"},
        key="kind",
        keys={"kind": "Of", "field": "Fact", "source": "Source"},
        columns={"Missing": {"unit": "none"}},
        sort="Missing",
        most=20,
        nobody="✔ none",
        empty="every fact is stated",
    )


def _rate(metric: str, label: str) -> str:
    return f"sum by ({label}) (rate({metric}[$__rate_interval]))"


def _throughput() -> Panel:
    return lines(
        "Records read a second",
        "Records of each input topic that workers read, repeats included.",
        Query(
            expr="max by (topic) (rate(sales_topic_read_total[$__rate_interval]))", legend="{{topic}}", instant=False
        ),
        unit="short",
        legend="bottom",
    )


def _lag() -> Panel:
    return lines(
        "Records waiting in Kafka",
        "Offsets between what is applied and the end of each input.",
        Query(
            expr="sum by (topic) (max by (topic, partition) (sales_consumer_lag_records))",
            legend="{{topic}}",
            instant=False,
        ),
        unit="short",
        legend="bottom",
        empty="the exporter follows no broker",
    )


def _latency() -> Panel:
    def p99(histogram: str) -> str:
        return f"histogram_quantile(0.99, sum by (le) (rate({histogram}_bucket[$__rate_interval])))"

    return lines(
        "A commit takes, p99",
        "Processor time to apply the records of a commit, and time to settle, write and commit them: mostly Kafka's.",
        Query(expr=p99("sales_worker_apply_seconds"), legend="apply", instant=False),
        Query(expr=p99("sales_worker_transaction_seconds"), legend="transaction", instant=False),
        unit="s",
        legend="bottom",
        empty=NO_WORKER,
    )


def _takeovers() -> Panel:
    return lines(
        "Takeovers and recovery",
        "Times that workers took partitions over within the period chosen, the start and each rebalance; and seconds "
        "they spent reading state then.",
        Query(expr="sum(increase(sales_worker_takeovers_total[$period]))", legend="takeovers", instant=False),
        Query(
            expr="sum(increase(sales_worker_following_seconds_total[$period]))",
            legend="seconds of recovery",
            instant=False,
        ),
        unit="none",
        legend="bottom",
        empty=NO_WORKER,
    )


def _pages() -> Panel:
    per_page = (
        "rate(sales_exporter_page_seconds_total[$__rate_interval]) / rate(sales_exporter_pages_total[$__rate_interval])"
    )
    return lines(
        "A page of the exporter takes",
        "Time to make each page, counting and evaluating what changed included; and what Prometheus waited for it.",
        Query(expr=f"max by (page) ({per_page})", legend="{{page}}", instant=False),
        Query(expr=f"max by (job) (scrape_duration_seconds{{{OURS}}})", legend="scrape of {{job}}", instant=False),
        unit="s",
        legend="bottom",
    )


def _series() -> Panel:
    return lines(
        "Series",
        "Series of each scrape, and those that [limits] series left out.",
        Query(expr=read("scrape_samples_scraped", OURS, by=["job"]), legend="{{job}}", instant=False),
        Query(expr="max(sales_exporter_series_left_out)", legend="left out", instant=False),
        unit="short",
        legend="bottom",
    )
