"""Alerts about alerts themselves, by promtool."""

from pathlib import Path

import pytest

from tests.prometheus.stories import fires, judged, says

pytestmark = pytest.mark.promtool


def test_the_dead_mans_switch_never_ends(tmp_path: Path) -> None:
    code, words = judged(
        tmp_path, [fires("FloorpulseDeadMansSwitch", {"up": "1x10 _x200"}, {0: True, 30: True, 199: True})]
    )

    assert code == 0, words


def test_the_dead_mans_switch_says_what_it_is_for(tmp_path: Path) -> None:
    expected = {
        "summary": "Alerts work",
        "description": "This is sent for ever: whoever does not get it any more knows that no alert arrives.",
        "board": "http://127.0.0.1:3000/d/floorpulse-operations",
        "runbook_url": "docs/alerts.md#floorpulsedeadmansswitch",
    }

    code, words = judged(
        tmp_path, [says("FloorpulseDeadMansSwitch", {}, 5, {"severity": "none", "audience": "ops"}, expected)]
    )

    assert code == 0, words


def test_rules_that_fail_ring_and_end(tmp_path: Path) -> None:
    failures = 'prometheus_rule_evaluation_failures_total{rule_group="/rules/teams.yml;floorpulse-team-productivity"}'
    moments = {9: False, 14: True, 20: True, 60: False}

    code, words = judged(tmp_path, [fires("FloorpulseRulesFail", {failures: "0x9 0+1x9 9x200"}, moments)])

    assert code == 0, words
