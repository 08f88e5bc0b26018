import json
import re
from pathlib import Path

import promql_parser
import pytest

from floorpulse.alerting.rule import Addresses, Alert, Recording
from floorpulse.alerting.rulebook import alerts, groups, rulebook
from floorpulse.alerting.tuning import Tuning

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "alerts.md").read_text("utf-8")
BOARDS = [json.loads(path.read_text("utf-8")) for path in (ROOT / "grafana" / "dashboards").glob("*.json")]
VARIABLES = {board["uid"]: {each["name"] for each in board["templating"]["list"]} for board in BOARDS}
RULES = [rule for group in groups(Tuning()).values() for rule in group.rules]


def asked(expression: str) -> set[str]:
    """The metrics in an expression that a parser could read."""
    promql_parser.parse(expression)
    return set(re.findall(r"\b((?:sales|prometheus)_\w+|\w+:\w+:\w+)", expression))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_series_in_a_rule_is_recorded_before_it(rule: Recording | Alert) -> None:
    """What comes from an exporter is looked for on its pages: test_pages.py."""
    names = {name for name in asked(rule.expr) if ":" in name}

    assert names <= {each.name for each in RULES[: RULES.index(rule)]}


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert.name)
def test_every_metric_in_a_text_is_recorded(alert: Alert) -> None:
    text = f"{alert.summary} {alert.description}"
    series = set(re.findall(r"\w+:\w+:\w+", text))

    assert series <= {each.name for each in RULES if isinstance(each, Recording)}


def test_every_name_is_there_once() -> None:
    names = [rule.name for rule in RULES]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert.name)
def test_every_alert_says_what_is_wrong_where_it_is_seen_and_what_to_do(alert: Alert) -> None:
    board = re.fullmatch(r"/d/([\w-]+)(?:\?(.*))?", alert.board)

    assert board is not None
    assert set(re.findall(r"var-(\w+)=", board[2] or "")) <= VARIABLES[board[1]]
    assert f"\n### {alert.name}\n" in (ROOT / alert.runbook).read_text("utf-8")


def test_the_page_describes_no_alert_that_is_not_there() -> None:
    here = [alert.name for alert in alerts() if alert.runbook == "docs/alerts.md"]

    assert re.findall(r"^### (\w+)$", PAGE, re.MULTILINE) == here[:2] + here[-2:] + here[2:-2]


def test_rules_about_reps_lie_where_they_are_not_loaded() -> None:
    """The scrape file loads `rules/*.yml`."""
    book = rulebook(Addresses(boards="http://boards"), "a command")

    assert [path for path, text in book.items() if "sales_rep_" in text] == ["reps/reps.yml"]
    assert all("audience: manager" not in text for path, text in book.items() if path.startswith("rules/"))


def test_every_file_says_what_it_is_and_how_it_was_made() -> None:
    for text in rulebook(Addresses(boards="http://boards"), "a command").values():
        assert text.startswith("# ")
        assert "`a command`" in text.partition("groups:")[0]
