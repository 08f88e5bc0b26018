import re
from pathlib import Path

import pytest

from tests.floorpulse.demo.test_session import demo, programs_of


@pytest.mark.embedded
def test_a_demo_shows_its_first_numbers(tmp_path: Path) -> None:
    with demo(tmp_path, "--exit-after-first-numbers") as process:
        output, errors = process.communicate()

    assert (process.returncode, errors) == (0, "")
    lines = output.splitlines()
    board = next(number for number, line in enumerate(lines) if line.startswith("floorpulse demo"))
    assert "08:4" in lines[board]  # a quarter to nine, or the newest event just before it
    teams = re.findall(r"^  team +\d+ (\w+) +(\d+) touchpoints?, (\d+) due now", output, re.MULTILINE)
    assert {team for team, _, _ in teams} == {"North", "Baltic", "Centre", "Coast"}
    assert sum(int(touchpoints) for _, touchpoints, _ in teams) > 10
    assert sum(int(due) for _, _, due in teams) > 10
    assert re.search(r"^Open http://127\.0\.0\.1:\d+/wall in a browser\.", output, re.MULTILINE)
    addresses = re.findall(r"^  (\S+): http://127", output, re.MULTILINE)
    assert addresses == ["wall", "metrics", "JSON"]
    assert re.search(r"^  metrics: http://127\.0\.0\.1:\d+/metrics$", output, re.MULTILINE)
    sent, flawed, quarantined = re.findall(r"sent ([\d,]+), .* and (\d+) broken; (\d+) in quarantine", output)[0]
    assert int(sent.replace(",", "")) > 20_000
    assert flawed == quarantined
    assert programs_of(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.embedded
def test_another_demo_can_run_beside_the_first(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with (
        demo(tmp_path / "one", "--exit-after-first-numbers") as one,
        demo(tmp_path / "two", "--exit-after-first-numbers", "--seed", "2") as two,
    ):
        said = [process.communicate() for process in (one, two)]

    assert [process.returncode for process in (one, two)] == [0, 0], said
    assert all("team  1" in output for output, _ in said)
