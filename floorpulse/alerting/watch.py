"""Who watches the watchers: an alert that never ends, so that its absence is noticed."""

from __future__ import annotations

from typing import Final

from floorpulse.alerting.rule import Alert, Group
from floorpulse.alerting.tuning import Tuning

DEAD_MANS_SWITCH: Final = "FloorpulseDeadMansSwitch"
_BOARD: Final = "/d/floorpulse-operations"


def watch(tuning: Tuning) -> Group:
    """The dead man's switch, and rules that Prometheus cannot evaluate."""
    return Group(
        name="floorpulse-watch",
        rules=[
            Alert(
                name=DEAD_MANS_SWITCH,
                expr="vector(1)",
                audience="ops",
                severity="none",
                summary="Alerts work",
                description="This is sent for ever: whoever does not get it any more knows that no alert arrives.",
                board=_BOARD,
            ),
            Alert(
                name="FloorpulseRulesFail",
                expr="max by (rule_group) (increase(prometheus_rule_evaluation_failures_total[5m])) > 0",
                audience="ops",
                severity="critical",
                summary="Prometheus cannot evaluate {{ $labels.rule_group }}",
                description="{{ $value | humanize }} evaluations failed in five minutes: its alerts do not ring.",
                board=_BOARD,
                keep_seconds=tuning.rules_seconds,
            ),
        ],
    )
