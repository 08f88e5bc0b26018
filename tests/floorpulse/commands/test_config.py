import tomllib
from pathlib import Path

import pytest

from floorpulse.cli import run
from floorpulse.example import example
from floorpulse.settings import Settings, load


def test_right_settings_are_said_to_be_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "floor.toml"
    path.write_text("[kafka]\npartitions = 4\nreplication = 1\n")
    assert run(["config", "check", "--config", str(path), "--set", "kafka.app_id=x"]) == 0
    assert capsys.readouterr() == (f"{path}: 3 settings given, all are right\n", "")


def test_wrong_settings_are_a_line_each_and_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "floor.toml"
    path.write_text("[kafka]\npartitions = 0\nreplications = 1\n")
    assert run(["config", "check", "--config", str(path)]) == 2
    assert capsys.readouterr() == (
        "",
        (
            f"{path}: [kafka] partitions = 0: expected a whole number from 1 to 10000\n"
            f"{path}: [kafka] replications: no such key; did you mean replication?\n"
        ),
    )


def test_the_file_for_pseudonyms_must_be_there_and_hold_something(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "key"
    given = ("privacy.rep_labels=pseudonyms", f"privacy.pseudonym_key_file={key}")
    arguments = ["config", "check", *(word for text in given for word in ("--set", text))]
    setting = f'[privacy] pseudonym_key_file = "{key}"'
    assert run(arguments) == 2
    assert capsys.readouterr().err == f"{setting}: no such file or directory\n"
    key.write_text("\n")
    assert run(arguments) == 2
    assert capsys.readouterr().err == f"{setting}: the file is empty, expected a secret\n"
    key.write_text("secret")
    assert run(arguments) == 0
    assert "secret" not in "".join(capsys.readouterr())


def test_what_is_shown_is_a_file_that_says_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = [
        "teams.North Sea.timezone=Europe/Amsterdam",
        "calendar.named.support.working_days=sat,sun",
        "calendar.holidays=NL",
        "targets.touchpoints.day=60",
        "windows.lead_win=rolling_30d",
        "kafka.allow_no_transactions=true",
    ]
    assert run(["config", "show", *(word for text in given for word in ("--set", text))]) == 0
    path = tmp_path / "floor.toml"
    path.write_text(capsys.readouterr().out)
    assert load(path, {}) == load(None, {}, given) != Settings()


def test_everything_in_force_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "show"]) == 0
    shown = tomllib.loads(capsys.readouterr().out)
    assert {(section, key) for section, keys in tomllib.loads(example()).items() for key in keys} == {
        (section, key) for section, keys in shown.items() for key in keys
    }


def test_a_password_is_masked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FLOORPULSE_REDIS_URL", "redis://:secret@host/0")
    assert run(["config", "show"]) == 0
    assert 'url = "redis://:***@host/0"  # FLOORPULSE_REDIS_URL\n' in capsys.readouterr().out


def test_the_example_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "example"]) == 0
    assert capsys.readouterr().out == example()
