"""Where alerts arrive is tried by amtool: tests/alertmanager/test_configuration.py."""

from floorpulse.alerting.routes import BLIND, inhibitions, route, zone_of
from floorpulse.alerting.tuning import Delivery
from floorpulse.settings import Settings
from kpi_state.definitions import Definitions, Team
from tests.brokers import ROOT


def test_a_team_is_told_in_its_own_zone_else_in_the_organisations() -> None:
    settings = Settings(
        definitions=Definitions(organisation_timezone="Europe/Amsterdam"),
        teams={"Delhi": Team(timezone="Asia/Kolkata"), "North": Team()},
    )

    _, floor, manager, _ = route(settings, Delivery())["routes"]

    assert (zone_of(settings, "Delhi"), zone_of(settings, "North")) == ("Asia/Kolkata", "Europe/Amsterdam")
    for branch in (floor, manager):
        assert branch["active_time_intervals"] == ["working hours in Europe/Amsterdam"]
        assert [each["active_time_intervals"] for each in branch["routes"]] == [
            ["working hours in Asia/Kolkata"],
            ["working hours in Europe/Amsterdam"],
        ]


def test_the_names_of_teams_are_written_so_that_they_are_matched_as_they_are() -> None:
    settings = Settings(teams={'Zuid "A"\\': Team()})

    _, floor, *_ = route(settings, Delivery())["routes"]

    assert floor["routes"][0]["matchers"] == ['team="Zuid \\"A\\"\\\\"']


def test_what_says_that_nobody_can_see_mutes_what_is_seen() -> None:
    there = (ROOT / "prometheus" / "alerts.yml").read_text()
    blind, team = inhibitions()

    assert all(f"- alert: {name}\n" in there for name in BLIND)
    assert blind["target_matchers"] == ['audience=~"floor|manager"']
    assert team["equal"] == ["team"]
