"""Calendar and rolling windows of what is added up."""

import pytest

from tests.kpi_state.read.floor import Floor, at, dated, settings_of

TODAY = "2024-12-31T12:00"


def touches(zone: str, *times: str) -> Floor:
    floor = Floor(settings_of(zone))
    for time in times:
        floor.touch("unassigned", time)
    return floor


# ---- calendar windows


def test_the_doubled_october_hour_is_two_hours_of_one_day() -> None:
    board = touches("Europe/Amsterdam", "2011-10-30T00:30", "2011-10-30T01:30").look("2011-11-01")

    assert board.value("touchpoints", "*", "hour", "2011-10-30T02:00+02:00") == 1
    assert board.value("touchpoints", "*", "hour", "2011-10-30T02:00+01:00") == 1
    assert board.value("touchpoints", "*", "day", "2011-10-30") == 2


def test_a_half_hour_and_a_quarter_hour_zone_have_hours_and_days_of_their_own() -> None:
    kolkata = touches("Asia/Kolkata", "2024-06-01T04:40", "2024-06-01T05:20", "2024-06-01T18:15", "2024-06-01T18:30")
    kathmandu = touches("Asia/Kathmandu", "2024-06-01T18:00", "2024-06-01T18:15")

    board = kolkata.look(TODAY)
    assert board.value("touchpoints", "*", "hour", "2024-06-01T10:00+05:30") == 2
    assert [board.value("touchpoints", "*", "day", day) for day in ("2024-06-01", "2024-06-02")] == [3, 1]
    board = kathmandu.look(TODAY)
    assert [board.value("touchpoints", "*", "day", day) for day in ("2024-06-01", "2024-06-02")] == [1, 1]


def test_days_of_23_and_25_hours_hold_all_their_hours() -> None:
    hours = [f"2011-{day}T{hour:02d}:00" for day in ("03-26", "03-27", "10-29", "10-30") for hour in range(24)]

    board = touches("Europe/Amsterdam", *hours).look("2011-12-31")

    assert board.value("touchpoints", "*", "day", "2011-03-27") == 23
    assert board.value("touchpoints", "*", "day", "2011-10-30") == 25


def test_a_leap_day_is_a_day_of_its_own_week_month_and_quarter() -> None:
    floor = Floor(settings_of(month=3))
    floor.count("leads_created", "r1", at("2024-02-29T23:45"), 1, labels=("",))

    board = floor.look(TODAY)

    names = {window: board.buckets("leads_created", "*", window)[0] for window in ("day", "week", "month")}
    assert names == {"day": "2024-02-29", "week": "2024-W09", "month": "2024-02"}
    assert board.buckets("leads_created", "*", "fiscal_quarter") == ["FY2024-Q4"]
    assert board.buckets("leads_created", "*", "fiscal_year") == ["FY2024"]


def test_iso_week_53_reaches_into_the_next_year() -> None:
    board = touches("UTC", "2020-12-31T10:00", "2021-01-03T23:45", "2021-01-04T00:00").look(TODAY)

    assert board.buckets("touchpoints", "*", "week") == ["2020-W53", "2021-W01"]
    assert board.value("touchpoints", "*", "week", "2020-W53") == 2


def test_instants_of_year_1_and_9999_are_counted_or_held_back_like_any_other() -> None:
    floor = Floor(settings_of("America/New_York"))
    for time in ("0001-01-01T00:00", "9999-12-31T23:45"):
        floor.count("leads_created", "r1", at(time), 1, labels=("",))

    assert floor.look(TODAY).buckets("leads_created", "*", "day") == ["0001-01-01"]
    assert floor.look("9999-12-31T23:59").buckets("leads_created", "*", "day") == ["0001-01-01", "9999-12-31"]


def test_nothing_in_any_part_is_no_sample() -> None:
    floor = Floor()
    floor.touch("r1", "2024-05-14T10:00")
    floor.touch("r1", "2024-05-14T10:00", -1)

    assert floor.look(TODAY).samples == []


def test_shares_of_partitions_that_come_to_nothing_are_no_sample() -> None:
    floor = Floor()
    floor.touch("r1", "2024-05-14T10:00", partition=0)
    floor.touch("r1", "2024-05-14T10:00", -1, partition=1)

    assert floor.look(TODAY).samples == []


def test_nothing_below_the_line_and_something_above_it_is_a_sample_without_a_value() -> None:
    floor = Floor()
    floor.count("lead_source", "r1", at("2024-05-14T10:00"), 0, 0, 3)

    board = floor.look(TODAY)

    assert board.parts("lead_source", "*", "month", "2024-05") == {"known": 0, "marketing": 0, "unknown": 3}
    assert board.value("lead_source", "*", "month", "2024-05") is None


