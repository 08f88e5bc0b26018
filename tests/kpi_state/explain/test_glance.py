from collections import Counter

import pytest

from kpi_state.apply import State
from kpi_state.buckets import Cell, quarter
from kpi_state.explain import glance
from kpi_state.explain.contributions import own
from kpi_state.explain.glance import Look, looks, sift
from kpi_state.explain.ledger import Ledger
from kpi_state.facts import UNASSIGNED
from kpi_state.measures.registry import BY_STEM
from kpi_state.replay import replay
from kpi_state.rows import key_of
from tests.reference import microseconds
from tests.soups.soups import KINDS, soup_of
from tests.statements import call, lead, mailed, rep, spoke
from tests.worlds import NOW, settings_of

STEMS = ("touchpoints", "outbound_calls", "leads_created", "open_lead_age", "customer_lifetime_value")


def state_of(lines: list[bytes]) -> State:
    return replay(lines, microseconds(NOW), settings_of()).state


def contributions(state: State, stem: str) -> dict[bytes, list[Cell]]:
    """Ledger key → the cells that the row contributes to by itself."""
    ledger, measure = Ledger(state, settings_of().definitions), BY_STEM[stem]
    found = {}
    for who in ledger.entities():
        if who.kind in measure.contribute:
            view = ledger.view(*who, ledger.row(*who))
            found[f"{who.kind}/{who.subject}".encode()] = list(own(measure, view, who.kind))
    return found


def seen(state: State, stem: str, cells: list[Cell]) -> set[bytes]:
    """Keys of the rows that are not passed over."""
    rows = iter(state.ledger.items())
    found = sift(rows, looks(BY_STEM[stem].contribute, cells), len(state.ledger))
    assert all(state.ledger[key_of(kind, subject)] == data for kind, subject, data in found)
    return {key_of(kind, subject) for kind, subject, _ in found}


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("names", [0, glance.NAMES])
def test_no_row_is_passed_over_that_contributes(number: int, names: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glance, "NAMES", names)
    state, checked = state_of(soup_of(number, tuple(KINDS), 200)), Counter[str]()
    for stem in STEMS:
        of = contributions(state, stem)
        every = sorted({cell for cells in of.values() for cell in cells})
        for cells in ([each] for each in every):
            assert seen(state, stem, cells) >= {key for key, given in of.items() if set(given) & set(cells)}
            checked[stem] += 1
        for cells in (every[::2], every):
            assert seen(state, stem, cells) >= {key for key, given in of.items() if set(given) & set(cells)}
    assert checked["touchpoints"] > 2


LINES = [
    rep("r1"),
    rep("r2"),
    *(spoke(f"k{n}", f"2024-01-05 1{n}:00", f"r{n % 2 + 1}", phone="+31201234567") for n in range(6)),
    mailed("m1", "2024-01-05 10:00", "r1", contact_id="c1"),
    mailed("m2", "2024-01-06 10:00", "r1", contact_id="c1"),
    call("x1", "2024-01-05 10:05", rep_id="r1", phone="+31201234567"),
]


def test_of_calls_activities_slots_and_dials_only_those_of_the_rep_and_the_hour_are_decoded() -> None:
    state = state_of(LINES)
    ten = quarter(microseconds("2024-01-05T10:00:00Z"))
    on_day = {key for key in state.ledger if key.startswith(b"dial/") and b"|2|r1" in key}
    assert len(on_day) == 1

    of_one = seen(state, "touchpoints", [("touchpoints", "r1", ten, ("call",))])
    assert {key for key in of_one if not key.startswith(b"slot/")} == {b"call/k0", b"call/x1", b"activity/m1"}
    assert len(of_one) == 5
    two: list[Cell] = [("touchpoints", who, ten, ("call",)) for who in ("r1", "r2")]
    assert seen(state, "touchpoints", two) == of_one
    dialled = seen(state, "outbound_calls", [("outbound_calls", "r1", ten, ())])
    assert dialled == {b"call/k0", b"call/x1", *on_day}


def test_of_other_kinds_those_are_decoded_in_which_a_rep_is_named_that_is_asked_about() -> None:
    state = state_of([rep("r1"), *(lead(f"l{n}", "2024-01-05", owner_id=f"rep-{n}") for n in range(3))])
    day = quarter(microseconds("2024-01-05T12:00:00Z"))

    def of(*reps: str) -> set[bytes]:
        return seen(state, "leads_created", [("leads_created", who, day, ("",)) for who in reps])

    assert of("rep-1") == {b"lead/l1"}
    assert of("rep-1", "rep-2") == {b"lead/l1", b"lead/l2"}
    assert len(of(*(f"rep-{n}" for n in range(glance.NAMES + 1)))) == 3
    assert len(of(UNASSIGNED)) == 3
    assert of() == set()


def test_what_may_contribute_through_an_account_is_never_passed_over() -> None:
    (look,) = looks(["account"], [("customer_lifetime_value", "r1", ("-", 0, 0), ("EUR",))])

    assert look.may(b"account/a1", b"")


def test_so_many_rows_are_looked_at_as_are_asked_for_and_the_next_ones_after_them() -> None:
    keys = [b"lead/l1", b"call/k1", b"~lead/l1", b"lead/l2", b"lead/l3"]
    rows = iter([(key, b"row") for key in keys])

    assert sift(rows, (Look("lead"),), 3) == [("lead", "l1", b"row")]
    assert sift(rows, (Look("lead"),), 9) == [("lead", "l2", b"row"), ("lead", "l3", b"row")]
    assert sift(rows, (Look("lead"),), 9) == []
