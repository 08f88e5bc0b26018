"""Who is at work now: examples, and the same worked out plainly with the standard library."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpi_state.definitions import WEEKDAYS, Calendar
from kpi_state.read.presence import Presence
from tests.kpi_state.read.floor import Floor, settings_of, us

SATURDAYS = Calendar(working_days=("sat",), working_hours=("10:00-20:00",))
NIGHTS = Calendar(working_days=WEEKDAYS, working_hours=("00:00-02:30", "22:00-24:00"))
HOUSE = Calendar(holidays_add=("2024-05-20",), named={"saturdays": SATURDAYS, "nights": NIGHTS})
FRIDAY = "2024-05-17T11:00+02:00"
LUNCH = "2024-05-17T12:45+02:00"


def floor_of() -> Floor:
    floor = Floor(settings_of("Europe/Amsterdam", calendar=HOUSE, teams={"Asia": "Asia/Tokyo"}))
    floor.rep("r1", team="A")
    return floor


def seen(floor: Floor, now: str = FRIDAY) -> dict[str, tuple[bool, int, int]]:
    """Who → (working, reps, absent)."""
    found = floor.reader.presence(us(now))
    assert floor.fresh().presence(us(now)) == found
    return {_who(each): (each.working, each.reps, each.absent) for each in found}


def _who(each: Presence) -> str:
    return "*" if each.grain == "org" else f"{each.grain}:{each.key}"


@pytest.mark.parametrize(
    ("now", "working"),
    [
        ("2024-05-17T08:59:59.999999+02:00", False),
        ("2024-05-17T09:00+02:00", True),
        ("2024-05-17T12:29:59.999999+02:00", True),
        ("2024-05-17T12:30+02:00", False),
        ("2024-05-17T13:00+02:00", True),
        ("2024-05-17T17:30+02:00", False),
        ("2024-05-18T11:00+02:00", False),
        ("2024-05-20T11:00+02:00", False),
    ],
)
def test_working_time_is_that_of_the_calendar_in_the_zone_without_holidays(now: str, working: bool) -> None:
    assert seen(floor_of(), now) == {
        "rep:r1": (working, 1, 0),
        "team:A": (working, 1, 0),
        "*": (working, 1, 0),
    }


def test_a_team_works_as_long_as_anybody_of_it_does() -> None:
    floor = floor_of()
    floor.rep("r2", team="A", timezone="Asia/Tokyo")

    assert seen(floor, "2024-05-17T02:00Z") == {
        "rep:r1": (False, 1, 0),
        "rep:r2": (True, 1, 0),
        "team:A": (True, 2, 0),
        "*": (True, 2, 0),
    }
    assert seen(floor, "2024-05-17T20:00Z")["team:A"] == (False, 2, 0)


def test_who_is_away_does_not_work_and_is_counted() -> None:
    floor = floor_of()
    floor.rep("r2", team="A")
    floor.say("absence", "a1", rep_id="r1", from_="2024-05-17", until="2024-05-17")

    assert seen(floor) == {"rep:r1": (False, 1, 1), "rep:r2": (True, 1, 0), "team:A": (True, 2, 1), "*": (True, 2, 1)}

    floor.say("absence", "a2", rep_id="r2", from_="2024-05-16")

    assert seen(floor) == {
        "rep:r1": (False, 1, 1),
        "rep:r2": (False, 1, 1),
        "team:A": (False, 2, 2),
        "*": (False, 2, 2),
    }


def test_two_absences_on_one_day_are_one_and_half_a_day_is_not_known() -> None:
    floor = floor_of()
    floor.say("absence", "a1", rep_id="r1", from_="2024-05-16", until="2024-05-17", kind_="morning")
    floor.say("absence", "a2", rep_id="r1", from_="2024-05-17", until="2024-05-18", kind_="afternoon")

    assert seen(floor)["team:A"] == (False, 1, 1)
    assert seen(floor, "2024-05-19T11:00+02:00")["team:A"] == (False, 1, 0)


def test_who_is_not_employed_today_is_nobody_and_a_re_hire_is_somebody_again() -> None:
    floor = floor_of()
    floor.rep("r1", "2024-05-01", first_day="2024-01-01", last_day="2024-05-16")
    floor.rep("r1", "2024-05-02", first_day="2024-06-03")

    assert seen(floor, "2024-05-16T11:00+02:00")["rep:r1"] == (True, 1, 0)
    assert seen(floor) == {"*": (False, 0, 0)}
    assert seen(floor, "2024-06-03T11:00+02:00")["rep:r1"] == (True, 1, 0)


def test_an_empty_floor_has_an_organisation_that_does_not_work() -> None:
    assert Floor().reader.presence(us(FRIDAY)) == [Presence("org", "*", working=False, reps=0, absent=0)]


def test_reps_come_before_teams_before_the_organisation() -> None:
    floor = floor_of()
    floor.rep("z", team="0")

    assert list(seen(floor)) == ["rep:r1", "rep:z", "team:0", "team:A", "*"]


# ---- worked out plainly


@dataclass
class Said:
    """What the roster says of one rep."""

    zone: str | None
    teams: list[tuple[str, str | None]]
    """(since, team)."""
    calendar: str | None
    spans: list[tuple[str, str]]
    away: list[tuple[str, str]] = field(default_factory=list)


DAYS = [f"2024-03-{day:02d}" for day in range(28, 32)] + [f"2024-04-{day:02d}" for day in range(1, 4)]
"""Clocks in Amsterdam spring forward on Sunday 31 March."""
ZONES = ["Europe/Amsterdam", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati", "Mars/Base", None]


@st.composite
def people(draw: st.DrawFn) -> Said:
    days = st.sampled_from(DAYS)
    ends = draw(st.lists(days, max_size=4, unique=True).map(sorted))
    teams = [("2024-01-01", draw(st.sampled_from(["A", "Asia", None])))]
    if draw(st.booleans()):
        teams.append((draw(days), draw(st.sampled_from(["A", "Asia", None]))))
    pairs = st.tuples(days, days)
    return Said(
        zone=draw(st.sampled_from(ZONES)),
        teams=teams,
        calendar=draw(st.sampled_from(["saturdays", "nights", "lost", None])),
        spans=list(zip(ends[::2], [*ends[1::2], "2024-12-31"], strict=False)),
        away=draw(st.lists(pairs, max_size=3)),
    )


INSTANTS = st.builds(
    lambda day, minutes: f"{day}T{minutes // 60:02d}:{minutes % 60:02d}Z",
    st.sampled_from(DAYS),
    st.integers(0, 24 * 4 - 1).map(lambda quarter: quarter * 15),
)


@given(reps=st.lists(people(), max_size=4), now=INSTANTS)
@example(reps=[Said(None, [("2024-01-01", "A")], "nights", [])], now="2024-03-31T00:15Z")  # in the last hour of winter
@example(reps=[Said(None, [("2024-01-01", "A")], "nights", [])], now="2024-03-31T01:15Z")  # 02:30 was never shown
def test_presence_is_what_the_standard_library_says(reps: list[Said], now: str) -> None:
    floor = Floor(settings_of("Europe/Amsterdam", calendar=HOUSE, teams={"Asia": "Asia/Tokyo"}))
    expected: dict[str, tuple[bool, int, int]] = {"*": (False, 0, 0)}
    for number, said in enumerate(reps):
        rep = f"r{number}"
        _tell(floor, rep, said)
        found = _plainly(said, datetime.fromisoformat(now))
        if found is not None:
            team, working, absent = found
            for who in (f"rep:{rep}", *([f"team:{team}"] if team else []), "*"):
                others = expected.get(who, (False, 0, 0))
                expected[who] = others[0] or working, others[1] + 1, others[2] + absent

    assert seen(floor, now) == expected


def _tell(floor: Floor, rep: str, said: Said) -> None:
    floor.rep(rep, timezone=said.zone, calendar=said.calendar)
    for since, team in said.teams:
        floor.rep(rep, since, team=team)
    for number, (first, last) in enumerate(said.spans):
        floor.rep(rep, f"2023-01-{number + 1:02d}", first_day=first, last_day=last)
    for number, (first, last) in enumerate(said.away):
        floor.say("absence", f"{rep}-{number}", rep_id=rep, from_=first, until=last)


def _plainly(said: Said, now: datetime) -> tuple[str | None, bool, int] | None:
    """(team, working, absent), None for who is not employed."""
    team = [team for since, team in said.teams if datetime.fromisoformat(f"{since}T00:00Z") <= now][-1:]
    current = team[0] if team else said.teams[0][1]
    zone: Any = said.zone if said.zone not in {None, "Mars/Base"} else None
    local = now.astimezone(ZoneInfo(zone or ("Asia/Tokyo" if current == "Asia" else "Europe/Amsterdam")))
    today = local.date()
    if said.spans and not any(date.fromisoformat(a) <= today <= date.fromisoformat(b) for a, b in said.spans):
        return None
    absent = any(date.fromisoformat(first) <= today <= date.fromisoformat(last) for first, last in said.away)
    calendar = HOUSE.named.get(said.calendar or "", HOUSE)
    working = (
        not absent
        and WEEKDAYS[today.weekday()] in calendar.working_days
        and today.isoformat() not in calendar.holidays_add
        and any(_between(hours, local) for hours in calendar.working_hours)
    )
    return current, working, int(absent)


def _between(hours: str, local: datetime) -> bool:
    """Whether local clocks show a time of these hours. No time of day in these tests happens twice."""
    start, end = hours.split("-")
    after = start <= local.strftime("%H:%M")
    return after and (end == "24:00" or local.time() < time.fromisoformat(end))


def test_the_plain_way_knows_the_change_of_clocks() -> None:
    amsterdam = ZoneInfo("Europe/Amsterdam")
    before = datetime(2024, 3, 31, 0, 45, tzinfo=UTC)

    assert _between("00:00-02:30", before.astimezone(amsterdam))
    assert not _between("00:00-02:30", (before + timedelta(minutes=15)).astimezone(amsterdam))
