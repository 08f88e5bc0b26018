"""What a KPI needed and nobody said is counted, so that a number can be trusted for what it is."""

import random

import pytest

from tests.reference import microseconds
from tests.statements import account, appointment, call, contract, lead, mailed, opportunity, purchase, rep
from tests.worlds import NOW, World, flat, readable, settings_of


def incomplete(*said: object) -> dict[tuple[str, ...], int]:
    """(kind, field, source to ask) -> how many lack it; the same for any order and any number of partitions."""
    events, _ = readable(flat(said), microseconds(NOW))
    found = []
    for partitions in (1, 2, 8):
        chance = random.Random(partitions)
        chance.shuffle(events)
        tallies = World(partitions, settings_of().definitions, chance, chaos=True).run(events).tallies()
        found.append({cell[3]: amounts[0] for cell, amounts in tallies.items() if cell[0] == "incomplete"})
    assert found[0] == found[1] == found[2]
    return found[0]


WON = {"outcome": "won", "amount_minor": 1, "currency": "EUR"}
PAPER = {"account_id": "A", "starts_on": "2024-01-01", "value_minor": 1, "currency": "EUR"}
BOUGHT = {"account_id": "A", "at": "2024-01-01", "amount_minor": 1, "currency": "EUR"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(
            lead("L", "2024-01-05", owner_id="r1"), ("lead", "created_at", "/crm"), id="a lead without created_at"
        ),
        pytest.param(lead("L", "2024-01-05"), ("lead", "created_at", ""), id="a lead of which nothing is said"),
        pytest.param(
            opportunity("O", "2024-01-05", lead_id="L", outcome="won", amount_minor=1, currency="EUR"),
            ("lead", "created_at", ""),
            id="a lead that only others name",
        ),
        pytest.param(
            appointment("a", "2024-01-05", set_by="r1"),
            ("appointment", "set_at", "/crm"),
            id="a pending appointment without set_at",
        ),
        pytest.param(
            opportunity("O", "2024-01-05", **{**WON, "currency": None}),
            ("opportunity", "currency", "/crm"),
            id="a deal without currency",
        ),
        pytest.param(
            opportunity("O", "2024-01-05", **{**WON, "amount_minor": None}),
            ("opportunity", "amount_minor", "/crm"),
            id="a deal without amount",
        ),
        pytest.param(
            contract("K", "2024-01-05", **{**PAPER, "starts_on": None}),
            ("contract", "starts_on", "/crm"),
            id="no starts_on",
        ),
        pytest.param(
            contract("K", "2024-01-05", **{**PAPER, "currency": None}),
            ("contract", "currency", "/crm"),
            id="no currency",
        ),
        pytest.param(
            purchase("P", "2024-01-05", **{**BOUGHT, "at": None}),
            ("purchase", "at", "/crm"),
            id="a purchase without at",
        ),
        pytest.param(
            purchase("P", "2024-01-05", **{**BOUGHT, "currency": None}),
            ("purchase", "currency", "/crm"),
            id="a purchase without currency",
        ),
    ],
)
def test_a_missing_field_that_a_kpi_needs_is_counted(said: bytes, expected: tuple[str, str, str]) -> None:
    assert incomplete(said) == {expected: 1}


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(lead("L", "2024-01-05", created_at="2024-01-05"), id="a lead"),
        pytest.param(appointment("a", "2024-01-05", verdict="accepted"), id="a decided appointment without set_at"),
        pytest.param(opportunity("O", "2024-01-05", amount_minor=1), id="an open deal without currency"),
        pytest.param(opportunity("O", "2024-01-05", **WON), id="a won deal"),
        pytest.param(contract("K", "2024-01-05", **PAPER), id="a contract"),
        pytest.param(purchase("P", "2024-01-05", **BOUGHT), id="a purchase"),
        pytest.param([rep("r1"), account("A", "2024-01-05"), mailed("m", "2024-01-05", contact_id="C")], id="people"),
        pytest.param(call("c", "2024-01-05", rep_id="r1", direction="outbound"), id="a leg without started_at"),
        pytest.param(
            [
                opportunity("O", "2024-01-05", **{**WON, "amount_minor": None}),
                contract("K", "2024-01-05", opportunity_id="O", **PAPER),
            ],
            id="a deal without amount that a contract names",
        ),
        pytest.param(lead("L", "2024-01-05", deleted=True), id="a deleted lead"),
        pytest.param(
            [lead("L", "2024-01-05", merged_into="M"), lead("M", "2024-01-05", created_at="2024-01-05")],
            id="a merged lead",
        ),
    ],
)
def test_what_no_kpi_needs_is_not_counted(said: object) -> None:
    assert incomplete(said) == {}


def test_the_source_to_ask_is_the_same_whoever_was_heard_first() -> None:
    said = [lead("L", f"2024-01-{day:02}", source=f"/{day}", status="working") for day in (5, 7, 6)]

    assert incomplete(said) == {("lead", "created_at", "/7"): 1}


def test_what_was_missing_and_is_said_later_is_no_longer_counted() -> None:
    said = [lead("L", "2024-01-05"), purchase("P", "2024-01-05", **{**BOUGHT, "at": None})]

    assert incomplete(said) == {("lead", "created_at", ""): 1, ("purchase", "at", "/crm"): 1}
    assert (
        incomplete(said, lead("L", "2024-01-06", created_at="2024-01-05"), purchase("P", "2024-02-01", at="2024-01-01"))
        == {}
    )
