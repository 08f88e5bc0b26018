from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state.read.calendar import PERIODS, first_of, period
from tests.kpi_state.read.floor import on

DAYS = st.integers(on("0002-01-01"), on("9998-12-31"))
MONTHS = st.integers(1, 12)


@given(window=st.sampled_from(PERIODS), day=DAYS, month=MONTHS)
def test_periods_of_a_kind_follow_each_other_without_gap_or_overlap(window: str, day: int, month: int) -> None:
    name, first, following = period(window, day, month)

    assert first <= day < following
    assert period(window, first, month) == period(window, following - 1, month) == (name, first, following)
    assert period(window, following, month).first == following
    assert period(window, following, month).name != name


@given(day=DAYS)
def test_a_week_is_the_iso_week(day: int) -> None:
    name, first, _ = period("week", day, 1)

    assert name == date.fromordinal(day).strftime("%G-W%V").zfill(8)
    assert date.fromordinal(first).isoweekday() == 1


@pytest.mark.parametrize(
    ("day", "week"),
    [("2021-01-03", "2020-W53"), ("2020-12-28", "2020-W53"), ("2024-12-30", "2025-W01"), ("2010-01-03", "2009-W53")],
)
def test_a_week_53_and_a_week_of_the_next_year_are_named_by_their_thursday(day: str, week: str) -> None:
    assert period("week", on(day), 1).name == week


@given(day=DAYS, month=MONTHS)
def test_a_fiscal_year_starts_in_its_month_and_is_named_after_the_year_it_ends_in(day: int, month: int) -> None:
    name, first, following = period("fiscal_year", day, month)

    start, end = date.fromordinal(first), date.fromordinal(following) - timedelta(days=1)
    assert (start.month, start.day) == (month, 1)
    assert end + timedelta(days=1) == start.replace(year=start.year + 1)
    assert name == f"FY{end.year:04d}"


@given(day=DAYS, month=MONTHS)
def test_four_fiscal_quarters_of_three_months_are_a_fiscal_year(day: int, month: int) -> None:
    year = period("fiscal_year", day, month)

    quarters = [period("fiscal_quarter", year.first, month)]
    while quarters[-1].next < year.next:
        quarters.append(period("fiscal_quarter", quarters[-1].next, month))

    assert [quarter.name for quarter in quarters] == [f"{year.name}-Q{n}" for n in (1, 2, 3, 4)]
    assert quarters[-1].next == year.next
    assert all(date.fromordinal(quarter.first).day == 1 for quarter in quarters)


@pytest.mark.parametrize(
    ("month", "day", "quarter"),
    [
        (1, "2011-12-31", "FY2011-Q4"),
        (2, "2024-01-31", "FY2024-Q4"),
        (2, "2024-02-01", "FY2025-Q1"),
        (4, "2024-03-31", "FY2024-Q4"),
        (7, "2024-02-29", "FY2024-Q3"),
        (10, "2024-10-01", "FY2025-Q1"),
        (12, "2023-12-01", "FY2024-Q1"),
    ],
)
def test_fiscal_quarters_by_the_month_the_year_starts_in(month: int, day: str, quarter: str) -> None:
    assert period("fiscal_quarter", on(day), month).name == quarter


def test_a_leap_day_is_a_day_of_february() -> None:
    assert period("day", on("2024-02-29"), 1).name == "2024-02-29"
    assert period("month", on("2024-02-29"), 1) == ("2024-02", on("2024-02-01"), on("2024-03-01"))


def test_periods_at_the_ends_of_the_calendar_reach_beyond_it() -> None:
    assert period("fiscal_year", 1, 4) == ("FY0001", 1 - 275, 1 + 90)
    last = on("9999-12-31")
    assert period("fiscal_year", last, 4) == ("FY10000", on("9999-04-01"), last + 1 + 91)  # 10000 is a leap year
    assert period("month", last, 1).next == last + 1
    assert first_of(10_000, 1) == last + 1


def test_an_unknown_period_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'decade' is not one of day, week"):
        period("decade", 1, 1)
