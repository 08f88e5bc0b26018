import pytest
import yaml

from floorpulse.alerting.alertmanager import alertmanager
from floorpulse.errors import UserError
from floorpulse.settings import Alerts, Settings
from kpi_state.definitions import Team


def test_zones_of_teams_have_an_interval_each() -> None:
    teams = {"A": Team(timezone="Asia/Kolkata"), "B": Team(timezone="Asia/Kolkata"), "C": Team()}

    document = yaml.safe_load(alertmanager(Settings(teams=teams), "a command")["alertmanager.yml"])

    assert [each["name"] for each in document["time_intervals"]] == [
        "working hours in UTC",
        "working hours in Asia/Kolkata",
    ]


def test_only_who_asks_for_microsoft_teams_gets_the_overlay() -> None:
    with_teams = Settings(alerts=Alerts(msteams_url_file="/secret"))

    assert list(alertmanager(Settings(), "")) == ["alertmanager.yml", "templates/floorpulse.tmpl"]
    assert list(alertmanager(with_teams, "")) == [
        "alertmanager.yml",
        "alertmanager-msteams.yml",
        "templates/floorpulse.tmpl",
    ]


@pytest.mark.parametrize(
    ("settings", "needed"),
    [
        (Settings(alerts=Alerts(ops_email="a@example.com")), "smtp_smarthost"),
        (
            Settings(teams={"North": Team(floor_email="a@example.com")}, alerts=Alerts(smtp_from="f@x")),
            "smtp_smarthost",
        ),
        (Settings(teams={"North": Team(slack_channel="#a")}), "slack_url_file"),
        (Settings(alerts=Alerts(floor_slack_channel="#a")), "slack_url_file"),
    ],
)
def test_an_address_without_a_way_to_get_there_is_an_error(settings: Settings, needed: str) -> None:
    with pytest.raises(UserError, match=needed) as error:
        alertmanager(settings, "")

    assert "\n" not in str(error.value)


def test_what_is_given_for_mail_is_given_to_alertmanager() -> None:
    mail = Alerts(smtp_smarthost="m:25", smtp_from="f@x", smtp_username="u", smtp_password_file="/p", smtp_tls=False)

    document = yaml.safe_load(alertmanager(Settings(alerts=mail), "")["alertmanager.yml"])

    assert document["global"] == {
        "resolve_timeout": "5m",
        "smtp_smarthost": "m:25",
        "smtp_from": "f@x",
        "smtp_auth_username": "u",
        "smtp_auth_password_file": "/p",
        "smtp_require_tls": False,
    }
