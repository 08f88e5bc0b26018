from pathlib import Path

import pytest

from floorpulse.cli import run
from scripts.alerting import EXAMPLE
from tests.brokers import ROOT


def test_the_files_of_alerts_are_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["alerting", str(tmp_path), "--config", str(EXAMPLE)]

    assert run(command) == 0
    first = capsys.readouterr()
    assert run(command) == 0
    second = capsys.readouterr()

    assert sorted(first.out.splitlines()) == sorted(str(path) for path in tmp_path.rglob("*.*"))
    assert (first.err, second.out) == ("", "")


def test_links_sources_and_addresses_are_those_of_the_settings(tmp_path: Path) -> None:
    assert run(["alerting", str(tmp_path), "--config", str(EXAMPLE)]) == 0

    teams = (tmp_path / "prometheus/rules/teams.yml").read_text()
    assert "https://boards.example.com/d/floorpulse-team-activities" in teams
    assert "https://docs.example.com/floorpulse/docs/alerts.md#teambehindpace" in teams
    assert 'source!~"/old-crm"' in (tmp_path / "prometheus/rules/freshness.yml").read_text().replace("\\\\", "")
    assert "anna@example.com" in (tmp_path / "alertmanager/alertmanager.yml").read_text()


def test_the_files_in_the_repository_are_those_of_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "floor.toml").touch()
    assert run(["alerting", str(tmp_path), "--config", str(tmp_path / "floor.toml")]) == 0

    for path in ("prometheus/rules/teams.yml", "prometheus/reps/reps.yml", "alertmanager/alertmanager.yml"):
        made = (tmp_path / path).read_text().replace("`floorpulse alerting`", "`python -m scripts.generate`")
        assert made == (ROOT / path).read_text()


def test_a_team_without_a_manager_who_reads_mail_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["alerting", str(tmp_path), "--set", "teams.North.timezone=Europe/Amsterdam"]) == 0

    assert capsys.readouterr().err == "[teams.North]: no manager_email, so no manager hears of it by mail\n"


def test_an_address_without_a_way_to_get_there_is_a_line_and_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["alerting", str(tmp_path), "--set", "alerts.ops_email=a@example.com"]) == 2

    assert capsys.readouterr() == (
        "",
        "[alerts] e-mail addresses are given, so smtp_smarthost and smtp_from are needed\n",
    )
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_cannot_be_written_is_a_line_and_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "prometheus").write_text("a file")

    assert run(["alerting", str(tmp_path)]) == 2
    assert "name another directory" in capsys.readouterr().err


@pytest.mark.parametrize(
    "setting",
    ["webhook_url=https://user:secret@host/", "webhook_url=ftp://host", "ops_email=nobody", "ops_slack_channel=sales"],
)
def test_a_wrong_setting_is_a_line_and_code_2(setting: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["alerting", str(tmp_path), "--set", f"alerts.{setting}"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
