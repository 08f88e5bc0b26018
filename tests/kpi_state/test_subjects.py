from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_state.refusal import ContractError
from kpi_state.subjects import TargetSubject, parse_target_subject

FIRST = date(2026, 1, 1).toordinal()


@pytest.mark.parametrize(
    ("subject", "meaning"),
    [
        ("touchpoints/*/day/2026-01-01", TargetSubject("touchpoints", "org", "*", "day", FIRST)),
        ("touchpoints/team:North/day/2026-01-01", TargetSubject("touchpoints", "team", "North", "day", FIRST)),
        (
            "lead_win/rep:aircall:42/rolling_90d/2026-01-01",
            TargetSubject("lead_win", "rep", "aircall:42", "rolling_90d", FIRST),
        ),
        ("lead_win/rep:a%2Fb%25%C3%A9/month/2026-01-01", TargetSubject("lead_win", "rep", "a/b%é", "month", FIRST)),
        ("lead_win/rep:é/month/2026-01-01", TargetSubject("lead_win", "rep", "é", "month", FIRST)),
    ],
)
def test_a_target_says_what_is_expected_of_whom_and_since_when(subject: str, meaning: TargetSubject) -> None:
    assert parse_target_subject(subject) == meaning


@pytest.mark.parametrize(
    "subject",
    [
        "touchpoints",
        "touchpoints/North/day/2026-01-01",
        "touchpoints/rep:/day/2026-01-01",
        "touchpoints/rep:a/b/day/2026-01-01",
        "touchpoints/rep:a/day/2026-02-30",
        "touchpoints/rep:a/day/20260101",
        "touchpoints/rep:a/day/2026-01-01/",
        "touchpoints/rep:a/day/2026-01-01\n",
        "touchpoints/rep:a%2/day/2026-01-01",
        "touchpoints/rep:a%FF/day/2026-01-01",
        "Touch points/*/day/2026-01-01",
        "touchpoints/**/day/2026-01-01",
        "touchpoints/*/day/٢٠٢٦-01-01",
    ],
)
def test_another_subject_is_refused_with_the_form_it_should_have(subject: str) -> None:
    with pytest.raises(ContractError, match="subject: expected <kpi>/<rep:ID, team:NAME or ") as refused:
        parse_target_subject(subject)
    assert refused.value.field == "subject"


@given(st.text(min_size=1))
def test_any_id_survives_percent_encoding(rep: str) -> None:
    assert parse_target_subject(f"touchpoints/rep:{quote(rep, safe='')}/day/2026-01-01").key == rep
