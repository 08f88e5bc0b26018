"""Each alert of the service by promtool: it fires when it should, is silent when all is well, and ends by itself."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from exporters.counts import LAG
from exporters.exposition import Family
from exporters.prometheus import AGE, BEHIND, NEWEST, TOPICS
from tests.brokers import ROOT

RULES = ROOT / "prometheus" / "alerts.yml"
TEXT = RULES.read_text("utf-8")
NAMES = re.findall(r"- alert: (\w+)", TEXT)


class Story(NamedTuple):
    """A series by the minute in which something is wrong from some time on and then well again."""

    series: str
    values: str
    labels: dict[str, str]
    well: str  # a moment before, in Prometheus' form
    ill: str
    again: str  # a moment when it is over


def of(family: Family, labels: str = "") -> str:
    return f'{family.name}{{job="floorpulse", instance="one:9464"{labels}}}'


ONE = {"instance": "one:9464", "job": "floorpulse"}
STORIES = {
    "FloorpulseExporterDown": Story(
        'up{job="floorpulse", instance="one:9464"}', "1x9 0x9 1x20", ONE, well="10m", ill="15m", again="25m"
    ),
    "FloorpulseStateStale": Story(of(AGE), "0.2x9 45x9 0.2x20", ONE, well="10m", ill="15m", again="25m"),
    # Event time runs with the clock for 10 minutes, stands for half an hour, and is the clock's again.
    "FloorpulseSourceStale": Story(
        of(NEWEST, ', source="/crm"'),
        "0+60x10 600x29 2400+60x30",
        {"source": "/crm"},
        well="25m",
        ill="35m",
        again="45m",
    ),
    "FloorpulseExporterBehind": Story(of(BEHIND), "3x9 5000x14 3x20", ONE, well="12m", ill="20m", again="30m"),
    "FloorpulseWorkerDown": Story(
        'up{job="floorpulse-workers", instance="one:9465"}',
        "1x9 0x14 1x30",
        {"instance": "one:9465", "job": "floorpulse-workers"},
        well="14m",
        ill="18m",
        again="30m",
    ),
    "FloorpulseWorkersBehind": Story(
        of(LAG, ', topic="crm.events", partition="3"'),
        "3x9 9000x24 3x30",
        {"topic": "crm.events"},
        well="18m",
        ill="25m",
        again="40m",
    ),
    "FloorpulseQuarantineGrows": Story(
        of(TOPICS["quarantined"], ', topic="crm.events"'),
        "4x20 5+1x5 10x40",
        {"topic": "crm.events"},
        well="19m",
        ill="25m",
        again="45m",
    ),
    "FloorpulseDataLost": Story(
        of(TOPICS["lost"], ', topic="crm.events"'),
        "0x400 1000x600",
        {"topic": "crm.events"},
        well="400m",
        ill="500m",
        again="800m",
    ),
}


def annotations(name: str) -> dict[str, str]:
    """What the file says for people, templates and all."""
    (found,) = (rule for rule in yaml.safe_load(TEXT)["groups"][0]["rules"] if rule["alert"] == name)
    said: dict[str, str] = found["annotations"]
    return said


def judged(tmp_path: Path, story: Story, expected: list[tuple[str, str, bool]]) -> subprocess.CompletedProcess[str]:
    """promtool on a story: at each moment an alert fires or not."""
    checks: list[dict[str, Any]] = [
        {
            "expr": f'count(ALERTS{{alertname="{name}", alertstate="firing"}}) or vector(0)',
            "eval_time": moment,
            "exp_samples": [{"labels": "{}", "value": int(fires)}],
        }
        for moment, name, fires in expected
    ]
    document = {
        "rule_files": [str(RULES)],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": story.series, "values": story.values}],
                "promql_expr_test": checks,
            }
        ],
    }
    path = tmp_path / "story.yml"
    path.write_text(json.dumps(document))  # YAML that every JSON is
    return subprocess.run(
        ["promtool", "test", "rules", str(path)], capture_output=True, text=True, timeout=60, check=False
    )


def test_every_alert_has_a_story() -> None:
    assert list(STORIES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_alert_says_in_words_what_is_wrong_and_where_its_remedy_stands(name: str) -> None:
    said = annotations(name)

    assert set(said) == {"summary", "description", "board", "runbook_url"}
    assert said["description"].endswith(".")
    page, _, anchor = said["runbook_url"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    assert anchor == name.lower()
    assert name in headings


@pytest.mark.promtool
@pytest.mark.parametrize("name", NAMES)
def test_an_alert_is_silent_then_fires_and_ends_by_itself(tmp_path: Path, name: str) -> None:
    story = STORIES[name]

    done = judged(tmp_path, story, [(story.well, name, False), (story.ill, name, True), (story.again, name, False)])

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.promtool
def test_a_story_told_wrong_is_noticed(tmp_path: Path) -> None:
    story = STORIES["FloorpulseExporterDown"]

    done = judged(tmp_path, story, [(story.ill, "FloorpulseExporterDown", False)])

    assert done.returncode != 0


@pytest.mark.promtool
def test_an_exporter_that_is_not_even_asked_is_down(tmp_path: Path) -> None:
    story = Story('up{job="another"}', "1x30", {}, "", "", "")

    done = judged(tmp_path, story, [("10m", "FloorpulseExporterDown", True)])

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.promtool
def test_that_no_worker_is_left_is_noticed_and_that_there_never_was_one_is_not(tmp_path: Path) -> None:
    name, gone = "FloorpulseWorkerDown", 'up{job="floorpulse-workers", instance="one:9465"}'
    last = Story(gone, "1x30 _x200", {}, "", "", "")
    never = Story('up{job="floorpulse"}', "1x200", {}, "", "", "")

    first = judged(tmp_path, last, [("34m", name, False), ("45m", name, True), ("150m", name, False)])
    second = judged(tmp_path, never, [("45m", name, False)])

    assert (first.returncode, second.returncode) == (0, 0), first.stdout + first.stderr + second.stdout + second.stderr


@pytest.mark.promtool
@pytest.mark.parametrize(
    ("name", "counter", "ill", "again"),
    [
        ("FloorpulseQuarantineGrows", "quarantined", "35m", "50m"),
        ("FloorpulseDataLost", "lost", "60m", "400m"),
    ],
)
def test_a_counter_that_begins_above_zero_is_noticed(
    tmp_path: Path, name: str, counter: str, ill: str, again: str
) -> None:
    """The first record of a topic may be the one that is lost."""
    story = Story(of(TOPICS[counter], ', topic="crm.events"'), "_x30 7x500", {}, "", "", "")

    done = judged(tmp_path, story, [("29m", name, False), (ill, name, True), (again, name, False)])

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.promtool
@pytest.mark.parametrize("name", ["FloorpulseQuarantineGrows", "FloorpulseDataLost"])
def test_what_happened_while_no_exporter_answered_is_noticed_and_the_gap_itself_is_not(
    tmp_path: Path, name: str
) -> None:
    counter = of(TOPICS["lost" if name == "FloorpulseDataLost" else "quarantined"], ', topic="crm.events"')
    moved = Story(counter, "2x400 _x500 9x100", {}, "", "", "")
    same = Story(counter, "2x400 _x500 2x100", {}, "", "", "")

    first = judged(tmp_path, moved, [("905m", name, True)])
    second = judged(tmp_path, same, [("905m", name, False)])

    assert (first.returncode, second.returncode) == (0, 0), first.stdout + first.stderr + second.stdout + second.stderr


@pytest.mark.promtool
@pytest.mark.parametrize("name", NAMES)
def test_what_an_alert_says_of_what_it_found_can_be_read(tmp_path: Path, name: str) -> None:
    """The texts are templates: promtool fills them in and shows what came out."""
    story = STORIES[name]
    nothing_expected = {
        "rule_files": [str(RULES)],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": story.series, "values": story.values}],
                "alert_rule_test": [{"eval_time": story.ill, "alertname": name, "exp_alerts": []}],
            }
        ],
    }
    path = tmp_path / "said.yml"
    path.write_text(json.dumps(nothing_expected))

    done = subprocess.run(
        ["promtool", "test", "rules", str(path)], capture_output=True, text=True, timeout=60, check=False
    )

    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert all(f'{key}="{value}"' in said.replace("\\", "") for key, value in story.labels.items()), said
    assert annotations(name)["description"].rpartition("}}")[2] in said
    assert "error expanding" not in said


@pytest.mark.promtool
@pytest.mark.parametrize("name", ["prometheus.yml", "compose.yml"])
def test_the_scrape_files_load_the_alerts(name: str) -> None:
    path = ROOT / "prometheus" / name

    done = subprocess.run(
        ["promtool", "check", "config", str(path)], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(NAMES)} rules found" in done.stdout + done.stderr


def test_the_scrape_file_of_compose_differs_in_addresses_alone() -> None:
    plain, compose = (
        yaml.safe_load((ROOT / "prometheus" / name).read_text()) for name in ("prometheus.yml", "compose.yml")
    )
    addresses: dict[str, list[list[str]]] = {}
    for document in (plain, compose):
        for each in (*document["scrape_configs"], *document["alerting"]["alertmanagers"]):
            (found,) = each.pop("static_configs", None) or each.pop("dns_sd_configs")
            targets = found.get("targets") or [f"{name}:{found['port']}" for name in found["names"]]
            addresses.setdefault(each.get("job_name", "alertmanager"), []).append(targets)

    assert plain == compose
    exporter = [["127.0.0.1:9464"], ["exporter:9464"]]
    assert addresses == {
        "floorpulse": exporter,
        "floorpulse-reps": exporter,
        "floorpulse-process": exporter,
        "floorpulse-workers": [["127.0.0.1:9465", "127.0.0.1:9466"], ["worker-1:9465", "worker-2:9465"]],
        "prometheus": [["127.0.0.1:9090"]] * 2,
        "alertmanager": [["127.0.0.1:9093"], ["alertmanager:9093"]],
    }
