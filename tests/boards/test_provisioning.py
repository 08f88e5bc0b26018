"""The files that tell a new Grafana where numbers and boards are."""

from typing import Any

import yaml

from tests.boards.test_rules import BOARDS
from tests.brokers import ROOT

FOLDER = ROOT / "grafana" / "provisioning"


def said(path: str) -> Any:
    return yaml.safe_load((FOLDER / path).read_text())


def test_the_source_asks_prometheus_at_the_interval_it_scrapes_with() -> None:
    sources = said("datasources/floorpulse.yml")
    assert sources["apiVersion"] == 1
    prometheus = next(each for each in sources["datasources"] if each["type"] == "prometheus")
    scraping = yaml.safe_load((ROOT / "prometheus" / "compose.yml").read_text())
    assert prometheus["jsonData"]["timeInterval"] == scraping["global"]["scrape_interval"]
    assert prometheus["isDefault"], "the boards' variable takes the default source first"
    assert len({each["uid"] for each in sources["datasources"]}) == len(sources["datasources"])


def test_alerts_are_made_in_one_place_only() -> None:
    by_type = {each["type"]: each["jsonData"] for each in said("datasources/floorpulse.yml")["datasources"]}
    assert by_type["prometheus"]["manageAlerts"] is False
    assert by_type["alertmanager"] == {"implementation": "prometheus", "handleGrafanaManagedAlerts": False}


def test_boards_come_from_files_and_nobody_can_change_them_in_grafana() -> None:
    (provider,) = said("dashboards/floorpulse.yml")["providers"]
    assert (provider["type"], provider["allowUiUpdates"], provider["disableDeletion"]) == ("file", False, True)
    assert len(BOARDS) == 7