def test_a_team_is_the_sum_of_numerators_over_the_sum_of_denominators() -> None:
    floor = Floor()
    floor.rep("r1", team="A")
    floor.rep("r2", team="A")
    floor.count("lead_conversion", "r1", at("2024-05-14T10:00"), 1, 1)
    floor.count("lead_conversion", "r2", at("2024-05-14T10:00"), 3, 0)

    assert floor.look(TODAY).value("lead_conversion", "team:A", "month", "2024-05") == 0.25


def test_shares_of_partitions_add_up() -> None:
    floor = Floor()
    floor.touch("r1", "2024-05-14T10:00", partition=0)
    floor.touch("r1", "2024-05-14T10:00", 2, partition=1)
    assert floor.look(TODAY).value("touchpoints", "*", "day", "2024-05-14") == 3

    floor.touch("r1", "2024-05-14T10:00", -1, partition=0)

    assert floor.look(TODAY).value("touchpoints", "*", "day", "2024-05-14") == 2


# ---- labels


def test_labels_stand_side_by_side_and_an_absent_field_gives_no_sample_with_that_label() -> None:
    floor = Floor()
    contracts = [("EUR", "crm", "north"), ("EUR", "crm", ""), ("EUR", "", "north"), ("USD", "", "")]
    for labels in contracts:
        floor.count("annual_contract_value", "r1", at("2024-05-14T10:00"), 1_000_000, 100, labels=labels)

    board = floor.look(TODAY)

    def contracted(**labels: str) -> int | float | None:
        parts = board.parts("annual_contract_value", "*", "fiscal_year", "FY2024", **labels)
        return parts["contracts"] if parts else None

    assert (contracted(currency="EUR"), contracted(currency="USD")) == (3, 1)
    assert contracted(currency="EUR", product="crm") == 2
    assert contracted(currency="EUR", region="north") == 2
    assert contracted(currency="EUR", product="crm", region="north") is None
    assert {len(sample.labels) for sample in board.samples if sample.labels["currency"] == "USD"} == {1}


def test_money_without_a_currency_is_in_no_sample() -> None:
    floor = Floor()
    floor.count("annual_contract_value", "r1", at("2024-05-14T10:00"), 1_000_000, 100, labels=("", "crm", ""))

    assert floor.look(TODAY).samples == []


def test_cohort_and_closed_have_parts_of_their_own_names() -> None:
    floor = Floor()
    floor.count("lead_win", "r1", at("2024-05-14T10:00"), 4, 1, labels=("cohort",))
    floor.count("lead_win", "r1", at("2024-05-14T10:00"), 2, 1, labels=("closed",))

    board = floor.look(TODAY)

    assert board.parts("lead_win", "*", "month", "2024-05", basis="cohort") == {"leads": 4, "won": 1}
    assert board.parts("lead_win", "*", "month", "2024-05", basis="closed") == {"closed": 2, "won": 1}
    assert board.value("lead_win", "*", "month", "2024-05", basis="closed") == 0.5


def test_a_reasons_share_is_of_all_that_were_decided_for_that_key_in_that_bucket() -> None:
    floor = Floor()
    for rep, reason, decided, rejected in (
        ("r1", "price", 2, 2),
        ("r1", "", 5, 0),
        ("r1", "time", 1, 1),
        ("r2", "", 4, 0),
    ):
        floor.rep(rep)
        bucket = at("2024-05-14T10:00")
        floor.count("appointment_disqualification", rep, bucket, decided, rejected, 0, labels=(reason,))

    board = floor.look("2024-05-20")

    def parts(who: str, **labels: str) -> dict[str, int | float] | None:
        month = board.parts("appointment_disqualification", who, "month", "2024-05", **labels)
        assert board.parts("appointment_disqualification", who, "rolling_30d", **labels) == month
        return month

    assert parts("rep:r1") == {"decided": 8, "rejected": 3}
    assert parts("rep:r1", reason="price") == {"decided": 8, "rejected": 2}
    assert parts("rep:r1", reason="time") == {"decided": 8, "rejected": 1}
    assert parts("*", reason="price") == {"decided": 12, "rejected": 2}
    assert parts("rep:r2") == {"decided": 4, "rejected": 0}
    assert parts("rep:r2", reason="price") is None


# ---- the clock


def test_a_quarter_hour_ahead_enters_when_it_begins() -> None:
    floor = touches("UTC", "2024-05-14T10:20")

    assert floor.look("2024-05-14T10:14:59.999999").samples == []
    assert floor.look("2024-05-14T10:15").value("touchpoints", "*", "day", "2024-05-14") == 1


