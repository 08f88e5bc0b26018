import pytest

from floorpulse.alerting.tuning import Tuning, duration, tuned
from floorpulse.settings import Alerts


@pytest.mark.parametrize(("seconds", "text"), [(1, "1s"), (90, "90s"), (900, "15m"), (3_600, "1h"), (86_400, "1d")])
def test_a_duration_is_written_in_the_largest_unit_that_divides_it(seconds: int, text: str) -> None:
    assert duration(seconds) == text


def test_what_begins_an_alert_is_further_away_than_what_ends_it() -> None:
    usual = Tuning()

    assert usual.enter_ratio < usual.leave_ratio < 1
    assert usual.stuck_ratio > usual.unstuck_ratio


def test_thresholds_are_those_of_the_settings() -> None:
    alerts = Alerts(
        drop_begins_ratio=0.11,
        drop_ends_ratio=0.22,
        drop_seconds=33,
        drop_over_seconds=44,
        team_touchpoints=55,
        rep_touchpoints=66,
        target_seconds=77,
        stale_seconds=88,
    )

    assert tuned(alerts) == Tuning(
        enter_ratio=0.11,
        leave_ratio=0.22,
        wait_seconds=33,
        keep_seconds=44,
        team_expected=55,
        rep_expected=66,
        target_seconds=77,
        stale_seconds=88,
    )
    assert tuned(Alerts()) == Tuning()
