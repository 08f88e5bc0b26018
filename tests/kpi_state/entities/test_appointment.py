import pytest

from kpi_state.links import ACCEPTED
from tests.statements import appointment
from tests.told import at, says, told, viewed


@pytest.mark.parametrize("verdict", [None, "pending"])
def test_an_appointment_is_pending_until_there_is_a_verdict(verdict: str | None) -> None:
    view = viewed(
        "appointment", told("appointment", [appointment("x", "2024-01-05", verdict=verdict, verdict_at="2024-01-05")])
    )

    assert (view.verdict, view.verdict_at) == ("pending", 0)


def test_a_verdict_fell_when_it_says_so() -> None:
    said = appointment("x", "2024-01-05", verdict="rejected", verdict_at="2024-01-07")

    assert viewed("appointment", told("appointment", [said])).verdict_at == at("2024-01-07")


def test_a_verdict_that_does_not_say_when_fell_with_the_first_statement_of_its_last_run() -> None:
    said = [
        appointment("x", f"2024-01-0{n}", verdict=verdict)
        for n, verdict in enumerate(("rejected", "accepted", "rejected", "rejected"), 1)
    ]

    assert viewed("appointment", told("appointment", said)).verdict_at == at("2024-01-03")


def test_a_verdict_that_is_taken_back_leaves_the_appointment_pending() -> None:
    said = [
        appointment("x", "2024-01-05", verdict="accepted", lead_id="l1"),
        appointment("x", "2024-01-06", verdict=None),
    ]
    row = told("appointment", said)

    assert viewed("appointment", row).verdict == "pending"
    assert says("appointment", row) == {}


@pytest.mark.parametrize(("set_by", "whose"), [("r1", "r1"), (None, "unassigned"), ("", "unassigned")])
def test_it_counts_for_who_set_it(set_by: str | None, whose: str) -> None:
    assert viewed("appointment", told("appointment", [appointment("x", "2024-01-05", set_by=set_by)])).rep == whose


@pytest.mark.parametrize(
    ("verdict", "lead", "told_leads"),
    [
        ("accepted", "l1", {("lead", "l1", ACCEPTED): True}),
        ("accepted", None, {}),
        ("rejected", "l1", {}),
        ("pending", "l1", {}),
    ],
)
def test_only_an_accepted_appointment_converts_its_lead(
    verdict: str, lead: str | None, told_leads: dict[tuple[str, ...], object]
) -> None:
    assert (
        says("appointment", told("appointment", [appointment("x", "2024-01-05", verdict=verdict, lead_id=lead)]))
        == told_leads
    )


def test_a_deleted_appointment_is_none() -> None:
    row = told("appointment", [appointment("x", "2024-01-05", verdict="accepted", lead_id="l1", deleted=True)])

    assert viewed("appointment", row) is None
    assert says("appointment", row) == {}
