import pytest

from kpi_state.kpis.appointment_disqualification import KPI, STEM
from tests.statements import appointment
from tests.told import gives, q, told, x


@pytest.mark.parametrize(
    ("verdict", "reason", "label", "amounts"),
    [
        ("accepted", "too small", "", (1, 0, 0)),
        ("rejected", "too small", "too small", (1, 1, 0)),
        ("rejected", None, "", (1, 1, 0)),
    ],
)
def test_a_decided_appointment_counts_for_who_set_it_when_the_verdict_fell(
    verdict: str, reason: str | None, label: str, amounts: tuple[int, int, int]
) -> None:
    said = appointment(
        "x", "2024-01-05", set_by="r1", set_at="2024-01-03", verdict=verdict, verdict_at="2024-01-04", reason=reason
    )

    assert gives(STEM, "appointment", told("appointment", [said])) == {("r1", q("2024-01-04"), (label,)): amounts}


def test_a_pending_appointment_counts_at_the_instant_it_was_set() -> None:
    row = told("appointment", [appointment("x", "2024-01-05", set_by="r1", set_at="2024-01-03", reason="too small")])

    assert gives(STEM, "appointment", row) == {("r1", x("2024-01-03"), ("",)): (0, 0, 1)}


def test_a_pending_appointment_that_was_never_set_has_no_age_and_does_not_count() -> None:
    assert gives(STEM, "appointment", told("appointment", [appointment("x", "2024-01-05", set_by="r1")])) == {}


def test_the_value_is_rejected_of_decided_and_of_the_pending_their_mean_age_in_seconds() -> None:
    assert KPI.value({"decided": 7, "rejected": 3}) == (3, 7)
    assert KPI.value({"pending": 2, "pending_age_seconds_sum": 3_000_000}) == (3_000_000, 2_000_000)
