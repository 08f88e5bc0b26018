from typing import Any

import pytest

from kpi_state.buckets import day
from kpi_state.links import CONTRACT, CUSTOMER, DEAL, MERGE, OPPORTUNITY
from kpi_state.money import PPM
from kpi_state.rows import Row
from tests.statements import opportunity
from tests.told import at, on, q, says, told, viewed

NAMED = [1200, "EUR", "p", "r", on("2024-01-03"), "signer"]
"""What a contract says that names the opportunity."""


def deal(*more: bytes, links: dict[str, dict[str, Any]] | None = None, **said: object) -> Row:
    usual = {
        "owner_id": "r1",
        "lead_id": "l1",
        "account_id": "a1",
        "amount_minor": 2400,
        "currency": "EUR",
        "outcome": "won",
        "closed_at": "2024-01-05",
    }
    return told("opportunity", [opportunity("x", "2024-01-04", **usual | said), *more], links)


def signed(row: Row) -> list[tuple[Any, ...]]:
    return [
        (each.bucket, each.annual_minor, each.currency, each.product, each.region, each.shares)
        for each in viewed("opportunity", row).signed
    ]


def test_a_won_opportunity_that_no_contract_names_is_a_contract_signed_at_its_close() -> None:
    row = deal(term_months=24, product="p", region="r")

    assert signed(row) == [(q("2024-01-05"), 1200, "EUR", "p", "r", [("r1", PPM)])]
    assert viewed("opportunity", row).is_deal


@pytest.mark.parametrize(
    "said",
    [
        {"amount_minor": None},
        {"currency": None},
        {"outcome": "lost"},
        {"outcome": "open"},
        {"outcome": None},
        {"deleted": True},
    ],
)
def test_without_a_win_an_amount_or_a_currency_it_is_no_contract(said: dict[str, Any]) -> None:
    assert signed(deal(**said)) == []


def test_an_amount_of_nothing_is_an_amount() -> None:
    assert [annual for _, annual, *_ in signed(deal(amount_minor=0))] == [0]


def test_a_won_opportunity_speaks_for_the_contracts_that_name_it_and_not_for_itself() -> None:
    row = deal(links={CONTRACT: {"k2": [7, "USD", "", "", None, "other"], "k1": NAMED, "k3": None}})

    assert signed(row) == [
        (q("2024-01-05"), 1200, "EUR", "p", "r", [("r1", PPM)]),
        (q("2024-01-05"), 7, "USD", "", "", [("r1", PPM)]),
    ]
    assert not viewed("opportunity", row).is_deal


def test_a_contract_without_a_value_keeps_the_opportunity_from_being_a_deal() -> None:
    row = deal(links={CONTRACT: {"k1": [None, *NAMED[1:]]}})

    assert signed(row) == []
    assert viewed("opportunity", row).named


@pytest.mark.parametrize(
    "said",
    [
        {"outcome": "open"},
        {"outcome": "lost"},
        {"outcome": None},
        {"deleted": True},
        {"deleted": True, "merged_into": "w"},
    ],
)
def test_of_one_that_is_not_won_its_contracts_count_as_naming_none(said: dict[str, Any]) -> None:
    row = deal(links={CONTRACT: {"k1": NAMED, "k2": [None, *NAMED[1:]], "k3": [5, "EUR", "", "", None, "r9"]}}, **said)

    assert signed(row) == [(day(on("2024-01-03")), 1200, "EUR", "p", "r", [("signer", PPM)])]


def test_one_that_only_contracts_name_lets_them_count_as_naming_none() -> None:
    row = told("opportunity", links={CONTRACT: {"k1": NAMED}})

    assert [bucket for bucket, *_ in signed(row)] == [day(on("2024-01-03"))]


def test_who_shares_it_shares_every_contract_of_it() -> None:
    row = deal(splits={"r2": 1, "r1": 3}, links={CONTRACT: {"k1": NAMED}})

    assert [shares for *_, shares in signed(row)] == [[("r1", 750_000), ("r2", 250_000)]]


def test_without_shares_it_counts_for_its_owner_at_the_close() -> None:
    moved = opportunity("x", "2024-01-05 18:00", owner_id="r2")

    assert [shares for *_, shares in signed(deal(moved))] == [[("r1", PPM)]]
    assert viewed("opportunity", deal(moved)).owner == "r2"


def test_it_closed_when_it_says_so_else_with_the_first_statement_of_its_last_run() -> None:
    again = [opportunity("x", f"2024-01-0{n}", outcome=outcome) for n, outcome in ((6, "lost"), (7, "won"), (8, "won"))]

    assert viewed("opportunity", deal(*again)).closed == at("2024-01-05")
    assert viewed("opportunity", deal(*again, closed_at=None)).closed == at("2024-01-07")
    assert viewed("opportunity", deal(outcome="open")).closed == 0


def test_its_lead_learns_its_outcome_and_its_account_that_it_bought() -> None:
    assert says("opportunity", deal(term_months=12)) == {
        ("lead", "l1", OPPORTUNITY): ["won", at("2024-01-05")],
        ("account", "a1", CUSTOMER): True,
        ("account", "a1", DEAL): [at("2024-01-05"), 12, 2400, "EUR", "r1"],
    }


def test_a_deal_without_an_amount_is_a_purchase_of_nothing_for_its_account() -> None:
    assert says("opportunity", deal(amount_minor=None, currency=None))["account", "a1", DEAL] == [
        at("2024-01-05"),
        None,
        0,
        "",
        "r1",
    ]


@pytest.mark.parametrize(
    "said", [{"outcome": "lost"}, {"outcome": "open"}, {"account_id": None}, {"links": {CONTRACT: {"k1": NAMED}}}]
)
def test_only_a_deal_tells_an_account_what_it_bought(said: dict[str, Any]) -> None:
    assert DEAL not in {relation for _, _, relation in says("opportunity", deal(**said))}


def test_an_open_opportunity_tells_its_lead_that_it_is_there() -> None:
    alone = deal(outcome=None, account_id=None)

    assert says("opportunity", alone) == {("lead", "l1", OPPORTUNITY): ["open", 0]}
    assert says("opportunity", deal(outcome=None, lead_id=None, account_id=None)) == {}


def test_a_merged_one_tells_its_winner_its_lead_and_its_contracts_and_nobody_else() -> None:
    row = deal(merged_into="w", links={CONTRACT: {"k1": NAMED}})

    assert says("opportunity", row) == {("opportunity", "w", MERGE): {"x": [["x"], ["l1", [["k1", NAMED]]]]}}
    assert signed(row) == []


def test_the_leads_and_contracts_of_what_was_merged_into_it_are_its_own() -> None:
    merged = {MERGE: {"y": {"y": [["y"], ["l2", [["k1", NAMED]]]], "z": [["z", "y"], [None, []]]}}}
    row = deal(links=merged)

    assert [annual for _, annual, *_ in signed(row)] == [1200]
    assert says("opportunity", row) == {
        ("lead", "l1", OPPORTUNITY): ["won", at("2024-01-05")],
        ("lead", "l2", OPPORTUNITY): ["won", at("2024-01-05")],
        ("account", "a1", CUSTOMER): True,
    }


def test_a_deleted_one_tells_nobody_not_even_its_winner() -> None:
    row = deal(deleted=True, merged_into="w")

    assert says("opportunity", row) == {}
    assert viewed("opportunity", row).winner is None
