"""The reader follows what happens and is, at every look, what a fresh reader of the final rows would be."""

import gc
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpi_state.buckets import NO_BUCKET
from kpi_state.definitions import Definitions, ReadSettings
from kpi_state.published import encode_sums
from kpi_state.read.readings import Readings
from kpi_state.read.samples import Reader
from kpi_state.read.slots import Slot
from kpi_state.rows import key_of
from tests.kpi_state.read.floor import Floor, at, dated, settings_of, since, span, us

Act = Callable[[Floor], object]

ZONES = ["UTC", "Europe/Amsterdam", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns", "Australia/Lord_Howe"]
MOMENTS = [
    "2011-10-30T00:50",  # clocks in Amsterdam are about to fall back
    "2011-12-30T09:50",  # Apia is about to skip a day
    "2010-11-07T02:29:30",  # St. John's is half a minute into a day it will return from
    "2011-12-31T23:50",  # a year is about to end
    "2012-02-28T23:50",  # a leap day is about to begin
]
STEPS = [1, 30_000_000, 900_000_000, 3_600_000_000, 86_400_000_000, 40 * 86_400_000_000, 366 * 86_400_000_000]
HOUR = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def acts(moment: str) -> st.SearchStrategy[Act]:
    """Something that happens around a moment: to a cell, to a rep, or that somebody looks."""
    start = us(moment)
    times = st.one_of(
        st.integers(-4 * 96, 4 * 96).map(lambda quarters: start + quarters * 900_000_000),
        st.integers(-500, 500).map(lambda days: start + days * 86_400_000_000),
    )
    reps = st.sampled_from(["r1", "r2", "101", "unassigned", "zz"])
    days = times.map(lambda time: time // 86_400_000_000 + 719_163)
    quarters = times.map(lambda time: ("Q", time // 900_000_000, 0))
    partitions = st.integers(0, 1)

    def counted(
        measure: str, buckets: st.SearchStrategy[Any], amounts: tuple[int, ...], *labels: tuple[str, ...]
    ) -> st.SearchStrategy[Act]:
        return st.builds(
            lambda rep, bucket, label, partition: (
                lambda floor: floor.count(measure, rep, bucket, *amounts, labels=label, partition=partition)
            ),
            reps,
            buckets,
            st.sampled_from(labels or ((),)),
            partitions,
        )

    spans = st.builds(lambda first, length: ("I", first, first + length if length else 0), days, st.integers(0, 300))
    said = st.fixed_dictionaries(
        {},
        optional={
            "team": st.sampled_from(["A", "B", None]),
            "timezone": st.sampled_from([*ZONES, None]),
            "extensions": st.sampled_from([["101"], [], None]),
            "first_day": days.map(lambda day: date.fromordinal(day).isoformat()),
            "last_day": st.one_of(st.none(), days.map(lambda day: date.fromordinal(day).isoformat())),
            "deleted": st.sampled_from([True, False, False, False]),
        },
    )
    return st.one_of(
        counted("touchpoints", quarters, (1, 1, 40_000_001), ("call",), ("email",)),
        counted("appointment_disqualification", quarters, (1, 1, 0), ("price",), ("time",)),
        counted("appointment_disqualification", quarters, (1, 0, 0), ("",)),
        counted("appointment_disqualification", times.map(lambda time: ("X", time, 0)), (0, 0, 1), ("",)),
        counted("open_lead_age", times.map(lambda time: ("X", time, 0)), (1,)),
        counted("annual_contract_value", days.map(lambda day: ("D", day, 0)), (333_333, -7), ("EUR", "crm", "")),
        counted("customer_retention", spans, (1,)),
        counted("customer_lifetime_value", spans, (1, 1, 0, 0), ("EUR",)),
        counted("customer_lifetime_value", days.map(lambda day: ("D", day, 0)), (0, 0, 1, 5), ("EUR",)),
        st.integers(0, 99).map(lambda which: lambda floor: floor.take_back(which)),
        st.builds(
            lambda rep, time, fields: (
                lambda floor: floor.rep(rep, (EPOCH + timedelta(microseconds=time)).isoformat(), **fields)
            ),
            st.sampled_from(["r1", "r2"]),
            times,
            said,
        ),
    )


@st.composite
def stories(draw: st.DrawFn) -> tuple[str, str, int, list[Act | int]]:
    """(zone, moment, first month, acts and steps of the clock between looks)."""
    moment = draw(st.sampled_from(MOMENTS))
    steps = st.one_of(
        st.sampled_from(STEPS), st.sampled_from(STEPS), st.sampled_from([0, -900_000_000, -86_400_000_000])
    )
    story = draw(st.lists(st.one_of(acts(moment), acts(moment), acts(moment), steps), max_size=40))
    return draw(st.sampled_from(ZONES)), moment, draw(st.integers(1, 12)), story


@given(stories())
def test_a_reader_that_follows_is_a_reader_that_starts_anew_and_can_be_explained(
    story: tuple[str, str, int, list[Act | int]],
) -> None:
    zone, moment, month, happenings = story
    floor = Floor(
        settings_of(zone, month=month, lead_age_days=3, windows={"touchpoints": ["rolling_2d", "fiscal_year"]})
    )
    now = us(moment)
    for happening in happenings:
        if isinstance(happening, int):
            now += happening
            floor.samples(now, current=True)
        else:
            happening(floor)
    floor.samples(now, current=True)


@given(
    zone=st.sampled_from(ZONES),
    moment=st.sampled_from(MOMENTS),
    quarters=st.lists(st.integers(-800, 100), max_size=12),
    steps=st.lists(st.sampled_from(STEPS[:5]), max_size=5),
)
@example(zone="Pacific/Apia", moment="2011-12-30T09:50", quarters=[-1, 1], steps=[900_000_000])
def test_touchpoints_lie_in_the_windows_that_the_standard_library_says(
    zone: str, moment: str, quarters: list[int], steps: list[int]
) -> None:
    floor = Floor(settings_of(zone))
    first = us(moment) // 900_000_000
    for quarter in quarters:
        floor.count("touchpoints", "unassigned", ("Q", first + quarter, 0), 1, 0, 0, labels=("call",))
    now = us(moment)
    for step in (0, *steps):
        now += step
        expected: Counter[tuple[str, str]] = Counter()
        for quarter in quarters:
            expected.update(_windows((first + quarter) * 900_000_000, now, ZoneInfo(zone)))

        found = {
            (sample.window, sample.bucket): sample.value
            for sample in floor.samples(now)
            if sample.grain == "org" and not sample.labels
        }

        assert found == expected


def _windows(time: int, now: int, zone: ZoneInfo) -> list[tuple[str, str]]:
    if time > now:
        return []
    local = (EPOCH + timedelta(microseconds=time)).astimezone(zone)
    today = (EPOCH + timedelta(microseconds=now)).astimezone(zone).date()
    hour = (local.replace(tzinfo=None, minute=0), local.isoformat()[19:])
    windows = [
        ("hour", hour[0].isoformat(timespec="minutes") + hour[1]),
        ("day", local.date().isoformat()),
        ("week", local.strftime("%G-W%V")),
        ("month", local.strftime("%Y-%m")),
    ]
    if now - now % 900_000_000 - time < 3_600_000_000:
        windows.append(("rolling_1h", ""))
    if timedelta() <= today - local.date() < timedelta(days=7):
        windows.append(("rolling_7d", ""))
    return windows


# ---- what is kept


def test_who_asks_for_an_earlier_instant_sees_what_had_begun_then() -> None:
    floor = Floor()
    for time in ("2024-05-14T10:00", "2024-05-14T11:00"):
        floor.touch("r1", time)
        floor.count("open_lead_age", "r1", since(time), 1)
    assert floor.look("2024-05-20T12:00").value("touchpoints", "*", "day", "2024-05-14") == 2

    board = floor.look("2024-05-14T10:30")

    assert board.value("touchpoints", "*", "rolling_1h") == 1
    assert board.parts("open_lead_age", "*", "now") == {
        "open": 1,
        "age_seconds_sum": 1800,
        "oldest_seconds": 1800,
        "over_limit": 0,
    }


def test_a_row_that_is_removed_takes_its_contributions_along() -> None:
    floor = Floor()
    floor.touch("r1", "2024-05-14T10:00")
    floor.touch("r1", "2024-05-14T11:00")
    floor.look("2024-05-14T12:00")
    key = next(key for (_, key) in floor._sums)

    assert floor.reader.tally(0, key, encode_sums(3, {4: (1, 0, 0)})) == 0
    assert floor.reader.tally(0, key, None) == -1
    assert floor.reader.samples(us("2024-05-14T12:00")) == []

    assert floor.reader.tally(0, key, None) == 0
    assert floor.reader.samples(us("2024-05-14T12:00")) == []
    assert floor.reader.tally(0, key, encode_sums(3, {4: (1, 0, 0)})) == 1


def test_a_row_of_a_rep_that_is_removed_leaves_an_unmapped_id() -> None:
    floor = Floor()
    floor.rep("r1", team="A")
    floor.touch("r1", "2024-05-14T10:00")
    floor.look("2024-05-14T12:00")

    floor.reader.roster(key_of("rep", "r1"), None)

    assert {sample.key for sample in floor.reader.samples(us("2024-05-14T12:00"))} == {"unmapped", "*"}


def test_a_heartbeat_is_no_rep() -> None:
    floor = Floor()
    floor.say("heartbeat", "/crm", "2024-05-14", known=5)

    assert floor.look("2024-05-14T12:00").samples == []
    assert floor.reader.people(us("2024-05-14T12:00")) == []


def test_a_measure_of_a_newer_core_says_nothing_here() -> None:
    reader = Reader(settings_of())
    reader.tally(0, b'["forecast","r1","Q",19857,[]]', b"\x93\x01\x01\x01")

    assert reader.samples(us("2024-05-14")) == []
    assert reader.counted(("forecast", "r1", at("2024-05-14"), ()), (1,), us("2024-05-14")) == []


def test_an_unknown_zone_of_the_organisation_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no such time zone: 'Mars/Base'"):
        Reader(ReadSettings(definitions=Definitions(organisation_timezone="Mars/Base")))


# ---- people, quality


def test_people_are_named_with_the_team_of_now() -> None:
    floor = Floor()
    floor.rep("r2", team="B")
    floor.rep("r1", name="Ann", team="A")
    floor.rep("r1", "2024-06-01", team="C")

    assert floor.reader.people(us("2024-05-14")) == [("r1", "Ann", "A"), ("r2", "", "B")]
    assert floor.reader.people(us("2024-06-14")) == [("r1", "Ann", "C"), ("r2", "", "B")]


def test_the_quality_of_data_is_counted_beside_the_samples() -> None:
    floor = Floor()
    floor.count("incomplete", "", NO_BUCKET, 2, labels=("lead", "created_at", "/crm"), partition=0)
    floor.count("incomplete", "", NO_BUCKET, 1, labels=("lead", "created_at", "/crm"), partition=1)
    floor.count("merge_too_deep", "", NO_BUCKET, 1, labels=("lead", "/crm"))
    floor.count("merge_too_deep", "", NO_BUCKET, -1, labels=("lead", "/crm"))

    assert floor.look("2024-05-14").samples == []
    assert floor.reader.quality(us("2024-05-14")) == {("incomplete", ("lead", "created_at", "/crm")): 3}

    floor.count("incomplete", "", NO_BUCKET, -3, labels=("lead", "created_at", "/crm"), partition=0)

    assert floor.reader.quality(us("2024-05-15")) == {}


# ---- places


def test_a_contribution_has_a_place_in_every_window_and_label_it_counts_in() -> None:
    floor = Floor()
    floor.rep("r1", team="A")
    cell = ("lead_source", "r1", at("2024-05-14T10:00"), ())

    places = floor.reader.places(cell, us("2024-05-20"))

    assert len(places) == 3 * 3
    assert Slot("lead_source", "team", "A", "rolling_30d", "", ()) in places
    assert floor.reader.places(cell, us("2024-07-20")) == [place for place in places if place.window != "rolling_30d"]


@pytest.mark.parametrize(
    ("measure", "bucket", "labels", "windows"),
    [
        ("open_lead_age", since("2024-05-01"), (), {"now"}),
        ("appointment_disqualification", since("2024-05-01"), ("",), {"now"}),
        ("customer_lifetime_value", span("2024-05-01"), ("EUR",), {"to_date"}),
        ("customer_lifetime_value", dated("2024-05-01"), ("EUR",), {"to_date"}),
        ("customer_retention", span("2024-01-01"), (), {"fiscal_quarter", "fiscal_year"}),
        (
            "annual_contract_value",
            dated("2024-05-01"),
            ("EUR", "", ""),
            {"fiscal_quarter", "fiscal_year", "rolling_365d"},
        ),
    ],
)
def test_every_way_of_reading_knows_its_places(
    measure: str, bucket: tuple[str, int, int], labels: tuple[str, ...], windows: set[str]
) -> None:
    places = Floor().reader.places((measure, "r1", bucket, labels), us("2024-05-20"))

    assert {place.window for place in places} == windows
    assert {(place.grain, place.key) for place in places} == {("rep", "unmapped"), ("org", "*")}


def test_what_has_not_begun_has_no_place() -> None:
    cell = ("lead_source", "r1", at("2024-05-14T10:00"), ())

    assert Floor().reader.places(cell, us("2024-05-14T09:59")) == []


def test_a_reason_takes_its_decided_from_every_decision_of_that_key_and_bucket() -> None:
    floor = Floor()
    bucket = at("2024-05-14T10:00")
    floor.count("appointment_disqualification", "r1", bucket, 1, 1, 0, labels=("price",))
    floor.count("appointment_disqualification", "r1", bucket, 4, 0, 0, labels=("",))

    accepted = ("appointment_disqualification", "r1", bucket, ("",))
    added = dict(floor.reader.counted(accepted, (4, 0, 0), us("2024-05-20")))

    assert added[Slot("appointment_disqualification", "org", "*", "month", "2024-05", ())] == (4, 0, 0)
    priced = Slot("appointment_disqualification", "org", "*", "month", "2024-05", (("reason", "price"),))
    assert added[priced] == (4, 0, 0)


# ---- changes


def test_what_counts_nowhere_now_is_no_change() -> None:
    floor = Floor()
    floor.touch("r1", "2024-05-14T10:00")
    floor.reader.changes(us("2024-05-20T10:00"))

    floor.touch("r1", "2024-03-14T10:00")

    assert floor.reader.changes(us("2024-05-20T10:00")).slots() == {}


def test_a_contribution_changes_the_numbers_it_counts_in() -> None:
    floor = Floor()
    floor.rep("r1")
    floor.reader.changes(us("2024-05-20T10:00"))

    floor.touch("r1", "2024-05-14T10:00")

    found = floor.reader.changes(us("2024-05-20T10:00"))
    windows = {(slot.window, slot.bucket) for slot in found.slots()}
    assert (found.anew, windows) == (False, {("month", "2024-05"), ("rolling_7d", "")})
    assert {(slot.grain, slot.key, slot.labels) for slot in found.slots()} == {
        (grain, key, labels) for grain, key in (("rep", "r1"), ("org", "*")) for labels in ((), (("channel", "call"),))
    }


def test_a_day_that_ends_takes_its_samples_along() -> None:
    floor = Floor()
    floor.rep("r1")
    floor.touch("r1", "2024-05-14T10:00")
    floor.reader.changes(us("2024-05-14T23:59"))

    gone = {slot.window for slot, sample in floor.reader.changes(us("2024-05-15")).slots().items() if sample is None}

    assert gone == {"day"}


def test_where_somebody_who_moves_has_all_there_is_everything_is_counted_anew() -> None:
    floor = Floor()
    floor.rep("r1", team="A")
    floor.touch("r1", "2024-05-14T10:00")
    now = us("2024-05-14T11:00")
    assert [floor.reader.changes(now).anew for _ in range(2)] == [True, False]

    floor.rep("r1", "2024-05-14T09:00:00Z", team="B")

    assert floor.reader.changes(now).anew


def test_rows_counted_in_several_goes_come_to_what_they_come_to_at_once() -> None:
    floor = Floor()
    for hour in range(10, 20):
        floor.touch(f"r{hour}", f"2024-05-14T{hour}:00")
    reader, now = floor.fresh(), us("2024-05-14T19:00")

    left = [reader.count(now - 1, 4), reader.count(now, 4), reader.count(now, 4), reader.count(now, 4)]

    assert left == [6, 2, 0, 0]
    assert reader.samples(now) == floor.fresh().samples(now) != []


def test_sums_that_are_dropped_are_not_kept_while_others_are_counted() -> None:
    def kept() -> int:
        gc.collect()
        return sum(type(each) is Readings for each in gc.get_objects())

    floor, before = Floor(settings_of()), kept()
    floor.rep("r1")
    floor.touch("r1", "2024-05-14T10:00")
    floor.touch("r1", "2024-05-15T10:00")
    now = us("2024-05-16T12:00")
    floor.reader.changes(now)

    assert floor.reader.count(now - 1_000_000, 1) == 1

    assert kept() == before + 1
    assert floor.reader.changes(now - 1_000_000).anew
