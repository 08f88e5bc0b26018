import pytest

from kpi_state.definitions import Definitions
from kpi_state.links import PURCHASE
from tests.statements import purchase
from tests.told import at, on, says, told, viewed


def bought(**said: object) -> bytes:
    return purchase(
        "x",
        "2024-01-06",
        **{"account_id": "a1", "at": "2024-01-05 23:30", "amount_minor": 500, "currency": "EUR", "owner_id": "r1"}
        | said,
    )


def test_the_account_learns_when_how_much_and_by_whom() -> None:
    told_account = says("purchase", told("purchase", [bought()]))

    assert told_account == {("account", "a1", PURCHASE): [at("2024-01-05 23:30"), on("2024-01-05"), 500, "EUR", "r1"]}


def test_a_purchase_has_the_date_of_the_organisation() -> None:
    row = told("purchase", [bought()])

    assert viewed("purchase", row, definitions=Definitions(organisation_timezone="Europe/Amsterdam")).day == on(
        "2024-01-06"
    )


@pytest.mark.parametrize(
    ("said", "place", "value"),
    [
        ({"amount_minor": None}, 2, 0),
        ({"amount_minor": -7}, 2, -7),
        ({"currency": None}, 3, ""),
        ({"owner_id": None}, 4, ""),
    ],
)
def test_what_a_purchase_does_not_say_is_nothing(said: dict[str, object], place: int, value: object) -> None:
    ((_, link),) = says("purchase", told("purchase", [bought(**said)])).items()

    assert link[place] == value


@pytest.mark.parametrize("said", [{"account_id": None}, {"account_id": ""}, {"at": None}, {"deleted": True}])
def test_without_an_account_or_an_instant_it_counts_for_no_account(said: dict[str, object]) -> None:
    assert says("purchase", told("purchase", [bought(**said)])) == {}


def test_a_purchase_without_an_instant_has_no_day() -> None:
    assert viewed("purchase", told("purchase", [bought(at=None)])).day == 0


def test_a_purchase_counts_for_its_last_owner() -> None:
    said = [bought(), purchase("x", "2024-01-07", owner_id="r2")]

    assert viewed("purchase", told("purchase", said)).owner == "r2"
