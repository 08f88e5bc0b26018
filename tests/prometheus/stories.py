"""Stories for promtool: series by the minute, and when an alert fires in them."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.brokers import ROOT

FOLDER = ROOT / "prometheus"
MINUTES = 300
FILES = [*sorted((FOLDER / "rules").glob("*.yml")), FOLDER / "reps" / "reps.yml"]
Series = Mapping[str, str]
"""Series in Prometheus' form → values in promtool's form, one a minute."""

FRESH: Series = {
    'sales_exporter_clock_timestamp_seconds{instance="one:9464"}': f"0+60x{MINUTES}",
    'sales_exporter_age_seconds{instance="one:9464"}': f"0.2x{MINUTES}",
    'sales_source_newest_event_timestamp_seconds{instance="one:9464", source="/crm"}': f"0+60x{MINUTES}",
    'sales_source_newest_event_timestamp_seconds{instance="one:9464", source="/pbx"}': f"0+60x{MINUTES}",
}
"""Every source speaks every minute, and the exporter shows all of it."""


def judged(tmp_path: Path, tests: Sequence[Mapping[str, Any]], files: Sequence[Path] = FILES) -> tuple[int, str]:
    """promtool's exit code and words."""
    document = {
        "rule_files": [str(path) for path in files],
        "evaluation_interval": "1m",
        "tests": [{"interval": "1m", **each} for each in tests],
    }
    path = tmp_path / "stories.yml"
    path.write_text(json.dumps(document))  # YAML that every JSON is
    command = ["promtool", "test", "rules", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def _input(series: Series) -> list[dict[str, str]]:
    return [{"series": name, "values": values} for name, values in series.items()]


def fires(alert: str, series: Series, moments: Mapping[int, bool]) -> dict[str, Any]:
    """A test: whether an alert fires at each minute."""
    query = f'count(ALERTS{{alertname="{alert}", alertstate="firing"}}) or vector(0)'
    return {
        "input_series": _input(series),
        "promql_expr_test": [
            {"expr": query, "eval_time": f"{minute}m", "exp_samples": [{"labels": "{}", "value": int(expected)}]}
            for minute, expected in moments.items()
        ],
    }


def says(
    alert: str, series: Series, minute: int, labels: Mapping[str, str], annotations: Mapping[str, str]
) -> dict[str, Any]:
    """A test: the one alert that fires at a minute, with exactly these labels and words."""
    expected = [{"exp_labels": dict(labels), "exp_annotations": dict(annotations)}]
    return {
        "input_series": _input(series),
        "alert_rule_test": [{"eval_time": f"{minute}m", "alertname": alert, "exp_alerts": expected}],
    }
