import json
import random
from pathlib import Path

import pytest

from floorpulse.cli import run
from floorpulse.settings import Settings
from kpi_state.kpis.registry import BY_STEM as BOOK
from kpi_state.replay import replay
from tests.statements import rep, spoke

EXAMPLES = Path(__file__).parents[3] / "docs/examples/events.jsonl"
AS_OF = "2026-02-14T15:00:00Z"
AS_OF_US = 1_771_081_200_000_000


def printed(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> bytes:
    assert run(["replay", *arguments, "--as-of", AS_OF]) == 0
    out, err = capfdbinary.readouterr()
    assert err == b""
    return out


def test_the_document_is_that_of_the_core(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    lines = EXAMPLES.read_bytes().splitlines()
    assert printed(capfdbinary, str(EXAMPLES)) == replay(lines, AS_OF_US, Settings()).document()


def test_any_order_and_repetition_prints_the_same_samples(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    lines = EXAMPLES.read_bytes().splitlines() * 2
    random.Random(1).shuffle(lines)
    (tmp_path / "a").write_bytes(b"\n".join(lines[:9]))
    (tmp_path / "b").write_bytes(b"\n\n".join(lines[9:]))
    once = json.loads(printed(capfdbinary, str(EXAMPLES)))
    twice = json.loads(printed(capfdbinary, str(tmp_path / "a"), str(tmp_path / "b")))
    assert twice["samples"] == once["samples"] != []
    assert (once["input"]["read"], twice["input"]["read"]) == (13, 26)


def test_later_events_and_bad_ones_are_counted(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "a").write_bytes(EXAMPLES.read_bytes() + b"{}\nnonsense\n")
    assert run(["replay", str(tmp_path / "a"), "--as-of", "2026-01-07T10:00:00+00:00"]) == 0
    assert json.loads(capfdbinary.readouterr().out)["input"] == {"read": 15, "after_as_of": 8, "quarantined": 2}


def test_settings_count(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    usual = printed(capfdbinary, str(EXAMPLES))
    assert b"FY2026-Q1" in usual
    assert b"FY2026-Q1" not in printed(capfdbinary, str(EXAMPLES), "--set", "calendar.fiscal_year_start_month=4")


def test_the_prometheus_page_is_the_exporters(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    page = printed(capfdbinary, str(EXAMPLES), "--format", "prometheus").decode()
    assert "\n# TYPE sales_org_lead_win_ratio gauge\n" in page
    assert '\nsales_org_lead_win_ratio{window="fiscal_quarter",basis="cohort"} 1\n' in page
    assert "\nsales_exporter_clock_timestamp_seconds 1771081200" in page


def test_the_table_says_what_was_read_and_shows_every_sample(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    samples = json.loads(printed(capfdbinary, str(EXAMPLES)))["samples"]
    table = printed(capfdbinary, str(EXAMPLES), "--format", "table").decode()
    assert table.startswith("As of 2026-02-14T15:00:00Z: 13 events read, 0 of them later, 0 quarantined.\n")
    assert len([line for line in table.splitlines() if line.startswith("│") and line[1:9].strip()]) == len(samples)


def test_supporting_measures_are_printed_when_asked_and_the_kpis_stay_what_they_are(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    usual = json.loads(printed(capfdbinary, str(EXAMPLES)))["samples"]
    asked = json.loads(printed(capfdbinary, str(EXAMPLES), "--supporting"))["samples"]
    table = printed(capfdbinary, str(EXAMPLES), "--supporting", "--format", "table").decode()
    page = printed(capfdbinary, str(EXAMPLES), "--format", "prometheus").decode()

    assert [sample for sample in asked if sample["kpi"] in BOOK] == usual
    assert {sample["kpi"] for sample in asked} - BOOK.keys() >= {"deals_won", "outbound_calls", "speed_to_lead_p90"}
    assert "Outbound calls · outbound_calls · calls" in table
    assert "\n# HELP sales_org_deals_won_deals Deals won. " in page


@pytest.mark.parametrize(("counted", "flags"), [(True, []), (False, ["--set", "definitions.distinct_numbers=false"])])
@pytest.mark.parametrize("form", ["json", "table", "prometheus"])
def test_numbers_that_nobody_counts_are_absent_and_not_zero(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], form: str, flags: list[str], *, counted: bool
) -> None:
    call = spoke("c1", "2026-02-14 14:00", phone="+31201234567")
    (tmp_path / "a").write_bytes(b"\n".join([rep("r1"), call]))

    text = printed(capfdbinary, str(tmp_path / "a"), "--format", form, "--supporting", *flags)

    said = {"json": b'"numbers": ', "table": b" numbers=", "prometheus": b"sales_org_outbound_calls_numbers{"}[form]
    assert b"outbound_calls" in text
    assert (said in text) is counted
