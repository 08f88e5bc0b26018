from pathlib import Path

import pytest

from floorpulse.cli import run
from floorpulse.options import INSTANT


def test_an_instant_is_microseconds_since_1970() -> None:
    assert INSTANT.convert("1970-01-01T01:00:00.5+01:00", None, None) == 500_000
    assert INSTANT.convert(7, None, None) == 7


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["config", "show", *arguments]) == 0
    return capsys.readouterr().out


def test_a_floor_toml_in_the_working_directory_is_used_and_another_when_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "partitions = 8\n" in shown(capsys)
    (tmp_path / "floor.toml").write_text("[kafka]\npartitions = 2")
    assert "partitions = 2  # floor.toml: [kafka] partitions\n" in shown(capsys)
    (tmp_path / "other.toml").write_text("[kafka]\npartitions = 3")
    assert "partitions = 3  # other.toml: [kafka] partitions\n" in shown(capsys, "--config", "other.toml")
    monkeypatch.setenv("FLOORPULSE_KAFKA_PARTITIONS", "4")
    assert "partitions = 4  # FLOORPULSE_KAFKA_PARTITIONS\n" in shown(capsys)
    assert "partitions = 5  # --set kafka.partitions\n" in shown(capsys, "--set", "kafka.partitions=5")


def test_a_named_file_must_be_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "check", "--config", str(tmp_path / "no.toml")]) == 2
    assert capsys.readouterr().err == f"{tmp_path}/no.toml: no such file or directory: name a file with --config\n"
