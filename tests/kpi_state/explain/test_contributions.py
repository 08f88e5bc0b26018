from collections import Counter
from collections.abc import Iterator

import pytest

from kpi_state.buckets import add
from kpi_state.explain.contributions import Contribution, contributions, credited, measured, own, shelved
from kpi_state.explain.ledger import Ledger
from kpi_state.explain.witnesses import Who
from kpi_state.kpis import customer_lifetime_value, rep_ramp_up, rep_retention, touchpoints
from kpi_state.kpis.kpi import Kpi
from kpi_state.links import PURCHASE, TOUCH, Address
from kpi_state.measures.registry import ALL
from kpi_state.replay import Replay
from tests.reference import microseconds
from tests.soups.soups import KINDS, soup_of
from tests.statements import account, purchase
from tests.worlds import NOW, settings_of, summed


def ledger_of(replayed: Replay) -> Ledger:
    return Ledger(replayed.state, replayed.settings.definitions)


def of_all(ledger: Ledger, kpi: Kpi) -> Iterator[Contribution]:
    return contributions(ledger, kpi, ledger.entities())


def replayed_of(*lines: bytes) -> Replay:
    replayed = Replay(microseconds(NOW), settings_of())
    replayed.feed(lines)
    return replayed


@pytest.mark.parametrize("number", range(4))
def test_the_contributions_of_all_entities_are_the_tallies(number: int) -> None:
    replayed = replayed_of(*soup_of(number, tuple(KINDS), 150))
    sums: dict[object, tuple[int, ...]] = {}
    for kpi in ALL:
        if kpi.contribute:
            for contribution in of_all(ledger_of(replayed), kpi):
                add(sums, contribution.cell, contribution.amounts)

    tallies = {cell: amounts for cell, amounts in summed([replayed.state.tally]).items() if cell[1]}
    assert {cell: amounts for cell, amounts in sums.items() if any(amounts)} == tallies


def test_a_purchase_contributes_itself_through_the_shelf_of_its_account() -> None:
    replayed = replayed_of(
        account("a1", "2024-01-01", owner_id="r1"),
        purchase("p1", "2024-01-05", account_id="a1", amount_minor=5, currency="EUR", at="2024-01-05"),
    )

    found = list(of_all(ledger_of(replayed), customer_lifetime_value.KPI))

    assert Counter(each.who for each in found) == {Who("account", "a1"): 1, Who("purchase", "p1"): 1}
    (bought,) = (each for each in found if each.target)
    assert bought == Contribution(
        Who("purchase", "p1"),
        ("customer_lifetime_value", "r1", ("D", 738_890, 0), ("EUR",)),
        (0, 0, 1, 5),
        Address("account", "a1", PURCHASE),
    )


def test_what_is_observed_is_read_from_the_contributions_of_its_twin() -> None:
    assert measured(customer_lifetime_value.OBSERVED) is customer_lifetime_value.KPI
    assert measured(touchpoints.KPI) is touchpoints.KPI


def test_numbers_about_reps_have_no_contributions() -> None:
    assert measured(rep_retention.KPI) is None
    assert measured(rep_ramp_up.KPI) is None


def test_what_means_nothing_contributes_nothing() -> None:
    assert own(touchpoints.KPI, None, "call") == {}
    assert credited(None) is None


def test_a_link_that_is_gone_or_of_another_kind_contributes_nothing() -> None:
    value = [1, 738_890, 5, "EUR", "r1"]

    assert len(shelved(customer_lifetime_value.KPI, ("account", PURCHASE), value, "r1")) == 1
    assert shelved(customer_lifetime_value.KPI, ("account", PURCHASE), None, "r1") == {}
    assert shelved(customer_lifetime_value.KPI, ("slot", TOUCH), value, "r1") == {}
    assert shelved(touchpoints.KPI, ("account", PURCHASE), value, "r1") == {}
