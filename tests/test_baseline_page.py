"""The example of docs/baseline.md comes out of a replay, and what the page says in figures is so."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from kpi_state.definitions import Lookback, ReadSettings
from kpi_state.read.attainment import attainments
from kpi_state.read.poisson import at_most
from kpi_state.replay import replay

PAGE = (Path(__file__).parents[1] / "docs" / "baseline.md").read_text()
EVENTS, RESULT = (
    [json.loads(line) for line in block.splitlines()] for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
)


def test_the_example_comes_out_of_a_replay() -> None:
    lines = [
        json.dumps({"specversion": "1.0", "source": "/page", "id": f"{number:03d}", **event}).encode()
        for number, event in enumerate(EVENTS)
    ]
    said = re.findall(r"As of `(.*?)`", PAGE)
    as_of = int(datetime.fromisoformat(said[0]).timestamp()) * 1_000_000
    done = replay(lines, as_of, ReadSettings(targets={"touchpoints.day": 8}))
    assert (len(said), done.read, done.after_as_of, done.quarantined) == (1, len(lines), 0, 0)

    reader = done.reader()
    goals = reader.goals(as_of)

    assert [
        _of_anna(reader.presence(as_of), "working", "reps", "absent"),
        _of_anna(goals, "target", "expected")
        | _of_anna(attainments(goals, done.samples(current=True)), "value", "attainment", "pace"),
        _of_anna(reader.baselines(as_of), "normal", "samples", "touchpoints", "tail"),
    ] == RESULT


def _of_anna(records: Any, *names: str) -> dict[str, Any]:
    """These fields of her record, of the window `day` if it has one."""
    (found,) = (each for each in records if each.key == "anna" and getattr(each, "window", "day") == "day")
    fields = {name: getattr(found, name) for name in names}
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in fields.items()}


def test_the_chances_and_defaults_are_as_the_page_says() -> None:
    chances = re.findall(r"(\d+)\s+where (\d+) are normal (?:has\s+a chance|one) of ([\d.]+\d)", PAGE)

    assert len(chances) == 2
    for few, normal, chance in chances:
        assert round(at_most(int(few), float(normal)), len(chance) - 2) == float(chance)
    assert f"`[baseline] weeks` ({Lookback().weeks})" in PAGE
    assert f"`[baseline] min_samples` ({Lookback().min_samples})" in PAGE
