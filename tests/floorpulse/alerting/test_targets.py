"""What the rules do is tried by promtool: tests/prometheus/test_target_rules.py."""

from floorpulse.alerting.rule import Alert
from floorpulse.alerting.targets import targets, with_targets
from floorpulse.alerting.tuning import Tuning
from kpi_state.definitions import default_targets


def test_every_target_that_has_a_default_is_watched_in_its_direction() -> None:
    names = [rule.name for rule in targets(Tuning()).rules if isinstance(rule, Alert)]

    assert {kpi.stem for kpi in with_targets()} == set(default_targets())
    assert names == [
        "TeamContactToLeadBelowTarget",
        "TeamAppointmentDisqualificationAboveTarget",
        "TeamLeadSourceBelowTarget",
        "TeamLeadsStuck",
        "TeamDealsStuck",
    ]


def test_no_rule_repeats_a_target() -> None:
    """They compare with the target's own series."""
    text = "".join(rule.expr for rule in targets(Tuning()).rules)

    for kpi in with_targets():
        assert f"sales_team_{kpi.stem}_target_ratio" in text
    assert not any(f"{sign} {target}" in text for sign in "<>" for target in default_targets().values())
