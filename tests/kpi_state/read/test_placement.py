"""Whom something counts for, and when: resolved at the start of its own bucket."""

import pytest

from kpi_state.read.placement import Places
from kpi_state.read.roster import Roster
from kpi_state.read.zones import zone_named
from tests.kpi_state.read.floor import Floor, at, dated, settings_of, us

TODAY = "2024-12-31T12:00"


def test_a_quarter_hour_resolves_its_rep_at_its_own_start() -> None:
    floor = Floor()
    floor.rep("r1", extensions=["101"], team="A")
    floor.rep("r1", "2024-05-14T10:07:00Z", extensions=[])
    floor.rep("r2", "2024-05-14T10:07:00Z", extensions=["101"], team="B")
    floor.touch("101", "2024-05-14T10:14")
    floor.touch("101", "2024-05-14T10:15")

    board = floor.look(TODAY)

    assert board.whos("touchpoints", "day", "2024-05-14") == {"rep:r1", "team:A", "rep:r2", "team:B", "*"}
    assert board.value("touchpoints", "team:A", "hour", "2024-05-14T10:00+00:00") == 1


def test_a_move_in_the_middle_of_a_quarter_does_not_rewrite_history() -> None:
    floor = Floor(settings_of("Europe/Berlin"))
    floor.rep("r1", team="A")
    floor.rep("r1", "2024-05-14T22:00:00Z", team="B")
    floor.touch("r1", "2024-05-14T21:45")
    floor.touch("r1", "2024-05-14T22:00")

    board = floor.look(TODAY)

    assert board.value("touchpoints", "team:A", "day", "2024-05-14") == 1
    assert board.value("touchpoints", "team:B", "day", "2024-05-15") == 1
    assert board.value("touchpoints", "rep:r1", "month", "2024-05") == 2


def test_a_team_of_before_the_first_statement_is_the_first() -> None:
    floor = Floor()
    floor.rep("r1", "2024-06-01", team="A")
    floor.touch("r1", "2024-05-14T10:00")

    assert floor.look(TODAY).whos("touchpoints", "day", "2024-05-14") == {"rep:r1", "team:A", "*"}


def test_a_plain_date_resolves_people_at_midnight_in_the_organisations_zone_and_stays_that_date() -> None:
    floor = Floor(settings_of("Pacific/Auckland"))
    floor.rep("r1", team="A", timezone="America/Los_Angeles")
    floor.rep("r1", "2024-03-31T11:30:00Z", team="B")  # 00:30 on 1 April in Auckland, 04:30 on 31 March in Los Angeles
    for day in ("2024-04-01", "2024-04-02"):
        floor.count("annual_contract_value", "r1", dated(day), 1_000_000, 100, labels=("EUR", "", ""))

    board = floor.look(TODAY)

    parts = {"contracts": 1, "annual_value_minor": 100}
    assert board.parts("annual_contract_value", "team:A", "fiscal_quarter", "FY2024-Q2", currency="EUR") == parts
    assert board.parts("annual_contract_value", "team:B", "fiscal_quarter", "FY2024-Q2", currency="EUR") == parts


def test_unassigned_and_unmapped_are_reps_of_no_team_in_the_organisations_zone() -> None:
    floor = Floor(settings_of("Asia/Tokyo"))
    floor.touch("unassigned", "2024-05-14T16:00")
    floor.touch("zz", "2024-05-14T16:00")
    floor.touch("yy", "2024-05-14T16:00")

    board = floor.look(TODAY)

    assert board.whos("touchpoints", "day", "2024-05-15") == {"rep:unassigned", "rep:unmapped", "*"}
    assert board.value("touchpoints", "rep:unmapped", "day", "2024-05-15") == 2


