import pytest

from floorpulse.alerting.receivers import managers_email, receivers
from floorpulse.settings import Alerts, Settings
from kpi_state.definitions import Team


@pytest.mark.parametrize(
    ("team", "address"),
    [
        ("own", "own@example.com"),
        ("same manager", "anna@example.com"),
        ("other manager", "all@example.com"),
        ("nobody", "all@example.com"),
    ],
)
def test_a_manager_reads_mail_at_the_nearest_address(team: str, address: str) -> None:
    teams = {
        "own": Team(manager="rep:anna", manager_email="own@example.com"),
        "same manager": Team(manager="rep:ben"),
        "of ben": Team(manager="rep:ben", manager_email="anna@example.com"),
        "other manager": Team(manager="rep:cleo"),
        "nobody": Team(),
    }
    settings = Settings(teams=teams, alerts=Alerts(manager_email="all@example.com"))

    assert managers_email(settings, team) == address


def test_a_receiver_has_what_is_set_and_nothing_else() -> None:
    settings = Settings(alerts=Alerts(ops_email="ops@example.com"), teams={"North": Team(slack_channel="#north")})

    found = {each.pop("name"): list(each) for each in receivers(settings, msteams=False)}

    assert found == {
        "dead man's switch": [],
        "webhook": [],
        "ops": ["email_configs"],
        "floor": [],
        "manager": [],
        "floor of North": ["slack_configs"],
        "manager of North": [],
    }
