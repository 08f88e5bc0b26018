"""Is the service itself well? For those who run it: `docs/operations.md` says what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from exporters.counts import LAG
from exporters.exposition import Family
from exporters.prometheus import AGE, BEHIND, NEWEST, TOPICS
from floorpulse.alerting.freshness import speaking
from floorpulse.alerting.rule import Alert, Group, Severity
from floorpulse.alerting.tuning import Tuning

JOB: Final = '{job="floorpulse"}'
WORKERS: Final = '{job="floorpulse-workers"}'
_BOARD: Final = "/d/floorpulse-operations"
_RUNBOOK: Final = "docs/operations.md"
_MINUTE: Final = 60


def service(tuning: Tuning, retired_sources: Sequence[str] = ()) -> Group:
    """Exporters, workers, sources that are not retired, and what was set aside or lost."""
    sources = ", ".join(filter(None, ['job="floorpulse"', speaking(retired_sources)]))
    return Group(
        name="floorpulse-service",
        rules=[
            _alert(
                "FloorpulseExporterDown",
                # The second half: Prometheus does not even try, as no target of that name is left.
                f"up{JOB} == 0 or absent(up{JOB})",
                "critical",
                'No numbers from {{ or $labels.instance "any exporter" }}',
                "Prometheus has had no answer for a minute. Workers go on counting; nothing is lost, but nobody "
                "sees it.",
                _MINUTE,
            ),
            _alert(
                "FloorpulseStateStale",
                f"{AGE.name}{JOB} > {tuning.state_stale_seconds}",
                "critical",
                "{{ $labels.instance }} shows numbers of {{ $value | humanizeDuration }} ago",
                "The exporter has lost Kafka, or cannot follow as fast as workers publish. It serves what it had.",
                _MINUTE,
            ),
            _alert(
                # A source that falls silent at night needs a heartbeat a minute, or this would ring every evening.
                "FloorpulseSourceStale",
                f"time() - max by (source) ({NEWEST.name}{{{sources}}}) > {tuning.stale_seconds}",
                "warning",
                "Nothing new from {{ $labels.source }} for {{ $value | humanizeDuration }}",
                "Either the source is silent, or its events do not arrive, or no worker applies them. If it is all "
                "sources, look at the workers first.",
                5 * _MINUTE,
            ),
            _alert(
                "FloorpulseExporterBehind",
                f"min_over_time({BEHIND.name}{JOB}[5m]) > 1000",
                "warning",
                "{{ $labels.instance }} is {{ $value }} published records behind",
                "For more than five minutes the exporter has not come to the end of what workers publish.",
                _MINUTE,
            ),
            _alert(
                # The second half: all of them are gone from where they are looked up, as in Docker Compose. One of
                # several that is gone is taken for scaling down. Who does not scrape workers has no such series.
                "FloorpulseWorkerDown",
                f"up{WORKERS} == 0\nor (count(max_over_time(up{WORKERS}[1h])) unless on () count(up{WORKERS}))",
                "critical",
                'No answer from {{ or $labels.instance "any worker" }}',
                "Prometheus has had none for five minutes. Other workers take its partitions over; without any, "
                "nothing is counted until one is back, and nothing is lost.",
                5 * _MINUTE,
            ),
            _alert(
                # As each exporter sees it, so the largest of them: two of them see the same records.
                "FloorpulseWorkersBehind",
                f"sum by (topic) (max by (topic, partition)\n  (min_over_time({LAG.name}{JOB}[10m]))) > 5000",
                "critical",
                "{{ $value }} records of {{ $labels.topic }} are not applied yet",
                "For more than ten minutes workers have not come near the end of this topic. Numbers are whole but "
                "late.",
                _MINUTE,
            ),
            _alert(
                "FloorpulseQuarantineGrows",
                _grew(TOPICS["quarantined"], "15m"),
                "warning",
                "Events of {{ $labels.topic }} break the contract",
                "{{ $value }} more were set aside than a quarter of an hour ago. They count in no KPI until they are "
                "sent again in the right form.",
            ),
            _alert(
                # Kept up for six hours, so that nobody misses it; `floorpulse status` has the number for good.
                "FloorpulseDataLost",
                _grew(TOPICS["lost"], "6h"),
                "critical",
                "{{ $value }} records of {{ $labels.topic }} were deleted before a worker read them",
                "Retention of the topic was shorter than the workers' absence. KPIs lack those events until they are "
                "sent again.",
            ),
        ],
    )


def _alert(name: str, expr: str, severity: Severity, summary: str, description: str, wait_seconds: int = 0) -> Alert:
    return Alert(
        name=name,
        expr=expr,
        audience="ops",
        severity=severity,
        summary=summary,
        description=description,
        board=_BOARD,
        runbook=_RUNBOOK,
        wait_seconds=wait_seconds,
    )


def _grew(counter: Family, ago: str) -> str:
    """What a counter of topics grew by since some time ago.

    Not `increase`: these counters are exact over restarts and seldom move, and one may begin above 0. The last part is
    for one that was not there then; a new Prometheus says so once of what is old.
    """
    now = f"max by (topic) ({counter.name}{JOB})"
    then = f"max by (topic) (last_over_time({counter.name}{JOB}[1d] offset {ago}))"
    return f"{now}\n  - {then} > 0\nor ({now}\n  unless {then}) > 0"
