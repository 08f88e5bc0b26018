from kpi_state.apply import State
from kpi_state.explain.what_if import Overlay, what_if
from kpi_state.explain.witnesses import Who
from kpi_state.replay import Replay
from tests.reference import microseconds
from tests.statements import contact, lead, mailed, spoke
from tests.worlds import NOW, settings_of

AS_OF = microseconds(NOW)


def state_of(*lines: bytes) -> State:
    replayed = Replay(AS_OF, settings_of())
    replayed.feed(lines)
    return replayed.state


def copied(state: State) -> State:
    return State(dict(state.ledger), dict(state.tally), dict(state.roster))


def test_what_an_undeleted_lead_would_add_is_told_and_nothing_is_changed() -> None:
    state = state_of(lead("l1", "2024-01-05", created_at="2024-01-05", owner_id="r1", deleted=True))
    before = copied(state)

    deltas = what_if(state, settings_of().definitions, Who("lead", "l1"), {"deleted": False}, AS_OF + 1)

    assert {cell[0] for cell in deltas} == {
        "leads_created",
        "lead_win",
        "lead_conversion",
        "lead_source",
        "open_lead_age",
        "speed_to_lead",
    }
    assert state == before


def test_what_an_unmerged_contact_would_take_along_is_subtracted_where_it_was() -> None:
    state = state_of(
        contact("c1", "2024-01-01", merged_into="c2"),
        mailed("m1", "2024-01-05 10:00", contact_id="c1"),
        mailed("m2", "2024-01-06 10:00", contact_id="c2"),
    )
    before = copied(state)

    deltas = what_if(state, settings_of().definitions, Who("contact", "c1"), {"merged_into": None}, AS_OF + 1)

    assert {amounts for cell, amounts in deltas.items() if cell[0] == "contact_to_lead"} == {(1, 0)}
    assert state == before


def test_a_cell_that_would_be_empty_is_taken_back() -> None:
    state = state_of(spoke("k1", "2024-01-05 10:00"))

    deltas = what_if(state, settings_of().definitions, Who("call", "k1"), {"deleted": True}, AS_OF + 1)

    assert {cell[0]: amounts for cell, amounts in deltas.items()} == {
        "touchpoints": (-1, -1, -60_000_000),
        "outbound_calls": (-1, 0, 0, 0),
    }
    assert state_of(spoke("k1", "2024-01-05 10:00")).tally == state.tally


def test_shelves_are_read_through() -> None:
    lines = [mailed(f"m{n}", f"2024-01-05 10:{n // 2:02d}", contact_id="c1") for n in range(80)]
    state = state_of(*lines)
    before = copied(state)

    deltas = what_if(state, settings_of().definitions, Who("activity", "m3"), {"deleted": True}, AS_OF + 1)

    assert set(deltas.values()) == {(0, -1, 0)}
    assert state == before


def test_rows_written_over_others_hide_them() -> None:
    over = Overlay({b"a": b"1", b"b": b"2"})
    over[b"a"] = b"9"
    del over[b"b"]

    assert (over.get(b"a"), over[b"a"], over[b"b"], over.get(b"c"), over.get(b"c", b"0")) == (
        b"9",
        b"9",
        b"2",
        None,
        b"0",
    )
