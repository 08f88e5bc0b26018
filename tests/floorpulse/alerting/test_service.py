"""What the rules do is tried by promtool: tests/prometheus/test_alerts.py."""

from floorpulse.alerting.rule import Alert
from floorpulse.alerting.service import service
from floorpulse.alerting.tuning import Tuning


def test_what_is_stale_for_the_service_is_stale_for_the_floor() -> None:
    rules = {rule.name: rule.expr for rule in service(Tuning(state_stale_seconds=77, stale_seconds=99)).rules}

    assert rules["FloorpulseStateStale"].endswith("> 77")
    assert rules["FloorpulseSourceStale"].endswith("> 99")


def test_a_retired_source_does_not_ring() -> None:
    rules = {rule.name: rule.expr for rule in service(Tuning(), ["/old"]).rules}

    assert '{job="floorpulse", source!~"/old"}' in rules["FloorpulseSourceStale"]


def test_all_of_it_is_for_those_who_run_the_service() -> None:
    alerts = [rule for rule in service(Tuning()).rules if isinstance(rule, Alert)]

    assert {(alert.audience, alert.runbook) for alert in alerts} == {("ops", "docs/operations.md")}
