import gzip
import io
import json
import sys
import time
from pathlib import Path

import pytest

from floorpulse.cli import run
from floorpulse.settings import Settings
from kpi_state.read.document import instant_text
from kpi_state.replay import replay
from tests.statements import lead, rep

EXAMPLES = Path(__file__).parents[3] / "docs/examples/events.jsonl"
AS_OF = "2026-02-14T15:00:00Z"
AS_OF_US = 1_771_081_200_000_000
WON = ("--kpi", "lead_win", "--key", "*", "--window", "month", "--bucket", "2026-01", "--label", "basis=cohort")


def printed(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["explain", *arguments, "--as-of", AS_OF]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    return out


def refused(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["explain", *arguments]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Sixty leads of one rep."""
    path = tmp_path / "many.jsonl"
    made = [lead(f"l{n:02d}", "2026-01-05", created_at="2026-01-05", owner_id="r1") for n in range(60)]
    path.write_bytes(b"\n".join([rep("r1"), *made]))
    return path


MANY = ("--kpi", "leads_created", "--key", "r1", "--window", "month", "--bucket", "2026-01")


def test_a_number_is_explained_in_a_pipe_line_by_line(capfd: pytest.CaptureFixture[str]) -> None:
    at = f"2026-01-20T16:30:00.25Z /crm l-1 {EXAMPLES}:3"

    assert printed(capfd, str(EXAMPLES), *WON).splitlines() == [
        "lead_win · the organisation · month 2026-01 · basis = cohort",
        "value 1: leads = 1, won = 1",
        "As of 2026-02-14T15:00:00Z: 13 events read, 0 of them later, 0 quarantined.",
        "",
        "1 contribution makes it up",
        "  lead lead-12  leads = 1, won = 1  for rep-anna",
        f"    created_at = 2026-01-06T10:15:00Z  {at}",
        f"    outcome = won  {at}",
        f"    owner_id = rep-anna  {at}",
    ]


def test_the_json_is_the_sample_of_replay_and_what_it_is_made_of(capfd: pytest.CaptureFixture[str]) -> None:
    document = json.loads(printed(capfd, str(EXAMPLES), *WON, "--json"))

    samples = json.loads(replay(EXAMPLES.read_bytes().splitlines(), AS_OF_US, Settings()).document())["samples"]
    assert document["sample"] in samples
    assert document["as_of"] == AS_OF
    assert [line["parts"] for line in document["entities"]] == [document["sample"]["parts"]]


def test_standard_input_can_be_explained_though_it_is_read_once(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(EXAMPLES.read_bytes()))))

    assert "/crm l-1 -:3" in printed(capfd, "-", *WON)


def test_several_files_are_one_input(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = EXAMPLES.read_bytes().splitlines(keepends=True)
    (tmp_path / "a").write_bytes(b"".join(lines[:2]))
    (tmp_path / "b").write_bytes(gzip.compress(b"".join(lines[2:])))

    assert f"/crm l-1 {tmp_path}/b:1" in printed(capfd, str(tmp_path / "a"), str(tmp_path / "b"), *WON)


def test_lists_are_cut_in_the_text_unless_all_is_asked_for_and_never_in_json(
    capfd: pytest.CaptureFixture[str], many: Path
) -> None:
    text, complete = printed(capfd, str(many), *MANY), printed(capfd, str(many), *MANY, "--all")
    document = json.loads(printed(capfd, str(many), *MANY, "--json"))

    assert "  … and 10 more: --all shows them\n" in text
    assert (text.count("created_at ="), complete.count("created_at =")) == (50, 60)
    assert [bool(line["decided_by"]) for line in document["entities"]] == [True] * 60


def test_without_a_time_it_is_now(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: AS_OF_US * 1_000)

    assert run(["explain", str(EXAMPLES), *WON, "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["as_of"] == instant_text(AS_OF_US)


def test_settings_count(capfd: pytest.CaptureFixture[str]) -> None:
    asked = ("--kpi", "leads_created", "--key", "*", "--window", "fiscal_quarter", "--bucket", "FY2026-Q4")
    shifted = printed(capfd, str(EXAMPLES), *asked, "--set", "calendar.fiscal_year_start_month=4").splitlines()

    assert shifted[0] == "leads_created · the organisation · fiscal_quarter FY2026-Q4"


def test_what_cannot_be_answered_is_one_line_with_the_remedy(capfd: pytest.CaptureFixture[str]) -> None:
    window = ("--window", "month", "--bucket", "2026-01", "--as-of", AS_OF)

    assert refused(capfd, str(EXAMPLES), "--kpi", "lead_wins", "--key", "*", *window) == (
        "--kpi: there is no KPI 'lead_wins'; did you mean lead_win or lead_source?\n"
    )
    assert refused(capfd, str(EXAMPLES), "--kpi", "lead_win", "--key", "*", *window) == (
        "--label: more than one sample has these; say --label basis=closed | --label basis=cohort\n"
    )
    assert "expected NAME=VALUE, such as currency=EUR" in refused(
        capfd, str(EXAMPLES), "--kpi", "lead_win", "--key", "*", *window, "--label", "cohort"
    )
    assert "nowhere.jsonl" in refused(capfd, "nowhere.jsonl", *WON)
    assert "Missing option '--kpi'" in refused(capfd, str(EXAMPLES))


def test_a_grain_tells_a_team_from_a_rep_of_its_name(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(
        b"\n".join([rep("north", team="north"), lead("l1", "2026-01-05", created_at="2026-01-05", owner_id="north")])
    )
    asked = (str(path), "--kpi", "leads_created", "--key", "north", "--window", "month", "--bucket", "2026-01")

    assert "say --grain rep or --grain team" in refused(capfd, *asked, "--as-of", AS_OF)
    assert "leads_created · team north" in printed(capfd, *asked, "--grain", "team")


def test_a_terminal_gets_tables_and_a_progress_bar(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "150")
    assert run(["explain", str(EXAMPLES), *WON, "--as-of", AS_OF]) == 0

    out, err = capfd.readouterr()
    assert "│ lead lead-12" in out
    assert "reading" in err
    assert "finding what was left out" in err


def test_help_says_what_to_give(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "--help"]) == 0
    out = capfd.readouterr().out
    for option in (
        "--kpi",
        "--key",
        "--window",
        "--bucket",
        "--grain",
        "--label",
        "--as-of",
        "--json",
        "--all",
        "--config",
    ):
        assert option in out
