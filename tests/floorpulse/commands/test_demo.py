import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from floorpulse.commands.demo import COMMAND


def test_the_help_says_how_to_end_it() -> None:
    result = CliRunner().invoke(COMMAND, ["--help"])

    assert result.exit_code == 0
    assert "Ctrl-C ends all of it" in result.output


@pytest.mark.parametrize(
    "options", [["--speed", "0"], ["--port", "99999"], ["--seed", "x"]], ids=lambda options: options[0]
)
def test_an_impossible_option_is_refused(options: list[str]) -> None:
    assert CliRunner().invoke(COMMAND, options).exit_code == 2


def test_without_a_broker_to_run_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALF_TANSU_BIN", str(tmp_path / "nothing"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    done = subprocess.run([sys.executable, "-m", "floorpulse", "demo"], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert "CALF_TANSU_BIN" in done.stderr
    assert list(tmp_path.iterdir()) == []
