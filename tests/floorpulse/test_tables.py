import io

from rich.console import Console

from floorpulse.tables import _MONEY, tables
from kpi_state.measures.registry import ALL
from kpi_state.read.sample import Sample


def sample(
    kpi: str = "lead_win", grain: str = "rep", window: str = "month", bucket: str = "2026-01", **other: object
) -> Sample:
    given = {"key": "anna", "labels": {}, "parts": {"leads": 4, "won": 1}, "value": 0.25, **other}
    return Sample(kpi=kpi, grain=grain, window=window, bucket=bucket, **given)  # type: ignore[arg-type]


def rows(*samples: Sample, current: tuple[Sample, ...] = ()) -> list[list[str]]:
    """The cells of every row; [] for a line between the present and the past."""
    console = Console(file=io.StringIO(), width=200)
    for table in tables(samples, current):
        console.print(table)
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if line.startswith(("│", "├"))]


def test_a_sample_is_a_row_and_shares_are_percentages() -> None:
    assert rows(sample(labels={"basis": "cohort"})) == [
        ["anna", "month", "2026-01", "basis=cohort", "25.0%", "leads=4 won=1"]
    ]


def test_the_windows_of_now_come_first() -> None:
    past, now = sample(bucket="2025-12"), sample(bucket="2026-01")
    assert [row[2:3] for row in rows(past, now, current=(now,))] == [["2026-01"], [], ["2025-12"]]


def test_values_are_written_as_people_read_them() -> None:
    values = [
        sample(value=None),
        sample(kpi="open_lead_age", value=90_061.5, parts={}),
        sample(kpi="open_lead_age", value=3_660, parts={}),
        sample(kpi="appointment_disqualification", value=60, parts={"pending": 1, "pending_age_seconds_sum": 60}),
        sample(kpi="annual_contract_value", value=1_250_000.5, parts={"contracts": 2, "annual_value_minor": 2_500_001}),
        sample(kpi="touchpoints", grain="org", key="*", value=1_234, parts={"touchpoints": 1_234}),
        sample(kpi="pipeline", value=2, parts={"deals": 2, "age_seconds_sum": 7_200}),
        sample(kpi="rep_ramp_up", grain="team", key="North", value=12.5, parts={}),
    ]
    assert [(row[0], row[4], row[5]) for row in rows(*values)] == [
        ("anna", "–", "leads=4 won=1"),
        ("anna", "1 d 1 h", ""),
        ("anna", "1 h 1 min", ""),
        ("anna", "0 h 1 min", "pending=1 pending_age_seconds_sum=60"),
        ("anna", "1,250,000.50", "contracts=2 annual_value_minor=2,500,001"),
        ("organisation", "1,234", "touchpoints=1,234"),
        ("anna", "2", "deals=2 age_seconds_sum=7,200"),
        ("team North", "12.50", ""),
    ]


def test_money_is_in_the_major_units_of_its_currency() -> None:
    contract = {"contracts": 2, "annual_value_minor": 2_500_001}
    values = [
        sample(kpi="annual_contract_value", value=1_250_000.5, parts=contract, labels={"currency": "EUR"}),
        sample(kpi="revenue_won", value=-1_999, parts={"amount_minor": -1_999}, labels={"currency": "JPY"}),
    ]
    assert [(row[4], row[5]) for row in rows(*values)] == [
        ("12,500.00 EUR", "contracts=2 annual_value=25,000.01 EUR"),
        ("-1,999 JPY", "amount=-1,999 JPY"),
    ]


def test_what_is_money_is_known() -> None:
    units = {kpi.unit for kpi in ALL if any("currency" in labels for labels in kpi.label_sets)}
    assert units == set(_MONEY)


def test_ids_are_shown_and_not_obeyed() -> None:
    (row,) = rows(sample(key="[bold]x[/bold]\x1b[31m"))
    assert row[0] == "[bold]x[/bold]\N{REPLACEMENT CHARACTER}[31m"
