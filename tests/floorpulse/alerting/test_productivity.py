"""What the rules do is tried by promtool: tests/prometheus/test_productivity_rules.py."""

from typing import Literal

import pytest

from floorpulse.alerting.productivity import productivity
from floorpulse.alerting.rule import Alert
from floorpulse.alerting.tuning import Tuning


@pytest.mark.parametrize(("grain", "audience"), [("team", "floor"), ("rep", "manager")])
def test_teams_are_for_the_floor_and_reps_for_their_manager_alone(grain: Literal["team", "rep"], audience: str) -> None:
    alerts = [rule for rule in productivity(grain, Tuning()).rules if isinstance(rule, Alert)]

    assert [alert.name for alert in alerts] == [f"{grain.title()}BehindPace", f"{grain.title()}ProductivityDrop"]
    assert {alert.audience for alert in alerts} == {audience}


def test_every_threshold_comes_from_the_tuning() -> None:
    tuning = Tuning(enter_ratio=0.11, leave_ratio=0.22, team_expected=33, chance_ratio=0.44, deviations=5.5)

    pace, drop = (rule.expr for rule in productivity("team", tuning).rules if isinstance(rule, Alert))

    assert all(number in pace for number in ("< 0.11", "< 0.22", ">= 33", "> 5.5"))
    assert all(number in drop for number in ("< 0.11", "< 0.22", ">= 33", "< 0.44"))
