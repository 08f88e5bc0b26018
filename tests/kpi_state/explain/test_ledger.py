from kpi_state.explain.ledger import Ledger
from kpi_state.explain.witnesses import Who
from kpi_state.links import PURCHASE, TOUCH, Address
from kpi_state.replay import Replay
from tests.reference import microseconds
from tests.statements import account, contact, mailed, purchase, rep
from tests.worlds import NOW, settings_of


def ledger_of(*lines: bytes) -> Ledger:
    replayed = Replay(microseconds(NOW), settings_of())
    replayed.feed(lines)
    return Ledger(replayed.state, replayed.settings.definitions)


def test_entities_are_those_of_the_ledger_but_neither_shelves_nor_people() -> None:
    bought = [purchase(f"p{n}", "2024-01-05", account_id="a/1", at="2024-01-05") for n in range(40)]
    ledger = ledger_of(rep("r1"), account("a/1", "2024-01-05"), *bought)

    found = list(ledger.entities())

    assert Who("account", "a/1") in found
    assert len(found) == 41
    assert len(ledger) > 41


def test_shelves_are_flat_however_deep_they_are() -> None:
    bought = [purchase(f"p{n}", "2024-01-05", account_id="a1", at="2024-01-05") for n in range(600)]
    gone = [purchase("p7", "2024-01-06", deleted=True)]

    row = ledger_of(*bought, *gone).row("account", "a1")

    assert row.shelves[PURCHASE].summaries is None
    assert sorted(row.shelves[PURCHASE].links) == sorted(f"p{n}" for n in range(600) if n != 7)


def test_links_that_were_taken_back_are_not_there() -> None:
    ledger = ledger_of(
        contact("c1", "2024-01-01", merged_into="c2"),
        contact("c1", "2024-01-02", merged_into=None),
        contact("c3", "2024-01-01", merged_into="c2"),
    )

    assert list(ledger.row("contact", "c2").links["m"]) == ["c3"]


def test_what_nobody_knows_is_an_empty_row_that_says_nothing() -> None:
    ledger = ledger_of()
    row = ledger.row("call", "nobody")

    assert (row.facts, row.links, row.shelves) == ({}, {}, {})
    assert ledger.view("call", "nobody", row) is None
    assert ledger.spoken("call", "nobody", row) == {}


def test_what_a_row_says_is_what_others_heard() -> None:
    ledger = ledger_of(mailed("m1", "2024-01-05 10:00", contact_id="c1"))
    (slot,) = (who for who in ledger.entities() if who.kind == "slot")

    said = ledger.spoken(*slot, ledger.row(*slot))

    assert said == {Address("contact", "c1", TOUCH): [microseconds("2024-01-05T10:00:00Z"), "m1", "r1"]}
    assert ledger.row("contact", "c1").shelves[TOUCH].links[slot.subject][1] == said[Address("contact", "c1", TOUCH)]
