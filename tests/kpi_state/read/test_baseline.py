"""What is normal by now: examples, and the same worked out plainly from the touches themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpi_state.definitions import WEEKDAYS, Calendar, Lookback
from kpi_state.read.baseline import Baseline
from kpi_state.read.poisson import at_most
from tests.kpi_state.read.floor import Floor, settings_of, us

FRIDAY = date(2024, 5, 17)
HOUSE = Calendar(holidays_add=("2024-05-10",), named={"always": Calendar(working_days=WEEKDAYS)})


def floor_of(**lookback: int) -> Floor:
    floor = Floor(settings_of("Europe/Amsterdam", calendar=Calendar(), baseline=Lookback(**lookback)))
    floor.rep("r1", team="A")
    return floor


def weeks_ago(weeks: int, time: str) -> str:
    """A time of the Friday so many weeks before 17 May, in Amsterdam."""
    local = datetime.fromisoformat(f"{FRIDAY - timedelta(weeks=weeks)}T{time}")
    return local.replace(tzinfo=ZoneInfo("Europe/Amsterdam")).isoformat()


def normal(floor: Floor, now: str, window: str = "day") -> dict[str, tuple[float | None, int]]:
    """Who → (normal, samples)."""
    return {who: (each.normal, each.samples) for who, each in found(floor, now, window).items()}


def found(floor: Floor, now: str, window: str = "day") -> dict[str, Baseline]:
    """Who → baseline in a window, of a reader that follows and of a fresh one."""
    baselines = floor.reader.baselines(us(now))
    assert floor.fresh().baselines(us(now)) == baselines
    samples = {
        (sample.grain, sample.key, sample.window): sample.value
        for sample in floor.fresh().samples(us(now), current=True)
        if not sample.labels
    }
    assert all(samples.get(each[:3], 0) == each.touchpoints for each in baselines)
    return {
        "*" if each.grain == "org" else f"{each.grain}:{each.key}": each for each in baselines if each.window == window
    }


def week_by_week(floor: Floor, counts: Iterable[int], rep: str = "r1", time: str = "09:20") -> None:
    """So many touchpoints one, two, … weeks ago."""
    for weeks, count in enumerate(counts, 1):
        floor.touch(rep, weeks_ago(weeks, time), count)


# ---- what is normal


def test_the_middle_of_the_same_weekdays_is_normal_however_far_off_one_of_them_is() -> None:
    floor = floor_of()
    week_by_week(floor, [10, 12, 500, 11, 1])
    floor.touch("r1", "2024-05-16T09:20", 99)

    assert normal(floor, weeks_ago(0, "11:00")) == dict.fromkeys(("rep:r1", "team:A", "*"), (11, 5))


def test_between_two_in_the_middle_lies_their_mean() -> None:
    floor = floor_of()
    week_by_week(floor, [10, 13, 14, 8])

    assert normal(floor, weeks_ago(0, "11:00"))["rep:r1"] == (11.5, 4)


def test_the_day_counts_to_the_running_quarter_hour_and_the_hour_has_three_whole_ones() -> None:
    floor = floor_of()
    for time in ("09:00", "09:15", "09:30", "09:45", "10:00", "10:15"):
        week_by_week(floor, [1, 1, 1], time=time)

    expected = {"09:00": (0, 0), "09:29": (1, 1), "09:45": (3, 3), "10:00": (4, 3), "10:29:59": (5, 3), "11:30": (6, 0)}
    for time, (day, hour) in expected.items():
        assert normal(floor, weeks_ago(0, time))["rep:r1"] == (day, 3)
        assert normal(floor, weeks_ago(0, time), "rolling_1h")["rep:r1"] == (hour, 3)


def test_what_is_stands_beside_what_is_normal_with_its_chance() -> None:
    floor = floor_of()
    week_by_week(floor, [8, 8, 8])
    floor.touch("r1", weeks_ago(0, "09:20"), 3)

    day = found(floor, weeks_ago(0, "11:00"))["rep:r1"]

    assert day == Baseline("rep", "r1", "day", 8, 3, 3, at_most(3, 8))
    assert round(day.tail or 0, 4) == 0.0424
    assert found(floor, weeks_ago(0, "10:00"), "rolling_1h")["rep:r1"].touchpoints == 3
    assert found(floor, weeks_ago(0, "10:15"), "rolling_1h")["rep:r1"].touchpoints == 0


def test_a_baseline_looks_back_as_far_as_the_settings_say_and_wants_as_many_days() -> None:
    counts = [1, 2, 3, 4, 5, 6, 700]

    for lookback, expected in (
        ({}, (3.5, 6)),
        ({"weeks": 7}, (4, 7)),
        ({"weeks": 3}, (2, 3)),
        ({"weeks": 2, "min_samples": 2}, (1.5, 2)),
        ({"weeks": 2}, (None, 2)),
    ):
        floor = floor_of(**lookback)
        week_by_week(floor, counts)
        assert normal(floor, weeks_ago(0, "11:00")) == dict.fromkeys(("rep:r1", "team:A", "*"), expected)


def test_without_a_baseline_nothing_is_surprising_and_nothing_is_said() -> None:
    assert found(floor_of(), weeks_ago(0, "11:00"))["rep:r1"] == Baseline("rep", "r1", "day", None, 0, 0, None)


# ---- which days are left out


def test_days_of_absence_holidays_and_days_before_the_first_are_left_out() -> None:
    floor = Floor(settings_of("Europe/Amsterdam", calendar=HOUSE))
    floor.rep("r1", team="A", first_day="2024-04-12")
    week_by_week(floor, [100, 1, 200, 2, 3, 300])
    floor.say("absence", "a1", rep_id="r1", from_="2024-04-25", until="2024-04-28")

    assert normal(floor, weeks_ago(0, "11:00"))["rep:r1"] == (2, 3)


def test_a_day_without_an_attempt_is_left_out_and_one_without_success_is_not() -> None:
    floor = floor_of()
    week_by_week(floor, [6, 8])
    floor.count("touchpoints", "r1", ("Q", us(weeks_ago(3, "16:00")) // 900_000_000, 0), 0, 5, 0, labels=("call",))

    assert normal(floor, weeks_ago(0, "11:00"))["rep:r1"] == (6, 3)


def test_an_absence_that_is_told_later_changes_what_was_normal() -> None:
    floor = floor_of()
    week_by_week(floor, [1, 2, 3, 40])
    assert normal(floor, weeks_ago(0, "11:00"))["rep:r1"] == (2.5, 4)

    floor.say("absence", "a1", rep_id="r1", from_="2024-05-10", until="2024-05-10")

    assert normal(floor, weeks_ago(0, "11:00"))["rep:r1"] == (3, 3)


def test_a_touch_that_is_told_later_or_taken_back_changes_what_was_normal() -> None:
    floor = floor_of()
    week_by_week(floor, [1, 2, 3])
    assert normal(floor, weeks_ago(0, "11:00"))["rep:r1"] == (2, 3)

    floor.touch("r1", weeks_ago(1, "09:00"), 9)
    assert normal(floor, weeks_ago(0, "11:00"))["rep:r1"] == (3, 3)

    floor.take_back(-1)
    assert normal(floor, weeks_ago(0, "11:00"))["rep:r1"] == (2, 3)


def test_who_does_not_work_today_has_no_baseline() -> None:
    floor = floor_of()
    week_by_week(floor, [1, 2, 3])
    for day, rep in (("2024-05-17", "r1"), ("2024-05-18", "r2")):
        floor.rep("r2", team="B")
        floor.say("absence", f"a-{rep}", rep_id=rep, from_=day, until=day)

    assert normal(floor, weeks_ago(0, "11:00")) == dict.fromkeys(("rep:r2", "team:B", "*"), (None, 0))
    assert normal(floor, "2024-05-18T11:00") == {}


# ---- teams


def test_a_team_is_expected_to_do_what_those_who_are_there_do() -> None:
    floor = floor_of()
    for rep in ("r2", "r3", "r4"):
        floor.rep(rep, team="A")
    week_by_week(floor, [10, 10, 10, 10])
    week_by_week(floor, [4, 5, 6], rep="r2")
    week_by_week(floor, [100, 100, 100], rep="r3")
    floor.say("absence", "a1", rep_id="r3", from_="2024-05-17", until="2024-05-17")

    found = normal(floor, weeks_ago(0, "11:00"))

    assert found == {"rep:r1": (10, 4), "rep:r2": (5, 3), "rep:r4": (None, 0), "team:A": (15, 3), "*": (15, 3)}


def test_a_rep_takes_the_baseline_to_another_team() -> None:
    floor = floor_of()
    week_by_week(floor, [4, 5, 6])
    floor.rep("r1", "2024-05-17", team="B")

    assert normal(floor, weeks_ago(0, "11:00")) == dict.fromkeys(("rep:r1", "team:B", "*"), (5, 3))


def test_normal_goes_on_with_the_clock() -> None:
    floor = floor_of()
    for day in range(1, 40):
        floor.touch("r1", f"2024-04-{day:02d}T08:00" if day <= 30 else f"2024-05-{day - 30:02d}T08:00", day)

    assert normal(floor, "2024-05-08T11:00")["rep:r1"] == (17, 5)
    assert normal(floor, "2024-05-09T11:00")["rep:r1"] == (18, 5)
    assert normal(floor, "2024-05-20T11:00")["rep:r1"] == (22, 5)
    assert normal(floor, "2024-06-05T11:00")["rep:r1"] == (31, 3)
    assert normal(floor, "2024-05-08T11:00")["rep:r1"] == (17, 5)


# ---- worked out plainly


@dataclass(frozen=True)
class Story:
    """What is known of one rep; days are counted back from today, times are quarter hours of UTC."""

    zones: tuple[str, ...]
    """Of before and since day `moved`."""
    moved: int
    spans: tuple[tuple[int, int], ...]
    """(first, last) day of each employment, counted back."""
    away: tuple[tuple[int, int], ...]
    calendar: str | None
    touches: tuple[tuple[int, int, int], ...]
    """(day back, quarter hour, touchpoints); 0 touchpoints are an attempt."""


ZONES = ["Europe/Amsterdam", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Auckland"]
TODAYS = ["2024-04-05", "2024-04-07", "2024-05-10", "2024-11-08", "2024-10-27", "2024-03-31"]
"""Clocks changed in the weeks before, or change on the day itself."""


@st.composite
def stories(draw: st.DrawFn) -> Story:
    back = st.integers(0, 44)
    marks = sorted(draw(st.lists(back, max_size=4, unique=True)), reverse=True)
    pairs = [pair for number, pair in enumerate(pairwise(marks)) if number % 2 == 0]
    # Most touches lie on the same weekday, around the same time.
    day = st.one_of(st.integers(0, 6).map(lambda week: 7 * week), back)
    return Story(
        zones=(draw(st.sampled_from(ZONES)), draw(st.sampled_from(ZONES))),
        moved=draw(back),
        spans=tuple(pairs),
        away=tuple(draw(st.lists(st.tuples(back, st.integers(0, 9)), max_size=2))),
        calendar=draw(st.sampled_from(["always", "always", None])),
        touches=tuple(draw(st.lists(st.tuples(day, st.integers(0, 95), st.integers(0, 9)), max_size=30))),
    )


@given(
    st.lists(stories(), min_size=1, max_size=3),
    st.sampled_from(TODAYS),
    st.lists(st.integers(0, 24 * 60 - 1), min_size=1, max_size=3).map(sorted),
)
@example([Story((ZONES[0], ZONES[0]), 0, (), (), "always", ((7, 8, 1), (14, 8, 2), (21, 8, 4)))], "2024-03-31", [61])
def test_a_baseline_is_what_the_touches_say(told: list[Story], today: str, minutes: list[int]) -> None:
    floor = Floor(settings_of("Europe/Amsterdam", calendar=HOUSE, baseline=Lookback(min_samples=2)))
    for number, story in enumerate(told):
        _tell(floor, f"r{number}", story, date.fromisoformat(today))
    for minute in minutes:
        now = datetime.fromisoformat(f"{today}T00:00Z") + timedelta(minutes=minute)
        expected: dict[str, list[tuple[float, float, int] | int]] = {}
        for number, story in enumerate(told):
            plainly = _plainly(story, now, date.fromisoformat(today))
            if plainly is not None:
                for who in (f"rep:r{number}", "team:A", "*"):
                    expected.setdefault(who, []).append(plainly)

        for place, window in enumerate(("day", "rolling_1h")):
            assert normal(floor, now.isoformat(), window) == {
                who: _summed(place, of_reps) for who, of_reps in expected.items()
            }


def _summed(place: int, of_reps: list[Any]) -> tuple[float | None, int]:
    known = [each for each in of_reps if isinstance(each, tuple)]
    if not known:
        return None, min(of_reps)
    return sum(each[place] for each in known), min(each[2] for each in known)


def _tell(floor: Floor, rep: str, story: Story, today: date) -> None:
    floor.rep(rep, team="A", timezone=story.zones[0], calendar=story.calendar)
    floor.rep(rep, _back(today, story.moved), timezone=story.zones[1])
    for number, (first, last) in enumerate(story.spans):
        said = {"first_day": _back(today, first), "last_day": _back(today, last)}
        floor.rep(rep, f"2020-02-{number + 1:02d}", **said)
    for number, (first, length) in enumerate(story.away):
        said = {"from_": _back(today, first), "until": _back(today, first - length)}
        floor.say("absence", f"{rep}-{number}", rep_id=rep, **said)
    for back, quarter, touchpoints in story.touches:
        start = us(_back(today, back)) // 900_000_000 + quarter
        floor.count("touchpoints", rep, ("Q", start, 0), touchpoints, 1, 0, labels=("call",))


def _back(today: date, days: int) -> str:
    return (today - timedelta(days=days)).isoformat()


def _plainly(story: Story, now: datetime, today: date) -> tuple[float, float, int] | int | None:
    """(normal of the day, of the hour, samples); samples alone if there are too few; None for who does not work."""
    moved = datetime.fromisoformat(f"{_back(today, story.moved)}T00:00Z")

    def local(time: datetime) -> datetime:
        """As the clocks where the rep is show it."""
        return time.astimezone(ZoneInfo(story.zones[time >= moved])).replace(tzinfo=None)

    def works(day: date) -> bool:
        employed = not story.spans or any(_back(today, a) <= day.isoformat() <= _back(today, b) for a, b in story.spans)
        away = any(_back(today, a) <= day.isoformat() <= _back(today, a - length) for a, length in story.away)
        holiday = story.calendar is None and (day.weekday() > 4 or day.isoformat() in HOUSE.holidays_add)
        return employed and not away and not holiday

    clock = local(now)
    if not works(clock.date()):
        return None
    touches = [
        (local(datetime.fromisoformat(f"{_back(today, back)}T00:00Z") + timedelta(minutes=15 * quarter)), count)
        for back, quarter, count in story.touches
        if datetime.fromisoformat(f"{_back(today, back)}T00:00Z") + timedelta(minutes=15 * quarter) <= now
    ]
    by_now: list[int] = []
    last_hour: list[int] = []
    for weeks in range(1, 7):
        then = clock.replace(minute=clock.minute - clock.minute % 15, second=0) - timedelta(weeks=weeks)
        if works(then.date()) and any(time.date() == then.date() for time, _ in touches):
            midnight = then.replace(hour=0, minute=0)
            by_now.append(sum(count for time, count in touches if midnight <= time < then))
            last_hour.append(sum(n for time, n in touches if then - timedelta(minutes=45) <= time < then))
    if len(by_now) < 2:
        return len(by_now)
    return median(by_now), median(last_hour), len(by_now)


def test_the_plain_way_counts_by_local_clocks() -> None:
    story = Story((ZONES[0], ZONES[0]), 0, (), (), "always", ((7, 8, 1), (14, 8, 2)))
    today = date(2024, 3, 31)

    # The clocks went forward: a touch of 02:00 UTC was one of 03:00, which is now 01:00 UTC.
    assert _plainly(story, datetime(2024, 3, 31, 1, 0, tzinfo=UTC), today) == (0, 0, 2)
    assert _plainly(story, datetime(2024, 3, 31, 1, 15, tzinfo=UTC), today) == (1.5, 1.5, 2)
    assert _plainly(story, datetime(2024, 3, 31, 2, 0, tzinfo=UTC), today) == (1.5, 0, 2)


@pytest.mark.parametrize(("calendar", "works"), [("always", True), (None, False)])
def test_the_calendar_of_then_says_whether_a_day_was_worked(calendar: str | None, works: bool) -> None:
    floor = Floor(settings_of("UTC", calendar=HOUSE))
    floor.rep("r1", calendar=calendar)
    floor.rep("r1", "2024-05-13", calendar="always")
    for weeks in (1, 2, 3):
        floor.touch("r1", f"{date(2024, 5, 18) - timedelta(weeks=weeks)}T09:00")

    assert normal(floor, "2024-05-18T11:00")["rep:r1"] == ((1, 3) if works else (None, 0))
