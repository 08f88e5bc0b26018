import pytest

from kpi_state.definitions import Definitions
from kpi_state.links import CONTRACT
from tests.statements import contract
from tests.told import on, says, told, viewed

USUAL = {
    "account_id": "a1",
    "value_minor": 2400,
    "currency": "EUR",
    "starts_on": "2024-01-01",
    "ends_on": "2025-12-31",
    "owner_id": "r1",
}


def signed(**said: object) -> bytes:
    return contract("x", "2023-12-20", **USUAL | said)


def test_its_account_learns_from_when_to_when_how_much_and_by_whom() -> None:
    assert says("contract", told("contract", [signed()])) == {
        ("account", "a1", CONTRACT): [on("2024-01-01"), on("2026-01-01"), 2400, "EUR", "r1"]
    }


def test_the_opportunity_that_it_names_learns_its_annual_value_and_when_and_by_whom_it_was_signed() -> None:
    row = told(
        "contract", [signed(account_id=None, opportunity_id="o1", product="p", region="r", signed_on="2023-12-28")]
    )

    assert says("contract", row) == {("opportunity", "o1", CONTRACT): [1200, "EUR", "p", "r", on("2023-12-28"), "r1"]}


@pytest.mark.parametrize(
    ("said", "annual"),
    [
        ({"term_months": 48}, 600),
        ({"term_months": 12}, 2400),
        ({"term_months": 0}, 2400),
        ({"ends_on": "2024-12-31"}, 2400),
        ({"ends_on": "2025-01-14"}, 2400),  # 12 months and 14 days
        ({"ends_on": "2025-01-15"}, 2215),  # 12 months and 15 days: 13
        ({"ends_on": None}, 2400),
        ({"starts_on": None}, 2400),
        ({"starts_on": "2026-01-02"}, 2400),  # ends before it starts
        ({"cancelled_on": "2024-02-01"}, 1200),  # what was signed is what counts
        ({"value_minor": None}, None),
        ({"currency": None}, None),
        ({"value_minor": 0}, 0),
        ({"value_minor": -2400}, -1200),
    ],
)
def test_the_annual_value_is_of_the_term_as_stated_else_of_its_whole_months(
    said: dict[str, object], annual: int | None
) -> None:
    assert viewed("contract", told("contract", [signed(**said)])).annual_minor == annual


@pytest.mark.parametrize(
    ("said", "stop"),
    [
        ({}, "2026-01-01"),
        ({"cancelled_on": "2024-06-30"}, "2024-07-01"),
        ({"cancelled_on": "2026-06-30"}, "2026-01-01"),
        ({"ends_on": None, "cancelled_on": "2024-06-30"}, "2024-07-01"),
        ({"ends_on": None}, None),
        ({"ends_on": "9999-12-31"}, "9999-12-31"),
    ],
)
def test_it_lasts_to_the_earlier_of_its_end_and_its_cancellation_inclusive(
    said: dict[str, object], stop: str | None
) -> None:
    assert viewed("contract", told("contract", [signed(**said)])).stop == (None if stop is None else on(stop))


def test_it_is_signed_when_it_says_so_else_on_its_first_day() -> None:
    assert viewed("contract", told("contract", [signed(signed_on="2023-12-01")])).signed == on("2023-12-01")
    assert viewed("contract", told("contract", [signed()])).signed == on("2024-01-01")
    assert viewed("contract", told("contract", [signed(starts_on=None)])).signed is None


OWNERS = [
    signed(owner_id="early"),
    contract("x", "2023-12-31 23:30", owner_id="late"),
    contract("x", "2024-02-01", owner_id="now"),
]


@pytest.mark.parametrize(("zone", "owner"), [("UTC", "late"), ("Europe/Amsterdam", "early")])
def test_its_owner_is_that_of_midnight_of_the_day_it_was_signed_where_the_organisation_is(
    zone: str, owner: str
) -> None:
    view = viewed("contract", told("contract", OWNERS), definitions=Definitions(organisation_timezone=zone))

    assert view.owner == owner


def test_the_owner_of_one_that_was_never_signed_is_its_last() -> None:
    row = told("contract", [*OWNERS, contract("x", "2024-03-01", starts_on=None)])

    assert viewed("contract", row).owner == "now"


@pytest.mark.parametrize("said", [{"account_id": None}, {"account_id": ""}, {"starts_on": None}])
def test_without_an_account_or_a_first_day_it_counts_for_no_account(said: dict[str, object]) -> None:
    assert says("contract", told("contract", [signed(**said)])) == {}


def test_without_a_value_it_still_tells_its_account_how_long_it_lasts() -> None:
    ((_, link),) = says("contract", told("contract", [signed(value_minor=None, currency=None)])).items()

    assert link == [on("2024-01-01"), on("2026-01-01"), None, "", "r1"]


def test_a_deleted_contract_is_none() -> None:
    row = told("contract", [signed(opportunity_id="o1", deleted=True)])

    assert viewed("contract", row) is None
    assert says("contract", row) == {}
