import re
from pathlib import Path

import promql_parser
import pytest

from exporters import prometheus
from exporters.exposition import Family
from exporters.metrics import family, part_figure, value_figure
from floorpulse.alerting.rule import Addresses, Alert, Recording
from floorpulse.alerting.rulebook import alerts, groups, rulebook
from floorpulse.alerting.tuning import Tuning
from kpi_state.kpis.registry import KPIS

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "alerts.md").read_text("utf-8")
BOARDS = {
    "leaderboard",
    "team-activities",
    "pipeline",
    "performance",
    "stage-analysis",
    "state-of-the-union",
    "operations",
}
RULES = [rule for group in groups(Tuning()).values() for rule in group.rules]
NAMES = [alert.name for alert in alerts()]


def of_the_service() -> set[str]:
    found: set[str] = set()
    for value in vars(prometheus).values():
        each = list(value.values()) if isinstance(value, dict) else [value]
        found |= {one.name for one in each if isinstance(one, Family)}
    return found


def of_kpis() -> set[str]:
    """Values and parts, and what stands beside each: target, expected, attainment, pace, baseline, who works."""
    found: set[str] = set()
    for grain in ("rep", "team", "org"):
        found |= {f"sales_{grain}_working"}
        found |= {f"sales_{grain}_touchpoints_baseline_{what}" for what in ("touchpoints", "samples", "tail_ratio")}
        for kpi in KPIS:
            sets = [kpi.parts, *kpi.other_parts.values()]
            figures = [part_figure(part) for parts in sets for part in parts]
            figures += [figure for parts in sets if (figure := value_figure(kpi, parts)) is not None]
            found |= {family(kpi, grain, figure).name for figure in figures}
            stem = f"sales_{grain}_{kpi.stem}"
            unit = figures[0].suffix if kpi.unit in kpi.parts else kpi.unit
            found |= {f"{stem}_target_{unit}", f"{stem}_expected_{unit}", f"{stem}_pace_ratio"}
    return found


def asked(expression: str) -> set[str]:
    """The metrics in an expression; that it can be read at all is part of it."""
    promql_parser.parse(expression)
    return set(re.findall(r"\b((?:sales|prometheus)_\w+|\w+:\w+:\w+)", expression))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_metric_in_a_rule_exists(rule: Recording | Alert) -> None:
    recorded = {each.name for each in RULES if isinstance(each, Recording)}
    known = of_the_service() | of_kpis() | recorded | {"prometheus_rule_evaluation_failures_total"}

    assert asked(rule.expr) - known == set()


def test_a_metric_that_does_not_exist_is_noticed() -> None:
    assert asked("sales_team_nothing < 1") - of_kpis() == {"sales_team_nothing"}


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
    board = re.match(r"/d/floorpulse-([\w-]+)", alert.board)

    assert board is not None
    assert board[1] in BOARDS
    assert f"\n### {alert.name}\n" in PAGE


def test_the_page_describes_no_alert_that_is_not_there() -> None:
    assert re.findall(r"^### (\w+)$", PAGE, re.MULTILINE) == NAMES[:2] + NAMES[-2:] + NAMES[2:-2]


def test_rules_about_reps_lie_where_they_are_not_loaded() -> None:
    """The scrape file loads `rules/*.yml`."""
    book = rulebook(Addresses(boards="http://boards"), "a command")

    assert [path for path, text in book.items() if "sales_rep_" in text] == ["reps/reps.yml"]
    assert all("audience: manager" not in text for path, text in book.items() if path.startswith("rules/"))


def test_every_file_says_what_it_is_and_how_it_was_made() -> None:
    for text in rulebook(Addresses(boards="http://boards"), "a command").values():
        assert text.startswith("# ")
        assert "`a command`" in text.partition("groups:")[0]
