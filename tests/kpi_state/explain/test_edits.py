from kpi_state.explain.edits import edits, without
from kpi_state.explain.ledger import Ledger
from kpi_state.explain.witnesses import Who
from kpi_state.links import CONTRACT, CUSTOMER, DEAL, MERGE, OPPORTUNITY, PURCHASE
from kpi_state.replay import Replay
from kpi_state.rows import Row
from tests.reference import microseconds
from tests.statements import account, contract, lead, opportunity, purchase
from tests.worlds import NOW, settings_of


def edited(who: Who, *lines: bytes) -> dict[str, Row]:
    """Reason → the row without it."""
    replayed = Replay(microseconds(NOW), settings_of())
    replayed.feed(lines)
    ledger = Ledger(replayed.state, replayed.settings.definitions)
    return {f"{each.reason}: {each.why}": each.row for each in edits(ledger, who, ledger.row(*who))}


def test_a_deal_is_looked_at_without_the_contracts_that_name_it() -> None:
    found = edited(
        Who("opportunity", "o1"),
        opportunity("o1", "2024-01-05", outcome="won"),
        contract("k2", "2024-01-05", opportunity_id="o1"),
        contract("k1", "2024-01-05", opportunity_id="o1"),
    )

    (row,) = found.values()
    assert list(found) == ["contract: contract k1, k2 counts instead"]
    assert (row.links, row.last("outcome")) == ({}, "won")


def test_a_deal_that_nothing_names_has_no_such_reason() -> None:
    assert edited(Who("opportunity", "o1"), opportunity("o1", "2024-01-05", outcome="won")) == {}


def test_an_account_is_looked_at_on_every_other_basis() -> None:
    found = edited(
        Who("account", "a1"),
        contract("k1", "2024-01-05", account_id="a1", starts_on="2024-01-05"),
        purchase("p1", "2024-01-05", account_id="a1", at="2024-01-05"),
        opportunity("o1", "2024-01-05", account_id="a1", outcome="won"),
    )

    assert {reason.split(":")[0]: (set(row.links), set(row.shelves)) for reason, row in found.items()} == {
        "purchases": ({CONTRACT, CUSTOMER, DEAL}, set()),
        "contracts": ({CUSTOMER, DEAL}, {PURCHASE}),
        "deals": ({CUSTOMER, DEAL}, set()),
    }


def test_an_account_that_bought_nothing_has_no_other_basis() -> None:
    assert edited(Who("account", "a1"), account("a1", "2024-01-05", name="x")) == {}


def test_a_closed_lead_is_looked_at_as_if_it_were_open() -> None:
    found = edited(
        Who("lead", "l1"),
        lead("l1", "2024-01-05", status="disqualified", origin="web"),
        lead("l2", "2024-01-05", merged_into="l1"),
        opportunity("o1", "2024-01-05", lead_id="l1"),
    )

    row = found["closed: disqualified at 2024-01-05T12:00:00Z"]
    assert (set(row.links) & {OPPORTUNITY, MERGE}, set(row.lines), set(row.facts)) == (set(), set(), {"origin"})


def test_an_open_or_deleted_lead_is_not_closed() -> None:
    assert edited(Who("lead", "l1"), lead("l1", "2024-01-05", status="new")) == {}
    assert edited(Who("lead", "l1"), lead("l1", "2024-01-05", outcome="won", deleted=True)) == {}


def test_every_owner_is_looked_at_as_if_there_were_no_other() -> None:
    found = edited(
        Who("lead", "l1"),
        lead("l1", "2024-01-05", owner_id="r1"),
        lead("l1", "2024-01-06", owner_id=None),
        lead("l1", "2024-01-07", owner_id="r2"),
    )

    assert {reason: [owner for _, owner in row.lines["owner_id"]] for reason, row in found.items()} == {
        "other_owner: 'r1' owned it, but not when it counts": ["r1"],
        "other_owner: 'r2' owned it, but not when it counts": ["r2"],
    }


def test_a_row_without_something_is_a_copy() -> None:
    row = Row()
    row.earliest, row.facts = 5, {"origin": ((1, "", "", ""), "web")}
    row.lines, row.links = {"status": []}, {"o": {}}

    out = without(row, "o", lines=("status",))

    assert (out.earliest, out.facts, out.lines, out.links) == (5, row.facts, {}, {})
    assert (row.lines, row.links) == ({"status": []}, {"o": {}})
