from zoneinfo import ZoneInfo

import pytest

from kpi_state.read.roster import Roster
from kpi_state.rows import Row, decode_row, encode_row
from tests.kpi_state.read.floor import Floor, on, us

AMSTERDAM, TOKYO = ZoneInfo("Europe/Amsterdam"), ZoneInfo("Asia/Tokyo")
NOW = us("2024-06-01")


class People(Floor):
    """The roster of a floor, read by itself."""

    def __init__(self, now: int = NOW) -> None:
        super().__init__()
        self.roster = Roster(AMSTERDAM, {"Asia": TOKYO})
        self.now = now

    def rep(self, rep: str, time: str = "2020-01-01", **fields: object) -> None:
        super().rep(rep, time, **fields)
        self.roster.put(rep, self.row("rep", rep))


def test_a_team_is_the_one_at_that_moment_and_before_the_first_statement_the_first() -> None:
    people = People()
    people.rep("r1", "2024-01-10", team="A")
    people.rep("r1", "2024-02-10", team="B")
    people.roster.advance(NOW)

    seen = [people.roster.team("r1", us(day)) for day in ("2023-01-01", "2024-02-09", "2024-02-10")]

    assert seen == ["A", "A", "B"]


@pytest.mark.parametrize("team", [None, ""])
def test_a_rep_without_a_team_has_no_team(team: str | None) -> None:
    people = People()
    people.rep("r1", team=team)
    people.roster.advance(NOW)

    assert people.roster.team("r1", NOW) == people.roster.team("nobody", NOW) == ""


def test_a_zone_is_the_reps_own_else_the_teams_else_the_organisations() -> None:
    people = People()
    people.rep("r1", team="Asia", timezone="America/New_York")
    people.rep("r2", team="Asia")
    people.rep("r3", team="Europe")
    people.rep("r4", team="Asia", timezone="America/New_York")
    people.rep("r4", "2024-01-01", timezone=None)
    people.rep("r5", team="Asia", timezone="Nowhere/Land")
    people.roster.advance(NOW)

    zones = {rep: str(people.roster.zone(rep, NOW)) for rep in ("r1", "r2", "r3", "r4", "r5", "unmapped")}

    assert zones == {
        "r1": "America/New_York",
        "r2": "Asia/Tokyo",
        "r3": "Europe/Amsterdam",
        "r4": "Asia/Tokyo",
        "r5": "Asia/Tokyo",
        "unmapped": "Europe/Amsterdam",
    }
    assert people.roster.zones_now() == {AMSTERDAM, TOKYO, ZoneInfo("America/New_York")}


def test_a_zone_is_the_one_at_that_moment_and_moves_with_the_team() -> None:
    people = People()
    people.rep("r1", team="Asia")
    people.rep("r1", "2024-02-10", team="Europe")
    people.roster.advance(NOW)

    assert people.roster.zone("r1", us("2024-02-09")) == TOKYO
    assert people.roster.zone("r1", us("2024-02-10")) == AMSTERDAM


def test_a_team_of_a_day_is_that_of_its_midnight_where_the_rep_is() -> None:
    people = People()
    people.rep("r1", team="Asia")
    people.rep("r1", "2024-02-09T16:00:00Z", team="B")  # 2024-02-10T01:00 in Tokyo, 17:00 the day before in Amsterdam
    people.roster.advance(NOW)

    assert people.roster.team_on("r1", on("2024-02-10")) == "B"
    assert people.roster.zone("r1", us("2024-02-09T23:00Z")) == AMSTERDAM


def test_a_deleted_rep_is_unknown_to_the_roster_until_restored() -> None:
    people = People()
    people.rep("r1", team="A", name="Ann")
    people.rep("r1", "2024-01-01", deleted=True)
    people.roster.advance(us("2024-01-02"))
    assert people.roster.resolve("r1", us("2023-01-01")) == "unmapped"

    people.rep("r1", "2024-02-01", deleted=False)
    assert people.roster.advance(us("2024-02-02"))
    assert people.roster.resolve("r1", us("2023-01-01")) == "r1"


def test_a_rep_of_whom_nothing_is_said_is_known_all_the_same() -> None:
    people = People()
    people.rep("r1")
    people.roster.advance(NOW)

    assert people.roster.resolve("r1", NOW) == "r1"


def test_statements_after_now_are_ignored_until_their_time_comes() -> None:
    people = People()
    people.rep("r1", "2024-06-03", team="A")

    people.roster.advance(us("2024-06-02"))
    assert people.roster.resolve("r1", NOW) == "unmapped"

    assert people.roster.advance(us("2024-06-03"))
    assert people.roster.resolve("r1", NOW) == "r1"
    assert people.roster.team("r1", NOW) == "A"


def test_going_back_forgets_what_was_said_later() -> None:
    people = People()
    people.rep("r1", "2024-06-03", team="A")
    people.roster.advance(us("2024-06-04"))

    assert people.roster.advance(us("2024-06-02"))
    assert people.roster.people == {}


@pytest.mark.parametrize(
    ("said", "moves"),
    [
        ({"team": "B"}, True),
        ({"timezone": "Asia/Tokyo"}, True),
        ({"emails": ["a@b"]}, True),
        ({"extensions": ["1"]}, True),
        ({"external_ids": {"x": "1"}}, True),
        ({"deleted": True}, True),
        ({"team": "A"}, False),
        ({"name": "Ann"}, False),
        ({"last_day": "2024-05-01"}, False),
        ({"calendar": "support"}, False),
    ],
)
def test_only_what_decides_where_the_past_counts_moves_it(said: dict[str, object], moves: bool) -> None:
    people = People()
    people.rep("r1", team="A")
    assert people.roster.advance(NOW)
    assert not people.roster.advance(NOW)

    people.rep("r1", "2024-03-01", **said)

    assert people.roster.advance(NOW) == moves


def test_a_row_that_is_gone_is_a_rep_that_is_gone() -> None:
    people = People()
    people.rep("r1")
    people.roster.advance(NOW)

    people.roster.put("r1", None)

    assert people.roster.advance(NOW)
    assert people.roster.people == {}


def test_a_row_without_any_event_is_nobody() -> None:
    roster = Roster(AMSTERDAM, {})
    roster.put("r1", encode_row("rep", Row()))

    assert not roster.advance(NOW)
    assert decode_row("rep", encode_row("rep", Row())).earliest is None


def test_today_is_the_reps_own() -> None:
    people = People()
    people.rep("r1", team="Asia")
    people.roster.advance(us("2024-06-01T16:00"))

    assert people.roster.today("r1", us("2024-06-01T16:00")) == on("2024-06-02")
    assert people.roster.today("unassigned", us("2024-06-01T16:00")) == on("2024-06-01")
