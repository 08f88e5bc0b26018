import pytest

from bench import visible
from bench.visible import Look, count, waits

PAGE = """\
# TYPE sales_org_touchpoints_touchpoints gauge
sales_org_touchpoints_attempts{window="month"} 7
sales_org_touchpoints_touchpoints{window="day"} 1
sales_org_touchpoints_touchpoints{window="month",channel="call"} 2
sales_org_touchpoints_touchpoints{window="month"} 3e0
"""


def test_the_page_is_asked_for_the_whole_organisation_this_month() -> None:
    assert count(PAGE, "touchpoints") == 3
    assert count(PAGE, "attempts") == 7
    assert count("", "attempts") == 0


def test_a_call_is_visible_with_the_first_page_that_counts_it() -> None:
    looks = [Look(0.0, 10, 10), Look(1.5, 11, 10), Look(2.0, 13, 11), Look(4.0, 13, 13)]

    attempts, touchpoints = (waits(what, 1.0, [1.0, 1.25, 1.5], looks) for what in ("attempts", "touchpoints"))

    assert attempts[:3] == ("attempts", 1.0, 3)
    assert (attempts.p50_ms, attempts.longest_ms) == (500.0, 750.0)
    assert (touchpoints.p50_ms, touchpoints.longest_ms) == (2500.0, 2750.0)


@pytest.mark.kafka
def test_calls_are_timed_until_the_page_shows_them(capsys: pytest.CaptureFixture[str]) -> None:
    visible.main(["--rates", "20,40", "--seconds", "1"])

    lines = capsys.readouterr().out.splitlines()
    kinds = [line.split(":")[0].split() for line in lines if " calls, p50 " in line]
    assert kinds == [[what, "at", rate] for rate in ("20/s", "40/s") for what in ("attempts", "touchpoints")]
