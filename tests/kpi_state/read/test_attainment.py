"""How far targets are reached, and that nothing is not zero."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state.kpis.registry import KPIS
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.attainment import Attained, attained, attainments, direction
from kpi_state.read.sample import Sample
from kpi_state.read.targets import Goal, adds_up
from tests.kpi_state.read.floor import Floor, dated, settings_of, us

NOON = "2024-05-17T10:30+02:00"
"""A Friday; an hour and a half of eight worked."""


def floor_of(**targets: float) -> Floor:
    floor = Floor(settings_of("Europe/Amsterdam", targets={name.replace("__", "."): n for name, n in targets.items()}))
    floor.rep("r1", team="A")
    floor.rep("r2", team="A")
    return floor


def reached(floor: Floor, now: str = NOON, window: str = "day") -> dict[str, Any]:
    """Who (and labels) → (value, attainment, pace) in a window."""
    goals, samples = floor.reader.goals(us(now)), floor.reader.samples(us(now), current=True)
    found = [each for each in attainments(goals, samples) if each.window == window]
    who = [
        " ".join(["*" if x.grain == "org" else f"{x.grain}:{x.key}", *(f"{n}={v}" for n, v in x.labels)]) for x in found
    ]
    assert len(set(who)) == len(who)
    return dict(zip(who, (each[5:] for each in found), strict=True))


def test_a_value_is_compared_with_its_target_and_with_what_of_it_is_due() -> None:
    floor = floor_of(touchpoints__day=80)
    floor.touch("r1", "2024-05-17T07:00", 10)
    floor.touch("r2", "2024-05-17T07:00", 20)

    assert reached(floor) == {
        "rep:r1": (10, 10 / 80, 10 / 15),
        "rep:r2": (20, 0.25, 20 / 15),
        "team:A": (30, 30 / 160, 1),
        "*": (30, 30 / 160, 1),
    }


def test_who_has_a_quota_and_no_touchpoint_has_reached_nothing() -> None:
    assert set(reached(floor_of(touchpoints__day=80)).values()) == {(0, 0, 0)}


def test_where_nothing_is_due_there_is_no_pace() -> None:
    floor = floor_of(touchpoints__day=80)
    floor.touch("r1", "2024-05-17T06:00", 10)
    floor.touch("r1", "2024-05-18T06:00", 10)

    assert reached(floor, "2024-05-17T08:30+02:00")["rep:r1"] == (10, 10 / 80, None)
    assert reached(floor, "2024-05-18T11:00+02:00")["rep:r1"] == (10, 10 / 80, None)
    assert reached(floor_of(touchpoints__hour=8), window="hour")["rep:r1"] == (0, 0, None)


def test_a_target_of_zero_is_neither_reached_nor_missed() -> None:
    floor = floor_of(touchpoints__day=0)
    floor.touch("r1", "2024-05-17T07:00")

    assert reached(floor)["rep:r1"] == (1, None, None)


def test_who_is_not_employed_has_no_target_to_reach() -> None:
    floor = floor_of(touchpoints__day=80)
    floor.rep("r2", "2024-01-01", first_day="2020-01-01", last_day="2024-05-16")

    assert "rep:r2" not in reached(floor)


def test_what_divides_says_nothing_before_there_is_something_to_divide_by() -> None:
    floor = floor_of(lead_source=0.6)
    floor.count("lead_source", "r2", ("Q", us("2024-05-17T07:00") // 900_000_000, 0), 0, 0, 1)
    assert reached(floor, window="month") == {}

    floor.count("lead_source", "r1", ("Q", us("2024-05-17T07:00") // 900_000_000, 0), 4, 3, 0)

    assert reached(floor, window="month") == dict.fromkeys(("rep:r1", "team:A", "*"), (0.75, 0.75 / 0.6, None))


def test_money_is_compared_in_each_currency() -> None:
    floor = floor_of(annual_contract_value=1000)
    for currency, amount in (("EUR", 500), ("USD", 2000)):
        labels = currency, "crm", "south"
        floor.count("annual_contract_value", "r1", dated("2024-05-01"), 1_000_000, amount, labels=labels)

    found = reached(floor, window="fiscal_year")

    assert found["rep:r1 currency=EUR"] == (500, 0.5, None)
    assert found["rep:r1 currency=USD"] == (2000, 2, None)
    assert [who for who in found if who.startswith("rep")] == ["rep:r1 currency=EUR", "rep:r1 currency=USD"]


def test_of_money_that_adds_up_everybody_has_nothing_in_the_currencies_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stem = "annual_contract_value"
    monkeypatch.setitem(BY_STEM, stem, replace(BY_STEM[stem], value=lambda parts: (parts["annual_value_minor"], 1)))
    goals = [
        Goal(stem, grain, key, "month", Fraction(100), None)
        for grain, key in (("rep", "r1"), ("rep", "r2"), ("org", "*"))
    ]

    def sold(grain: str, key: str, currency: str, value: int) -> Sample:
        return Sample(stem, grain, key, "month", "2024-05", {"currency": currency}, {}, value)

    samples = [sold("rep", "r1", "USD", 50), sold("org", "*", "EUR", 30), sold("org", "*", "USD", 50)]

    assert [(each.key, dict(each.labels)["currency"], each.value) for each in attainments(goals, samples)] == [
        ("r1", "EUR", 0),
        ("r1", "USD", 50),
        ("r2", "EUR", 0),
        ("r2", "USD", 0),
        ("*", "EUR", 30),
        ("*", "USD", 50),
    ]
    assert attainments(goals, []) == []


def test_what_is_shown_divided_is_what_is_shown() -> None:
    goal = Goal("touchpoints", "rep", "r1", "day", Fraction("0.1"), Fraction(1, 3))

    assert attained(goal, 0.3) == (0.3 / 0.1, 0.3 / (1 / 3))
    assert attained(goal, 1) == (10, 3)
    assert isinstance(attained(goal, 1)[0], int)


def test_a_target_too_small_to_be_shown_is_none() -> None:
    assert attained(Goal("touchpoints", "rep", "r1", "day", Fraction(1, 10**400), None), 1) == (None, None)


@pytest.mark.parametrize(
    ("stem", "way"),
    [("appointment_disqualification", "at_most"), ("contact_to_lead", "at_least"), ("lead_conversion", "at_least")],
)
def test_a_target_is_to_be_reached_unless_the_kpi_says_that_it_is_not_to_be_passed(stem: str, way: str) -> None:
    assert direction(BY_STEM[stem]) == way


def test_what_adds_up_are_counts() -> None:
    assert {kpi.stem for kpi in KPIS if adds_up(kpi)} == {"leads_created", "referrals", "touchpoints"}


# ---- worked out plainly


@given(
    counts=st.dictionaries(st.sampled_from(["r1", "r2"]), st.integers(1, 200)),
    quota=st.integers(0, 100),
    own=st.none() | st.integers(0, 500),
    away=st.booleans(),
    minutes=st.integers(0, 24 * 60 - 1),
    day=st.sampled_from(["2024-03-29", "2024-03-30", "2024-04-02"]),
)
def test_attainment_is_what_plain_division_says(
    counts: Mapping[str, int], quota: int, own: int | None, away: bool, minutes: int, day: str
) -> None:
    floor = floor_of(touchpoints__day=quota)
    midnight = datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=ZoneInfo("Europe/Amsterdam"))
    now = (midnight + timedelta(minutes=minutes)).isoformat()
    for rep, count in counts.items():
        floor.touch(rep, midnight.isoformat(), count)
    if own is not None:
        floor.say("target", f"touchpoints/team:A/day/{day}", "2024-01-01", value=own)
    if away:
        floor.say("absence", "a1", rep_id="r2", from_=day, until=day)
    worked = Fraction(min(max(minutes - 540, 0), 210) + min(max(minutes - 780, 0), 270), 480)
    if midnight.weekday() > 4:
        worked = Fraction(-1)

    def line(value: int, target: int, due: Fraction) -> tuple[int, float | None, float | None]:
        return value, value / target if target else None, value / float(due) if due > 0 else None

    everybody = sum(counts.values())
    at_work = 1 if away else 2
    expected = {
        "rep:r1": line(counts.get("r1", 0), quota, quota * worked),
        "rep:r2": line(counts.get("r2", 0), quota, Fraction(0) if away else quota * worked),
        "team:A": line(everybody, *((2 * quota, at_work * quota * worked) if own is None else (own, own * worked))),
        "*": line(everybody, 2 * quota, at_work * quota * worked),
    }
    assert reached(floor, now) == expected


def test_a_record_says_what_it_is_about() -> None:
    floor = floor_of(touchpoints__day=80)

    first = attainments(floor.reader.goals(us(NOON)), [])[0]

    assert first == Attained("touchpoints", "rep", "r1", "day", (), 0, 0, 0)


def test_a_target_may_name_deals_and_revenue_won() -> None:
    floor = floor_of(deals_won__month=4, revenue_won__month=1000)
    floor.say("target", "revenue_won/rep:r2/month/2024-05-01", "2024-01-01", value=500)
    sold_on = ("Q", us("2024-05-13T10:00") // 900_000_000, 0)
    floor.count("deals_won", "r1", sold_on, 3, 0, labels=("", "", ""))
    floor.count("revenue_won", "r1", sold_on, 900, labels=("EUR", "", "", ""))

    goals, samples = (
        floor.reader.goals(us(NOON)),
        floor.reader.samples(us(NOON), current=True, supporting=True),
    )

    assert [(*each[:3], each.labels, each.value, each.attainment) for each in attainments(goals, samples)] == [
        ("deals_won", "rep", "r1", (), 3, 0.75),
        ("deals_won", "rep", "r2", (), 0, 0),
        ("deals_won", "team", "A", (), 3, 0.375),
        ("deals_won", "org", "*", (), 3, 0.375),
        ("revenue_won", "rep", "r1", (("currency", "EUR"),), 900, 0.9),
        ("revenue_won", "rep", "r2", (("currency", "EUR"),), 0, 0),
        ("revenue_won", "team", "A", (("currency", "EUR"),), 900, 0.6),
        ("revenue_won", "org", "*", (("currency", "EUR"),), 900, 0.6),
    ]