def test_a_plain_date_ahead_enters_when_the_organisations_day_begins() -> None:
    floor = Floor(settings_of("Asia/Tokyo"))
    floor.rep("r1", timezone="America/New_York")
    floor.count("annual_contract_value", "r1", dated("2024-05-14"), 1_000_000, 100, labels=("EUR", "", ""))

    assert floor.look("2024-05-13T14:59").samples == []
    assert (
        floor.look("2024-05-13T15:00").value("annual_contract_value", "rep:r1", "rolling_365d", currency="EUR") == 100
    )


def test_the_rolling_hour_is_the_running_quarter_hour_and_the_three_before_it() -> None:
    floor = touches("UTC", "2024-05-14T10:00", "2024-05-14T10:15", "2024-05-14T11:14")

    def rolling(now: str) -> int | float | None:
        parts = floor.look(now).parts("touchpoints", "*", "rolling_1h")
        return parts["touchpoints"] if parts else None

    assert [
        rolling(f"2024-05-14T{time}") for time in ("10:14", "10:15", "10:59:59", "11:00", "11:15", "11:59", "12:00")
    ] == [
        1,
        2,
        2,
        2,
        1,
        1,
        None,
    ]


def test_the_rolling_hour_does_not_skip_or_double_when_clocks_change() -> None:
    floor = touches("Europe/Amsterdam", "2011-10-30T00:00", "2011-10-30T00:30", "2011-10-30T01:00")

    assert floor.look("2011-10-30T00:59").value("touchpoints", "*", "rolling_1h") == 2
    assert floor.look("2011-10-30T01:00").value("touchpoints", "*", "rolling_1h") == 2


@pytest.mark.parametrize(
    ("zone", "last", "first_gone"),
    [
        ("UTC", "2024-06-12T23:59:59", "2024-06-13T00:00"),
        ("Asia/Kathmandu", "2024-06-12T18:14:59", "2024-06-12T18:15"),
        ("America/St_Johns", "2024-06-13T02:29:59", "2024-06-13T02:30"),
    ],
)
def test_a_rolling_window_of_days_is_whole_local_days_including_today(zone: str, last: str, first_gone: str) -> None:
    floor = Floor(settings_of(zone))
    floor.count("lead_source", "r1", at("2024-05-14T12:00"), 1, 0, 0)

    assert floor.look("2024-05-14T12:00").value("lead_source", "*", "rolling_30d") == 0
    assert floor.look(last).value("lead_source", "*", "rolling_30d") == 0
    assert floor.look(first_gone).whos("lead_source", "rolling_30d") == set()


def test_todays_of_reps_in_different_zones_roll_over_one_by_one() -> None:
    floor = Floor()
    floor.rep("r1", timezone="Asia/Tokyo", team="A")
    floor.rep("r2", timezone="America/New_York", team="A")
    for rep in ("r1", "r2"):
        floor.touch(rep, "2024-05-14T12:00")

    assert floor.look("2024-05-20T14:59").value("touchpoints", "team:A", "rolling_7d") == 2
    assert floor.look("2024-05-20T15:00").whos("touchpoints", "rolling_7d") == {"rep:r2", "team:A", "*"}
    assert floor.look("2024-05-21T03:59").value("touchpoints", "*", "rolling_7d") == 1
    assert floor.look("2024-05-21T04:00").whos("touchpoints", "rolling_7d") == set()


def test_365_days_are_the_days_after_today_less_365() -> None:
    floor = Floor()
    floor.count("annual_contract_value", "r1", dated("2023-05-15"), 1_000_000, 100, labels=("EUR", "", ""))

    assert floor.look("2024-05-13T23:59").whos("annual_contract_value", "rolling_365d") == {"rep:unmapped", "*"}
    assert floor.look("2024-05-14T00:00").whos("annual_contract_value", "rolling_365d") == set()


def test_settings_add_windows_to_a_kpi() -> None:
    settings = settings_of(windows={"lead_source": ["day", "rolling_2h", "rolling_3d", "month"]})
    floor = Floor(settings)
    floor.count("lead_source", "r1", at("2024-05-14T12:00"), 1, 1, 0)

    board = floor.look("2024-05-14T13:59")

    windows = {sample.window for sample in board.samples}
    assert windows == {"month", "fiscal_quarter", "rolling_30d", "day", "rolling_2h", "rolling_3d"}
    assert floor.look("2024-05-14T14:00").whos("lead_source", "rolling_2h") == set()


def test_a_plain_date_has_no_hour() -> None:
    floor = Floor(settings_of(windows={"annual_contract_value": ["hour", "rolling_1h", "day"]}))
    floor.count("annual_contract_value", "r1", dated("2024-05-14"), 1_000_000, 100, labels=("EUR", "", ""))

    windows = {sample.window for sample in floor.look("2024-05-14T00:10").samples}

    assert windows == {"day", "fiscal_quarter", "fiscal_year", "rolling_365d"}
