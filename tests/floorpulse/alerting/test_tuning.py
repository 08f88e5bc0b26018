import pytest

from floorpulse.alerting.tuning import Tuning, duration


@pytest.mark.parametrize(("seconds", "text"), [(1, "1s"), (90, "90s"), (900, "15m"), (3_600, "1h"), (86_400, "1d")])
def test_a_duration_is_written_in_the_largest_unit_that_divides_it(seconds: int, text: str) -> None:
    assert duration(seconds) == text


def test_what_begins_an_alert_is_further_away_than_what_ends_it() -> None:
    usual = Tuning()

    assert usual.enter_ratio < usual.leave_ratio < 1
    assert usual.stuck_ratio > usual.unstuck_ratio