def test_a_late_roster_entry_credits_what_was_unmapped_before() -> None:
    floor = Floor()
    floor.touch("aircall:7", "2024-05-14T10:00")
    assert floor.look(TODAY).whos("touchpoints", "day", "2024-05-14") == {"rep:unmapped", "*"}

    floor.rep("r1", "2024-09-01", external_ids={"aircall": "7"}, team="A")

    assert floor.look(TODAY).whos("touchpoints", "day", "2024-05-14") == {"rep:r1", "team:A", "*"}


def test_a_deleted_rep_is_unmapped() -> None:
    floor = Floor()
    floor.rep("r1", team="A")
    floor.touch("r1", "2024-05-14T10:00")
    floor.look(TODAY)

    floor.rep("r1", "2024-06-01", deleted=True)

    assert floor.look(TODAY).whos("touchpoints", "day", "2024-05-14") == {"rep:unmapped", "*"}


def test_a_zone_is_the_reps_own_else_the_teams_else_the_organisations() -> None:
    floor = Floor(settings_of("UTC", teams={"Asia": "Asia/Tokyo"}))
    floor.rep("r1", team="Asia", timezone="America/New_York")
    floor.rep("r2", team="Asia")
    floor.rep("r3", team="Europe")
    for rep in ("r1", "r2", "r3"):
        floor.count("leads_created", rep, at("2024-05-14T16:00"), 1, labels=("",))

    board = floor.look(TODAY)

    assert board.buckets("leads_created", "rep:r1", "day") == ["2024-05-14"]
    assert board.buckets("leads_created", "rep:r2", "day") == ["2024-05-15"]
    assert board.buckets("leads_created", "rep:r3", "day") == ["2024-05-14"]
    assert board.value("leads_created", "*", "day", "2024-05-14") == 2
    assert board.value("leads_created", "team:Asia", "day", "2024-05-15") == 1


def test_a_rep_who_moves_to_another_zone_keeps_the_days_of_the_old_one() -> None:
    floor = Floor()
    floor.rep("r1", timezone="Asia/Tokyo")
    floor.rep("r1", "2024-05-20", timezone="America/New_York")
    for day in ("2024-05-14", "2024-05-24"):
        floor.touch("r1", f"{day}T16:00")

    assert floor.look(TODAY).buckets("touchpoints", "rep:r1", "day") == ["2024-05-15", "2024-05-24"]


@pytest.mark.parametrize("day", ["2011-10-29", "2011-10-30", "2011-12-29", "2024-05-14", "2024-05-15", "0001-01-01"])
@pytest.mark.parametrize("raw", ["r1", "r2", "r3", "101", "nobody"])
def test_a_whole_day_lies_where_its_quarter_hours_lie(raw: str, day: str) -> None:
    floor = Floor()
    floor.rep("r1", timezone="Europe/Amsterdam", team="A")
    floor.rep("r1", "2024-05-14T10:07:00Z", team="B")
    floor.rep("r2", timezone="Pacific/Apia", extensions=["101"])
    floor.rep("r2", "2024-05-14T23:50:00Z", timezone="Asia/Tokyo", extensions=[])
    floor.rep("r3", timezone="Australia/Lord_Howe")
    organisation = zone_named("America/New_York")
    assert organisation is not None
    roster = Roster(organisation, {})
    for kind, rep in floor.statements():
        roster.put(rep, floor.row(kind, rep))
    now = us(TODAY)
    roster.advance(now)
    places = Places(roster, now)
    first = us(day) // 900_000_000

    parts = places.parts(raw, first // 96, {quarter: (quarter, 1) for quarter in range(0, 96, 5)})

    found = {
        (part.first + quarter, part.on, part.clocks[quarter].hour, part.clocks[quarter].of_day)
        for part in parts
        for quarter in part.quarters
    }
    each = [places.of(raw, ("Q", first + quarter, 0)) for quarter in range(0, 96, 5)]
    assert found == {(at.quarter, at.on, at.hour, at.of_day) for at in each}
    assert sum(part.whole[1] for part in parts) == sum(sum(a[1] for a in part.hours.values()) for part in parts) == 20
