"""The KPI that CONTRIBUTING.md adds is added to a copy, so that the page stays true."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
RUNS_ITS_EXAMPLE = """
import json
from datetime import datetime
from kpi_state.definitions import ReadSettings
from kpi_state.kpis.registry import by_stem
from kpi_state.replay import replay

example = by_stem("refunds").example
events = [{"specversion": "1.0", "source": "test", "id": str(number)} | json.loads(event)
          for number, event in enumerate(example.events)]
as_of = int(datetime.fromisoformat(example.as_of).timestamp()) * 1_000_000
done = replay([json.dumps(event).encode() for event in events], as_of, ReadSettings())
wanted = dict(example.sample)
found = [sample for sample in done.reader().samples(as_of) if sample.kpi == "refunds"]
assert [s for s in found if {name: getattr(s, name) for name in wanted} == wanted], found
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    unit, test = re.findall(r"^```python\n(.*?)^```", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL | re.MULTILINE)
    shutil.copytree(ROOT / "kpi_state", tmp_path / "kpi_state", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "kpi_state/kpis/refunds.py").write_text(unit)
    (tmp_path / "test_refunds.py").write_text(test)
    return tmp_path


def run(copy: Path, *arguments: str) -> None:
    done = subprocess.run([sys.executable, *arguments], cwd=copy, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_test_that_the_page_shows_passes(copy: Path) -> None:
    run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_refunds.py")


def test_the_example_that_the_page_shows_comes_out_of_a_replay(copy: Path) -> None:
    run(copy, "-c", RUNS_ITS_EXAMPLE)
